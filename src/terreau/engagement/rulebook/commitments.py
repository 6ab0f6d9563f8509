"""What each form of engagement asks before it is planned and before it is done; the longest immersion, dated."""

from calendar import monthrange
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from terreau.engagement.lifecycle import Form
from terreau.methods.giving.parameters import Dated, at


@dataclass(frozen=True)
class Ask:
    """`field`: a column of the commitment, or one of `queries.commitments.HELD`. `words`: what is missing."""

    verb: str
    field: str
    words: Any
    source: Any


USE = _("usage des structures d’insertion")
LABOUR = "Code du travail, art. L. 5135-1 à L. 5135-8"
CONTENT = "Décret n° 2023-1304 du 27 décembre 2023"
PLACE = Ask("plan", "place", _("le lieu"), USE)
WHEN = Ask("plan", "starts_at", _("la date"), USE)
UNTIL = Ask("plan", "ends_at", _("la fin"), USE)
ROOM = Ask("plan", "capacity", _("le nombre de places"), USE)
ACCESS = Ask("plan", "accessibility", _("la note d’accessibilité du lieu"), _("loi n° 2005-102, art. 41 et usage"))
BRIEFING = Ask("plan", "briefing", _("les consignes de sécurité"), "Code du travail, art. R. 4141-1 s. ; usage")
PRESENT = Ask("complete", "attendance", _("le nombre de personnes présentes"), USE)
LIST = Ask("complete", "is_list_kept", _("la liste d’émargement signée, que la structure garde"), USE)
HOURS = Ask("complete", "log", _("au moins une ligne au relevé d’heures"), USE)
RHYTHM = Ask("plan", "hours_a_month", _("le nombre d’heures par mois"), _("chartes régionales de parrainage"))
LENGTH = Ask("plan", "months", _("le nombre de mois"), _("chartes régionales de parrainage"))
ASKS: Mapping[Form, tuple[Ask, ...]] = {
    Form.MONEY: (),
    Form.GOODS: (),
    Form.SKILLS: (WHEN, HOURS),
    Form.MENTORING: (WHEN, RHYTHM, LENGTH, HOURS),
    Form.VISIT: (WHEN, UNTIL, PLACE, ROOM, ACCESS, BRIEFING, PRESENT, LIST),
    Form.AWARENESS: (WHEN, UNTIL, PLACE, ACCESS, PRESENT),
    Form.IMMERSION: (
        Ask("plan", "starts_at", _("le premier jour"), CONTENT),
        Ask("plan", "ends_at", _("le dernier jour"), CONTENT),
        Ask("plan", "place", _("le lieu"), CONTENT),
        Ask("plan", "purpose", _("l’objet, un seul des trois"), LABOUR),
        Ask("plan", "tutor", _("le nom du tuteur ou de la tutrice dans l’entreprise"), CONTENT),
        Ask("complete", "agreement", _("la convention signée des trois parties avant le premier jour"), LABOUR),
    ),
    Form.NETWORK: (WHEN,),
    Form.GOVERNANCE_SEAT: (WHEN,),
    Form.DIAGNOSIS: (WHEN,),
}
BY_DAY = frozenset({Form.SKILLS, Form.MENTORING, Form.IMMERSION, Form.GOVERNANCE_SEAT})  # a period of whole days


def of(form: str, verb: str) -> list[Ask]:
    return [ask for ask in ASKS[Form(form)] if ask.verb == verb]


def is_planned_first(form: str) -> bool:
    """Whether a date must be agreed before it may be said to be done."""
    return bool(of(form, "plan"))


PARTIES: Mapping[str, Any] = {  # who signs an immersion
    "company": _("L’entreprise d’accueil"),
    "person": _("La personne accueillie"),
    "referrer": _("Le prescripteur"),
}
IMMERSION_MONTHS: Sequence[Dated[int]] = (
    Dated(date(2014, 11, 16), 1, f"{LABOUR} ; décret n° 2014-1360 du 13 novembre 2014"),
    Dated(date(2023, 12, 30), 1, f"{LABOUR} ; {CONTENT}"),
)


def last_day(first: date) -> date:
    """The latest last day of an immersion that begins then: the day before the same day of the next month."""
    months = at(IMMERSION_MONTHS, first).value
    year, month = divmod(first.year * 12 + first.month - 1 + months, 12)
    ends = monthrange(year, month + 1)[1]
    same = date(year, month + 1, min(first.day, ends))
    return same if first.day > ends else date.fromordinal(same.toordinal() - 1)
