"""Invitations, requests to join, the end of an access, the régions of a delegate."""

from allauth.account.adapter import get_adapter
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from terreau.accounts import actions, queries
from terreau.accounts.forms import LeaveForm, RegionsForm
from terreau.accounts.models import Invitation, Membership
from terreau.projects.actions import share
from terreau.projects.models import Collaborator


@login_not_required
def invitation(request, token):
    """What the link in the e-mail opens: who invites, to do what, and how to accept."""
    found = Invitation.objects.select_related("organisation", "invited_by").filter(token=token).first()
    if found is None or not found.is_open():
        return render(request, "member/invitation_closed.html", status=410)
    if request.method == "POST" and request.user.is_authenticated:
        return take(request, found)
    if not request.user.is_authenticated:
        get_adapter().stash_verified_email(request, found.email)  # holding the link proves the address
    mine = request.user.is_authenticated and request.user.email.lower() == found.email
    return render(request, "member/invitation.html", {"invitation": found, "mine": mine})


def take(request, found):
    try:
        membership = actions.accept(found, user=request.user)
    except actions.WrongAccount as refused:
        return render(request, "member/invitation.html", {"invitation": found, "refused": str(refused)}, status=403)
    except actions.NotOpen:
        return render(request, "member/invitation_closed.html", status=410)
    messages.success(request, _("Bienvenue : vous agissez pour %(name)s.") % {"name": membership.organisation.name})
    return redirect("home")


@require_POST
def revoke(request, pk):
    found = get_object_or_404(Invitation.objects.filter(organisation__in=visible(request)), pk=pk)
    if not request.user.has_perm("accounts.revoke_invitation", found):
        raise PermissionDenied
    actions.revoke(found, by=request.user)
    messages.success(request, _("L’invitation est annulée."))
    return redirect("member:organisation", found.organisation_id)


def visible(request):
    return queries.visible_organisations(request.user).values("pk")


def membership_of(request, pk):
    found = Membership.objects.select_related("user", "organisation").filter(organisation__in=visible(request))
    return get_object_or_404(found, pk=pk, left_at=None)


def leave(request, pk):
    """End one's own access, or a colleague's; the last one says who takes over."""
    found = membership_of(request, pk)
    if not request.user.has_perm("accounts.end_membership", found):
        raise PermissionDenied
    own, files = found.user_id == request.user.pk, owned_alone(found)
    form = LeaveForm(request.POST or None, membership=found, files=len(files))
    if form.is_valid():
        hand_over(found, files, form.cleaned_data.get("successor"), by=request.user)
        messages.success(request, _("L’accès a pris fin."))
        return redirect("member:organisations") if own else redirect("member:organisation", found.organisation_id)
    stuck = queries.is_last(found) and not queries.successors(found).exists()
    context = {"membership": found, "form": form, "own": own, "stuck": stuck, "files": files}
    return render(request, "member/leave.html", context)


def owned_alone(membership):
    """The files that nobody else answers for."""
    others = Collaborator.objects.filter(role=Collaborator.Role.OWNER, membership__left_at=None)
    shared = others.exclude(membership=membership).values("application")
    mine = Collaborator.objects.filter(role=Collaborator.Role.OWNER, membership=membership)
    return [c.application for c in mine.exclude(application__in=shared).select_related("application")]


@transaction.atomic
def hand_over(membership, files, successor, *, by):
    """The successor takes the role where nobody else has it, and the files; then the access ends."""
    if successor and queries.is_last(membership):
        successor = actions.join(successor.user, membership.organisation, membership.role, by=by)
    for application in files:
        share(application, successor, Collaborator.Role.OWNER, by=by)
    actions.leave(membership, by=by)


def regions(request, pk):
    found = membership_of(request, pk)
    if not request.user.has_perm("accounts.change_regions", found):
        raise PermissionDenied
    form = RegionsForm(request.POST if request.method == "POST" else None, initial={"regions": found.regions.all()})
    if request.method == "POST" and form.is_valid():
        actions.change_regions(found, form.cleaned_data["regions"], by=request.user)
        messages.success(request, _("Les régions sont enregistrées."))
        return redirect("member:organisation", found.organisation_id)
    return render(request, "member/regions.html", {"membership": found, "form": form})


def requests(request):
    return render(request, "member/requests.html", {"requests": queries.requests_to_answer(request.user)})


@require_POST
def answer(request, pk):
    found = get_object_or_404(queries.requests_to_answer(request.user), pk=pk)
    if not request.user.has_perm("accounts.answer_request", found):
        raise PermissionDenied
    granted = request.POST.get("answer") == "yes"
    actions.answer_request(found, granted=granted, by=request.user)
    messages.success(request, _("L’accès est ouvert.") if granted else _("La demande est refusée."))
    return redirect("member:requests")
