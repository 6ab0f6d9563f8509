"""What these actions refuse, in words that a page can show."""

from django.utils.translation import gettext as _

from terreau.accounts.models import Membership, Organisation


class Refused(ValueError):  # noqa: N818 - named after what happened
    """The action is not possible; the message says why, to the person."""


class AlreadyKnown(Refused):
    """One of the identifiers belongs to an organisation that exists: ask its members."""

    def __init__(self, organisation: Organisation) -> None:
        self.organisation = organisation
        super().__init__(_("%(name)s est déjà inscrite ici.") % {"name": organisation.name})


class NeedsSuccessor(Refused):
    """Nobody else could act for the organisation: say first who takes over."""

    def __init__(self, membership: Membership) -> None:
        self.membership = membership
        super().__init__(
            _("Vous êtes la dernière personne à pouvoir agir pour %(name)s : dites d’abord qui prend le relais.")
            % {"name": membership.organisation.name}
        )


class NotOpen(Refused):
    """An invitation taken, withdrawn or too old; a request answered already; an access ended already."""


class WrongAccount(Refused):
    """An invitation for another address than those of the account."""
