"""Somebody begins to act for an organisation, or stops: the only writes on memberships."""

from collections.abc import Iterable

from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from terreau.accounts import queries
from terreau.accounts.actions.refusals import NeedsSuccessor, NotOpen, Refused
from terreau.accounts.models import FUNDER_ROLES, JoinRequest, Membership, Organisation, Role, User
from terreau.core import journal, mail
from terreau.territories.models import Territory


@transaction.atomic
def join(
    user: User, organisation: Organisation, role: str, *, regions: Iterable[Territory] = (), by: User | None
) -> Membership:
    """Give this person a role in the organisation; a role held already is kept, its régions brought up to date."""
    if (role in FUNDER_ROLES) != (organisation.kind == Organisation.Kind.FUNDER):
        raise Refused(_("Ce rôle n’existe pas dans ce type d’organisation."))
    membership, created = Membership.objects.get_or_create(
        user=user, organisation=organisation, role=role, left_at=None
    )
    chosen = sorted(regions, key=lambda r: r.pk)
    if created:
        membership.regions.set(chosen)
        details = {"role": str(role), "regions": [r.code for r in chosen]}
        journal.record(organisation, "member_joined", by=by, person=user.pk, **details)
    elif chosen:
        change_regions(membership, chosen, by=by)
    _forget(user)
    return membership


@transaction.atomic
def change_regions(membership: Membership, regions: Iterable[Territory], *, by: User | None) -> None:
    """Say which régions a delegate looks after from now on."""
    before, after = set(membership.regions.all()), set(regions)
    if before == after:
        return
    membership.regions.set(after)
    codes = [sorted(r.code for r in places) for places in (before, after)]
    journal.record(membership.organisation, "regions_changed", by=by, person=membership.user_id, changed=codes)
    _forget(membership.user)


@transaction.atomic
def leave(
    membership: Membership, *, by: User | None, successor: Membership | None = None, forced: bool = False
) -> None:
    """End an access at once. The last person who can act for the organisation names a successor first.

    `forced` is for the erasure of an account, which nothing may hold back.
    """
    if not forced and queries.is_last(membership):
        if successor is None or not queries.successors(membership).filter(pk=successor.pk).exists():
            raise NeedsSuccessor(membership)
        join(successor.user, membership.organisation, membership.role, by=by)
    if not Membership.objects.filter(pk=membership.pk, left_at=None).update(left_at=timezone.now()):
        raise NotOpen(_("Cet accès a déjà pris fin."))
    membership.refresh_from_db(fields=["left_at"])
    journal.record(membership.organisation, "member_left", by=by, person=membership.user_id, role=membership.role)
    _forget(membership.user)
    if by is not None and by.pk != membership.user_id:
        _tell_the_end(membership)


@transaction.atomic
def ask_to_join(
    user: User, organisation: Organisation, role: str = Role.HOLDER, *, message: str = "", by: User
) -> JoinRequest:
    """Ask the members of an organisation that is known here; each of them gets the request by e-mail."""
    request, created = JoinRequest.objects.get_or_create(
        user=user, organisation=organisation, answered_at=None, defaults={"role": role, "message": message.strip()}
    )
    if created:
        journal.record(organisation, "join_requested", by=by, person=user.pk, role=str(role))
        for member in queries.answerers(organisation):
            _tell_the_request(request, member)
    return request


@transaction.atomic
def answer_request(request: JoinRequest, *, granted: bool, by: User) -> None:
    """Open the organisation to whoever asked, or not; they are told either way."""
    answered = JoinRequest.objects.filter(pk=request.pk, answered_at=None)
    if not answered.update(answered_at=timezone.now(), granted=granted):
        raise NotOpen(_("Cette demande a déjà reçu une réponse."))
    request.refresh_from_db(fields=["answered_at", "granted"])
    journal.record(request.organisation, "join_answered", by=by, person=request.user_id, granted=granted)
    if granted:
        join(request.user, request.organisation, request.role, by=by)
    _tell_the_answer(request)


def _forget(user: User) -> None:
    """The roles read earlier in this request are no longer the right ones."""
    user.__dict__.pop("active_memberships", None)


def _tell_the_end(membership: Membership) -> None:
    name = {"name": membership.organisation.name, "role": membership.get_role_display()}
    with translation.override(membership.user.language):
        mail.post(
            f"membership-ended:{membership.pk}",
            to=membership.user.email,
            subject=_("Votre accès à %(name)s a pris fin") % name,
            body=_(
                "Bonjour,\n\nVous ne pouvez plus agir pour %(name)s (%(role)s) : votre accès a pris fin aujourd’hui.\n"
                "Si c’est une erreur, écrivez à vos collègues.\n"
            )
            % name,
        )


def _tell_the_request(request: JoinRequest, member: User) -> None:
    values = {
        "person": str(request.user),
        "email": request.user.email,
        "name": request.organisation.name,
        "message": request.message or "–",
        "link": mail.link(reverse("member:requests")),
    }
    with translation.override(member.language):
        mail.post(
            f"join-request:{request.pk}:{member.pk}",
            to=member.email,
            subject=_("%(person)s demande à rejoindre %(name)s") % values,
            body=_(
                "Bonjour,\n\n%(person)s (%(email)s) demande à agir pour %(name)s.\n\nSon message : %(message)s\n\n"
                "Vous décidez ici : %(link)s\nSans réponse de votre part, rien ne lui est ouvert.\n"
            )
            % values,
        )


def _tell_the_answer(request: JoinRequest) -> None:
    values = {"name": request.organisation.name, "link": mail.link(reverse("home"))}
    with translation.override(request.user.language):
        granted = _("Bonjour,\n\nVotre demande est acceptée : vous pouvez agir pour %(name)s.\n\n%(link)s\n")
        refused = _("Bonjour,\n\nVotre demande d’agir pour %(name)s n’a pas été acceptée.\n")
        mail.post(
            f"join-answer:{request.pk}",
            to=request.user.email,
            subject=_("Votre demande pour %(name)s") % values,
            body=(granted if request.granted else refused) % values,
        )
