"""Four questions about a structure and its money, each with its own facts: one answer never serves for another.

(a) may it apply to this call? the rules of the call say; (b) may it issue tax receipts? here; (c) is the grant State
aid for it? (d) do the rules of public subsidies apply? A structure admitted to a call may have no right to a receipt.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

gettext_noop = str  # marks a template for the translators


class Basis(StrEnum):
    """What a body rests its right on: nobody is entitled by default."""

    NONE = "none"
    SELF_ASSESSMENT = "self_assessment"
    RULING = "ruling"
    PUBLIC_UTILITY = "public_utility"


@dataclass(frozen=True)
class Body:
    """What a body declares of itself; None where it has not answered.

    `is_commercial`: a commercial company, be it ESUS or of the social and solidarity economy. `since`: the date of
    the ruling, or of the recognition of public utility.
    """

    has_nonprofit_main_activity: bool | None = None
    is_disinterested: bool | None = None
    is_open: bool | None = None  # serves no closed circle of persons
    is_commercial: bool = False
    basis: Basis = Basis.NONE
    since: date | None = None


@dataclass(frozen=True)
class Answer:
    """`holds` None: cannot be told yet. `codes`: the reasons, in words by `WORDS`."""

    holds: bool | None
    codes: tuple[str, ...]
    source: str

    @property
    def templates(self) -> tuple[str, ...]:
        """The reasons as French sentences, to be translated."""
        return tuple(WORDS[code] for code in self.codes)


WORDS: Mapping[str, str] = {
    "entitled": gettext_noop("La structure peut délivrer des reçus fiscaux, sur la base qu’elle a déclarée."),
    "activity-unknown": gettext_noop("Dites si l’activité principale est non lucrative."),
    "disinterested-unknown": gettext_noop("Dites si la gestion est désintéressée."),
    "open-unknown": gettext_noop("Dites si la structure sert un public ouvert."),
    "activity": gettext_noop("L’activité principale est lucrative."),
    "disinterested": gettext_noop("La gestion n’est pas désintéressée."),
    "open": gettext_noop("La structure ne sert qu’un cercle restreint de personnes."),
    "no-basis": gettext_noop("Déclarez la base : auto-évaluation, rescrit favorable ou utilité publique."),
    "no-date": gettext_noop("Indiquez la date du rescrit ou de la reconnaissance."),
    "later": gettext_noop("Le rescrit ou la reconnaissance est postérieur à cette date."),
    "commercial": gettext_noop(
        "Une société commerciale, même ESUS ou de l’économie sociale et solidaire, ne délivre pas de reçu sans rescrit "
        "favorable."
    ),
    "call-unknown": gettext_noop("Les règles de l’appel n’ont pas été vérifiées."),
    "call-admits": gettext_noop("Les règles de l’appel admettent cette structure."),
    "call-refuses": gettext_noop("Les règles de l’appel n’admettent pas cette structure."),
    "activity-economic": gettext_noop("L’argent aide une activité économique : le plafond de minimis s’applique."),
    "activity-not-economic": gettext_noop("L’argent n’aide pas une activité économique."),
    "aid-unknown": gettext_noop("Dites si l’argent aide une activité économique."),
    "funder-public": gettext_noop("Le financeur est une autorité administrative."),
    "cofunder-public": gettext_noop("Un cofinanceur public est au budget."),
    "no-public-money": gettext_noop("Aucun financeur n’est une autorité administrative."),
    "funder-unknown": gettext_noop("Dites si le financeur est une autorité administrative."),
}
CONDITIONS = (
    ("activity", "has_nonprofit_main_activity"),
    ("disinterested", "is_disinterested"),
    ("open", "is_open"),
)


def may_apply(admitted: bool | None) -> Answer:
    """(a) What the rules of the call concluded."""
    code = {None: "call-unknown", True: "call-admits", False: "call-refuses"}[admitted]
    return Answer(admitted, (code,), gettext_noop("Règlement de l’appel"))


def may_issue_receipts(body: Body, on: date) -> Answer:
    """(b) Non-lucrative main activity, disinterested management, no closed circle, and a declared basis.

    Blocked by default. A commercial company needs a favourable ruling; the basis must be there on the day asked.
    """
    source = "CGI, art. 238 bis, 1 ; LPF, art. L. 80 C"
    refused = tuple(code for code, name in CONDITIONS if getattr(body, name) is False)
    if body.is_commercial and body.basis != Basis.RULING:
        refused = (*refused, "commercial")
    if body.since is not None and body.since > on:
        refused = (*refused, "later")
    if refused:
        return Answer(holds=False, codes=refused, source=source)
    missing = tuple(f"{code}-unknown" for code, name in CONDITIONS if getattr(body, name) is None)
    if body.basis == Basis.NONE:
        missing = (*missing, "no-basis")
    if body.basis in {Basis.RULING, Basis.PUBLIC_UTILITY} and body.since is None:
        missing = (*missing, "no-date")
    if missing:
        return Answer(holds=None, codes=missing, source=source)
    return Answer(holds=True, codes=("entitled",), source=source)


def is_state_aid(aids_economic_activity: bool | None) -> Answer:
    """(c) Then the ceiling of regulation 2023/2831 holds for the single undertaking over three rolling years."""
    code = {None: "aid-unknown", True: "activity-economic", False: "activity-not-economic"}[aids_economic_activity]
    return Answer(aids_economic_activity, (code,), "Règlement (UE) 2023/2831")


def has_public_rules(funder_is_public: bool | None, has_public_cofunder: bool) -> Answer:
    """(d) Also wherever a public co-funder is in the budget, whatever the funder is."""
    source = "Loi n° 2000-321, art. 9-1, 10 et 10-1"
    if funder_is_public:
        return Answer(holds=True, codes=("funder-public",), source=source)
    if has_public_cofunder:
        return Answer(holds=True, codes=("cofunder-public",), source=source)
    code = "funder-unknown" if funder_is_public is None else "no-public-money"
    return Answer(funder_is_public, (code,), source)
