"""Organisations: enter one, ask to join one, correct it."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from terreau.accounts import actions, queries
from terreau.accounts.forms import InvitationForm, JoinForm, OrganisationForm
from terreau.accounts.models import Organisation, Role
from terreau.web.member.views import identity


def organisations(request):
    context = {
        "memberships": request.user.active_memberships,
        "requests": request.user.join_requests.filter(answered_at=None).select_related("organisation"),
    }
    return render(request, "member/organisations.html", context)


def new(request):
    if "fill" in request.POST:
        return identity.filled(request, "member/organisation_new.html")
    form = OrganisationForm(request.POST or None)
    if form.is_valid() and (closed := identity.is_closed(form.cleaned_data["siret"])):
        form.add_error("siret", closed)
    if not form.is_valid():
        return identity.page(request, "member/organisation_new.html", form)
    try:
        organisation = enter(form, request.user)
    except actions.AlreadyKnown as known:
        return already_known(request, form, known.organisation)
    messages.success(request, _("%(name)s est enregistrée.") % {"name": organisation.name})
    is_company = organisation.kind == Organisation.Kind.COMPANY
    return redirect("company:overview" if is_company else "member:organisation", organisation.pk)


@transaction.atomic
def enter(form, user):
    """The organisation and its first member, together or not at all."""
    organisation = actions.create_organisation(kind=form.kind(), by=user, **form.identity())
    actions.join(user, organisation, first_role(organisation), by=user)
    return organisation


def first_role(organisation):
    return Role.CONTACT if organisation.kind == Organisation.Kind.COMPANY else Role.HOLDER


def already_known(request, form, organisation):
    if queries.organisations(request.user).filter(pk=organisation.pk).exists():
        messages.info(request, _("Vous agissez déjà pour %(name)s.") % {"name": organisation.name})
        return redirect("member:organisation", organisation.pk)
    numbers = {name: form.cleaned_data[name] for name in ("siret", "rna", "register")}
    context = {"organisation": organisation, "identity": numbers, "form": JoinForm()}
    return render(request, "member/organisation_known.html", context)


@require_POST
def ask(request):
    """Ask to join the organisation that bears the identifier typed before: no list of organisations is shown."""
    numbers = {name: request.POST.get(name, "")[:120] for name in ("siret", "rna", "register")}
    organisation = queries.known(**numbers)
    form = JoinForm(request.POST)
    if organisation is None or not form.is_valid():
        return redirect("member:organisation-new")
    if organisation.kind == Organisation.Kind.FUNDER:
        raise PermissionDenied
    role = first_role(organisation)
    actions.ask_to_join(request.user, organisation, role, message=form.cleaned_data["message"], by=request.user)
    messages.success(request, _("Votre demande est envoyée. Vous recevrez la réponse par e-mail."))
    return redirect("member:organisations")


def organisation(request, pk):
    found = get_object_or_404(queries.visible_organisations(request.user), pk=pk)
    may_invite = request.user.has_perm("accounts.invite", found)
    context = {
        "organisation": found,
        "members": queries.members(found),
        "is_funder": found.kind == Organisation.Kind.FUNDER,
        "may_invite": may_invite,
        "may_correct": request.user.has_perm("accounts.correct_organisation", found),
        "invitations": queries.open_invitations(found) if may_invite else [],
    }
    return render(request, "member/organisation.html", context)


def correct(request, pk):
    found = get_object_or_404(queries.visible_organisations(request.user), pk=pk)
    if not request.user.has_perm("accounts.correct_organisation", found):
        raise PermissionDenied
    if "fill" in request.POST:
        return identity.filled(request, "member/organisation_correct.html", organisation=found)
    form = OrganisationForm.of(found, request.POST or None)
    if form.is_valid():
        try:
            actions.correct_organisation(found, by=request.user, **form.identity())
        except actions.AlreadyKnown as known:
            form.add_error(None, str(known))
        else:
            messages.success(request, _("Les informations sont enregistrées."))
            return redirect("member:organisation", found.pk)
    return identity.page(request, "member/organisation_correct.html", form, organisation=found)


def invite(request, pk):
    found = get_object_or_404(queries.visible_organisations(request.user), pk=pk)
    if not request.user.has_perm("accounts.invite", found):
        raise PermissionDenied
    form = InvitationForm(request.POST or None, organisation=found, by=request.user)
    if form.is_valid():
        try:
            invitation = actions.invite(found, by=request.user, **form.cleaned_data)
        except actions.Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("L’invitation part à %(email)s.") % {"email": invitation.email})
            return redirect("member:organisation", found.pk)
    return render(request, "member/invite.html", {"organisation": found, "form": form})
