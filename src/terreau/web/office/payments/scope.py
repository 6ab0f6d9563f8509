"""What exists for a person among payments: what is their funder's."""

from functools import wraps

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404

from terreau.funding.queries import payments as queries
from terreau.web.office.gate import office_only


def money_only(view):
    """The national office; a delegate may know that the page exists."""

    @office_only
    @wraps(view)
    def gated(request, *args, **kwargs):
        if not request.user.has_perm("funding.see_money"):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return gated


def funder_or_404(request):
    return get_object_or_404(queries.funders_of(request.user).order_by("pk")[:1])


def run_or_404(request, pk):
    return get_object_or_404(queries.runs(request.user), pk=pk)


def account_or_404(request, pk):
    return get_object_or_404(queries.accounts_of(request.user), pk=pk)
