"""Whose gifts and receipts: a structure that one holds; 404 for everybody else."""

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404

from terreau.engagement.models import Gift, Receipt
from terreau.engagement.queries.entitlements import held_by


def structure_of(request, pk):
    return get_object_or_404(held_by(request.user), pk=pk)


def gift_of(request, pk, gift, permission=""):
    """The structure and one gift that it received; 403 where it is not the moment."""
    structure = structure_of(request, pk)
    found = Gift.objects.filter(recipient=structure)
    found = found.select_related("donor__commune", "recipient__commune", "application", "commitment")
    gift = get_object_or_404(found, pk=gift)
    require(request, permission, gift)
    return structure, gift


def receipt_of(request, pk, receipt, permission=""):
    structure = structure_of(request, pk)
    receipt = get_object_or_404(Receipt.objects.filter(issuer=structure).select_related("gift__donor"), pk=receipt)
    require(request, permission, receipt)
    return structure, receipt


def require(request, permission, thing):
    if permission and not request.user.has_perm(f"engagement.{permission}", thing):
        raise PermissionDenied
