"""Signs that a project is in trouble before it fails: four stated rules, each shown with its figures."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from terreau.funding.rulebook.calendar import elapsed
from terreau.funding.rulebook.reporting import Reporting
from terreau.projects.rulebook import percent

KINDS = {
    "late": gettext_lazy("Rapport en retard"),
    "spending": gettext_lazy("Dépenses loin du plan"),
    "visit": gettext_lazy("Pas de visite depuis longtemps"),
    "participants": gettext_lazy("Peu de participants"),
}


@dataclass(frozen=True)
class Facts:
    """What is known of a running agreement. Figures are those of the last report sent, dated `told_on`."""

    starts_on: date
    ends_on: date
    late_since: date | None = None
    last_visit: date | None = None
    told_on: date | None = None
    planned_cents: int = 0
    spent_cents: int = 0
    expected: int = 0
    reached: int = 0


@dataclass(frozen=True)
class Risk:
    kind: str
    reason: str

    @property
    def label(self) -> Any:
        return KINDS[self.kind]


def risks(facts: Facts, today: date, reporting: Reporting) -> tuple[Risk, ...]:
    """The rules that this project breaks today, in words."""
    told = [_late(facts, today), _spending(facts, reporting), _visit(facts, today, reporting), _reach(facts, reporting)]
    return tuple(risk for risk in told if risk)


def _late(facts: Facts, today: date) -> Risk | None:
    if facts.late_since is None or facts.late_since >= today:
        return None
    days = (today - facts.late_since).days
    words = ngettext(
        "Un rapport est attendu depuis %(days)s jour.", "Un rapport est attendu depuis %(days)s jours.", days
    )
    return Risk("late", words % {"days": days})


def _spending(facts: Facts, reporting: Reporting) -> Risk | None:
    """Spending told, beside the planned charges in proportion to the time passed."""
    if facts.told_on is None or not facts.planned_cents:
        return None
    share = elapsed(facts.starts_on, facts.ends_on, facts.told_on)
    spent = facts.spent_cents / facts.planned_cents
    if abs(spent - share) * 100 <= reporting.spending_percent:
        return None
    words = _("%(spent)s du budget dépensés quand %(share)s du temps est passé (écart admis : %(bound)s points).")
    return Risk(
        "spending", words % {"spent": percent(spent), "share": percent(share), "bound": reporting.spending_percent}
    )


def _visit(facts: Facts, today: date, reporting: Reporting) -> Risk | None:
    """Counted from the start while nobody has come yet; a project that has ended is not visited any more."""
    since = max(facts.last_visit or facts.starts_on, facts.starts_on)
    days = (today - since).days
    if days <= reporting.visit_days or today > facts.ends_on:
        return None
    words = _("Aucune visite depuis %(days)s jours (au plus %(bound)s).")
    return Risk("visit", words % {"days": days, "bound": reporting.visit_days})


def _reach(facts: Facts, reporting: Reporting) -> Risk | None:
    """Participants told, beside those expected in proportion to the time passed."""
    if facts.told_on is None or not facts.expected:
        return None
    wanted = facts.expected * elapsed(facts.starts_on, facts.ends_on, facts.told_on)
    if facts.reached * 100 >= wanted * reporting.participants_percent:
        return None
    words = _("%(reached)s participants pour %(wanted)s attendus à cette date (au moins %(bound)s).")
    bound = percent(reporting.participants_percent / 100)
    return Risk("participants", words % {"reached": facts.reached, "wanted": round(wanted), "bound": bound})
