"""A place kept for somebody: sent by e-mail, unguessable, used once, for two weeks."""

from collections.abc import Iterable
from datetime import timedelta

from allauth.account.models import EmailAddress
from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from terreau.accounts import queries
from terreau.accounts.actions.access import join
from terreau.accounts.actions.refusals import NotOpen, Refused, WrongAccount
from terreau.accounts.models import FUNDER_ROLES, Invitation, Membership, Organisation, Role, User
from terreau.core import journal, mail
from terreau.territories.models import Territory

VALIDITY = timedelta(days=14)


@transaction.atomic
def invite(
    organisation: Organisation, *, email: str, role: str, regions: Iterable[Territory] = (), by: User
) -> Invitation:
    """Keep a place for this address; an earlier open invitation to the same place stops working."""
    email = email.strip().lower()
    if (role in FUNDER_ROLES) != (organisation.kind == Organisation.Kind.FUNDER):
        raise Refused(_("Ce rôle n’existe pas dans ce type d’organisation."))
    if queries.members(organisation).filter(user__email=email, role=role).exists():
        raise Refused(_("Cette personne a déjà ce rôle."))
    for earlier in queries.open_invitations(organisation).filter(email=email, role=role):
        revoke(earlier, by=by)
    invitation = Invitation.objects.create(
        organisation=organisation, email=email, role=role, invited_by=by, expires_at=timezone.now() + VALIDITY
    )
    invitation.regions.set(regions)
    journal.record(organisation, "member_invited", by=by, invitation=invitation.pk, role=str(role))
    _send(invitation)
    return invitation


@transaction.atomic
def revoke(invitation: Invitation, *, by: User) -> None:
    """Take back a place that nobody has taken: its link stops working at once."""
    waiting = Invitation.objects.filter(pk=invitation.pk, accepted_at=None, revoked_at=None)
    if waiting.update(revoked_at=timezone.now()):
        journal.record(invitation.organisation, "invitation_revoked", by=by, invitation=invitation.pk)


@transaction.atomic
def accept(invitation: Invitation, *, user: User) -> Membership:
    """Take the place, once. Holding the link proves the address; an account with another address is refused."""
    if invitation.email not in queries.addresses(user) | {user.email.lower()}:
        raise WrongAccount(
            _("Cette invitation est pour %(email)s. Vous êtes connecté·e avec %(mine)s.")
            % {"email": invitation.email, "mine": user.email}
        )
    now = timezone.now()
    waiting = Invitation.objects.filter(pk=invitation.pk, accepted_at=None, revoked_at=None, expires_at__gt=now)
    if not waiting.update(accepted_at=now):
        raise NotOpen(_("Cette invitation n’est plus valable. Demandez-en une nouvelle à qui vous l’a envoyée."))
    EmailAddress.objects.update_or_create(
        user=user,
        email=invitation.email,
        defaults={"verified": True},
        create_defaults={
            "verified": True,
            "primary": not EmailAddress.objects.filter(user=user, primary=True).exists(),
        },
    )
    journal.record(invitation.organisation, "invitation_accepted", by=user, invitation=invitation.pk)
    return join(user, invitation.organisation, invitation.role, regions=invitation.regions.all(), by=user)


def _send(invitation: Invitation) -> None:
    """In the language of the account if there is one, in French otherwise."""
    language = User.objects.filter(email=invitation.email).values_list("language", flat=True).first()
    with translation.override(language or "fr"):
        values = {
            "person": str(invitation.invited_by),
            "name": invitation.organisation.name,
            "role": Role(invitation.role).label,
            "link": mail.link(reverse("member:invitation", args=[invitation.token])),
            "day": date_format(timezone.localtime(invitation.expires_at), "DATE_FORMAT"),
        }
        mail.post(
            f"invitation:{invitation.pk}",
            to=invitation.email,
            subject=_("%(person)s vous invite à rejoindre %(name)s") % values,
            body=_(
                "Bonjour,\n\n%(person)s vous invite à agir pour %(name)s (%(role)s).\n\n"
                "Pour accepter, suivez ce lien avant le %(day)s :\n%(link)s\n\n"
                "Ce lien est pour vous seul·e et sert une seule fois. Si vous n’attendiez rien, ne faites rien.\n"
            )
            % values,
        )
