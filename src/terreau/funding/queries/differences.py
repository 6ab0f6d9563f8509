"""What an amendment changes, told so that anybody reads it: before, after, and the gap in euros, per cent or days."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from terreau.core.money import euros
from terreau.funding.lifecycle import InstalmentState
from terreau.funding.models import Agreement, Instalment
from terreau.funding.rulebook import schedule
from terreau.projects.rulebook import RUBRICS, number, percent


@dataclass(frozen=True)
class Difference:
    """One line of the table of changes."""

    label: str
    before: str
    after: str
    gap: str


def differences(changes: Mapping[str, Any]) -> list[Difference]:
    """Every change of an amendment, in the order: amount, base, end, territories, budget."""
    found: list[Difference] = []
    for field, label in (("granted_cents", _("Montant accordé")), ("eligible_base_cents", _("Assiette éligible"))):
        if field in changes:
            found.append(_money(label, changes[field][0], changes[field][1]))
    if "ends_on" in changes:
        found.append(_end(*(date.fromisoformat(day) for day in changes["ends_on"])))
    if "territories" in changes:
        found.append(_places(*changes["territories"]))
    if "budget" in changes:
        found += _budget(*changes["budget"])
    return found


def gap_in_money(before: int, after: int) -> str:
    """`+10 000 € (+20 %)`."""
    sign = "+" if after >= before else "−"
    amount = f"{sign}{euros(abs(after - before))}"
    return f"{amount} ({sign}{percent(abs(after - before) / before)})" if before else amount


def _money(label: str, before: int, after: int) -> Difference:
    return Difference(label, euros(before), euros(after), gap_in_money(before, after))


def _end(before: date, after: date) -> Difference:
    gap = (after - before).days
    days = ngettext("%(count)d jour", "%(count)d jours", abs(gap)) % {"count": abs(gap)}
    old, new = (str(formats.date_format(day, "DATE_FORMAT")) for day in (before, after))
    return Difference(_("Fin du projet"), old, new, ("+" if gap >= 0 else "−") + days)


def _places(before: Iterable[Any], after: Iterable[Any]) -> Difference:
    old, new = (dict(tuple(place) for place in places) for places in (before, after))
    added = [name for key, name in new.items() if key not in old]
    gone = [name for key, name in old.items() if key not in new]
    gap = [_("ajouté : %(names)s") % {"names": ", ".join(added)}] if added else []
    gap += [_("retiré : %(names)s") % {"names": ", ".join(gone)}] if gone else []
    listed = (", ".join(sorted(old.values())) or "–", ", ".join(sorted(new.values())) or "–")
    return Difference(_("Territoires"), listed[0], listed[1], " ; ".join(gap))


def _budget(before: Iterable[Any], after: Iterable[Any]) -> list[Difference]:
    """The lines whose amount changes; a line is known by its rubric and its words."""
    old, new = ({(x["rubric"], x["label"]): x["cents"] for x in lines} for lines in (before, after))
    return [
        _money(_line(*key), old.get(key, 0), new.get(key, 0))
        for key in dict.fromkeys([*old, *new])
        if old.get(key, 0) != new.get(key, 0)
    ]


def _line(rubric: str, label: str) -> str:
    return f"{number(rubric)} {label or RUBRICS.get(rubric, '')}"


def instalments_after(agreement: Agreement, changes: Mapping[str, Any]) -> tuple[schedule.Due, ...]:
    """The instalments as they would be: settled ones stay, the rest follows the new amount and the new end."""
    cents = changes["granted_cents"][1] if "granted_cents" in changes else agreement.granted_cents
    ends_on = date.fromisoformat(changes["ends_on"][1]) if "ends_on" in changes else agreement.ends_on
    kept = agreement.instalments.exclude(state=InstalmentState.CANCELLED)
    months = agreement.content.get("report_months", 6)
    period = schedule.Period(agreement.starts_on, ends_on, months)
    return schedule.redrawn([due_of(i) for i in kept], cents, period)


def due_of(instalment: Instalment) -> schedule.Due:
    settled = instalment.state != InstalmentState.PLANNED
    return schedule.Due(instalment.condition, instalment.amount_cents, instalment.due_on, settled)
