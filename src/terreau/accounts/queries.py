"""Reads about people and organisations."""

from typing import Any

from allauth.account.models import EmailAddress
from django.db.models import Q, QuerySet
from django.utils import timezone

from terreau.accounts.identifiers import compact
from terreau.accounts.models import (
    FUNDER_ROLES,
    MANAGING_ROLES,
    Invitation,
    JoinRequest,
    Membership,
    Organisation,
    Role,
    User,
)
from terreau.core.models import Entry

Kind = Organisation.Kind


def members(organisation: Organisation) -> QuerySet[Membership]:
    """Who acts for this organisation today."""
    found = organisation.memberships.filter(left_at=None).select_related("user", "organisation")
    return found.prefetch_related("regions").order_by("user__last_name", "user__first_name", "pk")


def managers(organisation: Organisation) -> QuerySet[Membership]:
    """Those of them who may invite, correct, end an access."""
    return members(organisation).filter(role__in=MANAGING_ROLES)


def organisations(user: User) -> QuerySet[Organisation]:
    """The organisations that this person acts for."""
    mine = Organisation.objects.filter(memberships__user=user, memberships__left_at=None).distinct()
    return mine.select_related("commune")


def visible_organisations(user: User) -> QuerySet[Organisation]:
    """One's own; every one for those who run the programme."""
    if user.has_role(Role.OFFICER, Role.ADMINISTRATOR) or user.is_superuser:
        return Organisation.objects.select_related("commune")
    return organisations(user)


def staffed_funders(user: User) -> QuerySet[Organisation]:
    """The funders whose staff this person looks after."""
    mine = Q(memberships__user=user, memberships__left_at=None, memberships__role__in=MANAGING_ROLES)
    return Organisation.objects.filter(mine, kind=Kind.FUNDER).distinct()


def known(*, siret: str = "", rna: str = "", register: str = "") -> Organisation | None:
    """The organisation that already bears one of these identifiers."""
    same = Q()
    if siret:
        same |= Q(siret=compact(siret))
    if rna:
        same |= Q(rna=compact(rna))
    if register:
        same |= Q(register__iexact=" ".join(register.split()))
    return Organisation.objects.filter(same).first() if same else None


def open_invitations(organisation: Organisation) -> QuerySet[Invitation]:
    waiting = Invitation.objects.filter(organisation=organisation, accepted_at=None, revoked_at=None)
    return waiting.filter(expires_at__gt=timezone.now()).select_related("invited_by").prefetch_related("regions")


def invitations_for(user: User) -> QuerySet[Invitation]:
    """The places kept for this person, at any of their confirmed addresses."""
    waiting = Invitation.objects.filter(email__in=addresses(user), accepted_at=None, revoked_at=None)
    return waiting.filter(expires_at__gt=timezone.now()).select_related("organisation", "invited_by")


def addresses(user: User) -> set[str]:
    """The addresses that are this person's beyond doubt."""
    confirmed = EmailAddress.objects.filter(user=user, verified=True).values_list("email", flat=True)
    return {address.lower() for address in confirmed}


def requests_to_answer(user: User) -> QuerySet[JoinRequest]:
    """The requests to join that wait for this person: their organisations', and for officers those with no member."""
    managed = [m.organisation_id for m in user.active_memberships if m.role in MANAGING_ROLES]
    scope = Q(organisation__in=managed)
    if user.has_role(Role.OFFICER, Role.ADMINISTRATOR) or user.is_superuser:
        staffed = Membership.objects.filter(left_at=None, role__in=MANAGING_ROLES).values("organisation")
        scope |= ~Q(organisation__in=staffed)
    return JoinRequest.objects.filter(scope, answered_at=None).select_related("user", "organisation")


def answerers(organisation: Organisation) -> QuerySet[User]:
    """Who receives a request to join: the managers, or the programme's officers where nobody is left."""
    mine = Q(memberships__organisation=organisation, memberships__role__in=MANAGING_ROLES)
    found = User.objects.filter(mine, memberships__left_at=None, is_active=True).distinct()
    if found.exists():
        return found
    officers = Q(memberships__role__in=(Role.OFFICER, Role.ADMINISTRATOR), memberships__left_at=None)
    return User.objects.filter(officers, is_active=True).distinct()


def is_last(membership: Membership) -> bool:
    """Whether nobody would be left to do what this role does: the last manager; for a funder, the last of the role."""
    if membership.role not in MANAGING_ROLES or membership.left_at is not None:
        return False
    roles = {membership.role} if membership.role in FUNDER_ROLES else MANAGING_ROLES
    others = membership.organisation.memberships.filter(left_at=None, role__in=roles, user__is_active=True)
    return not others.exclude(user=membership.user_id).exists()


def successors(membership: Membership) -> QuerySet[Membership]:
    """Colleagues who may take over, one row a person."""
    colleagues = members(membership.organisation).exclude(user=membership.user_id)
    return colleagues.filter(user__is_active=True)


def awaiting(user: User) -> dict[str, int]:
    """What waits for this person about accounts: invitations to accept, requests to answer."""
    return {"invitations": invitations_for(user).count(), "requests": requests_to_answer(user).count()}


def journal(*, verb: str = "", actor: str = "", subject: str = "") -> QuerySet[Entry]:
    """The journal, newest first, narrowed down by verb, by author's name, by type of object."""
    entries = Entry.objects.all()
    if verb:
        entries = entries.filter(verb=verb)
    if actor:
        entries = entries.filter(actor_label__icontains=actor)
    if subject:
        entries = entries.filter(subject_type=subject)
    return entries


def journal_verbs() -> list[str]:
    return list(Entry.objects.order_by("verb").values_list("verb", flat=True).distinct())


def personal_data(user: User) -> dict[str, Any]:
    """Everything that the account itself holds about a person, as plain values."""
    return {
        "person": {
            "email": user.email,
            "first_name": user.first_name,
            "last_name": user.last_name,
            "language": user.language,
            "joined_at": user.date_joined.isoformat(),
            "last_login": user.last_login and user.last_login.isoformat(),
        },
        "emails": list(EmailAddress.objects.filter(user=user).values("email", "verified", "primary")),
        "memberships": [
            {
                "organisation": m.organisation.name,
                "role": m.role,
                "regions": [r.name for r in m.regions.all()],
                "joined_at": m.joined_at.isoformat(),
                "left_at": m.left_at and m.left_at.isoformat(),
            }
            for m in user.memberships.select_related("organisation").prefetch_related("regions")
        ],
        "requests": [
            {"organisation": r.organisation.name, "message": r.message, "at": r.created_at.isoformat()}
            for r in user.join_requests.select_related("organisation")
        ],
        "journal": [
            {"at": e.at.isoformat(), "verb": e.verb, "subject": f"{e.subject_type} {e.subject_id}"}
            for e in Entry.objects.filter(actor_id=user.pk)
        ],
    }
