"""What is known of an agreement: its budget in force, its co-funders, and the obligations that follow."""

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Any

from terreau.calls.models import Window
from terreau.funding.lifecycle import AmendmentState
from terreau.funding.models import Agreement, RepublicanContract, StateAid
from terreau.funding.rulebook import schedule
from terreau.funding.rulebook.obligations import CAPPED, Aid, Facts, Obligation, obligations
from terreau.projects import queries as projects
from terreau.projects.rulebook import COFUNDED, REFUSED, Line, totals
from terreau.selection.lifecycle import Outcome
from terreau.selection.models import Decision

# Words that name a public funder in a budget line: a proposal, which the officer corrects in the draft.
PUBLIC = re.compile(
    r"\b(état|etat|ministère|préfecture|région|régional|département|départemental|conseil|commune|ville|mairie|"
    r"métropole|communauté|agglomération|epci|dreets|ddets|drajes|ars|caf|cpam|msa|carsat|france travail|agefiph|"
    r"fse|feder|feader|leader|union européenne|europe|banque des territoires|anct|fdva|politique de la ville)\b",
    re.IGNORECASE,
)


def looks_public(label: str) -> bool:
    return PUBLIC.search(label) is not None


def cofunders(lines: Iterable[Line]) -> list[Line]:
    """The income that others grant, refused ones left out."""
    return [x for x in lines if x.rubric in COFUNDED and not x.requested and x.status != REFUSED and x.amount_cents]


def guessed_public(lines: Iterable[Line]) -> list[str]:
    """The names of the co-funders that look public."""
    return sorted({x.label for x in cofunders(lines) if x.rubric == "74" and looks_public(x.label)})


def lines_of(content: Iterable[dict[str, Any]]) -> list[Line]:
    return [Line(x["rubric"], x["label"], x["cents"], x["status"], x["requested"]) for x in content]


def dumped(lines: Iterable[Line]) -> list[dict[str, Any]]:
    """As JSON; `lines_of` reads it back."""
    return [
        {
            "rubric": x.rubric,
            "label": x.label,
            "cents": x.amount_cents,
            "status": x.status,
            "requested": x.requested,
        }
        for x in lines
    ]


def budget_of(agreement: Agreement) -> list[Line]:
    """The planned budget in force: that of the last signed amendment, else of the agreement.

    A draft reads the application's, with the grant in place of the request.
    """
    changed = agreement.amendments.filter(state=AmendmentState.SIGNED, changes__has_key="budget").order_by("-number")
    if (amendment := changed.first()) is not None:
        return lines_of(amendment.changes["budget"][1])
    if agreement.content:
        return lines_of(agreement.content["budget"])
    lines = projects.budget_lines(agreement.application)
    return [replace(x, amount_cents=agreement.granted_cents) if x.requested else x for x in lines]


def base_of(lines: Iterable[Line]) -> int:
    """The eligible base that a budget gives: every expense, in-kind contributions left out."""
    return totals(lines).expenses


def group_of(agreement: Agreement) -> str:
    """The linked firms that count as one: the group that the officer named, else the holder alone."""
    return agreement.aid_group or agreement.holder.siren


def aids_of(group: str, *, besides: Agreement | None = None) -> tuple[Aid, ...]:
    """The aids known of one group of linked firms; `besides` leaves out those of one agreement."""
    known = StateAid.objects.filter(group=group)
    if besides is not None:
        known = known.exclude(agreement=besides)
    return tuple(Aid(a.group, a.regime, a.granted_on, a.amount_cents) for a in known)


def window_of(agreement: Agreement) -> Window:
    """The selection window whose envelope pays this agreement: that of the committee which selected the file."""
    window = agreement.application.window
    if window is None:
        raise ValueError("A selected file belongs to a window.")
    return window


def decision_of(agreement: Agreement) -> Decision:
    """The sealed decision that the agreement carries out."""
    return Decision.objects.select_related("committee__window").get(
        application=agreement.application_id, outcome=Outcome.SELECTED, committee__sealed_at__isnull=False
    )


def facts_of(agreement: Agreement, on: date) -> Facts:
    """What the obligations of an agreement rest on, at one date."""
    lines, group = budget_of(agreement), group_of(agreement)
    named = set(agreement.public_cofunders)
    aids: tuple[Aid, ...] = ()
    if agreement.aid_regime in CAPPED and group:
        aids = aids_of(group, besides=agreement)
    return Facts(
        on=on,
        granted_cents=agreement.granted_cents,
        months=schedule.Period(agreement.starts_on, agreement.ends_on).months,
        budget_cents=base_of(lines),
        funder_is_public=agreement.application.call.funder.is_public_authority,
        public_cofunders=tuple((x.label, x.amount_cents) for x in cofunders(lines) if x.label in named),
        legal_form=agreement.holder.legal_form,
        regime=agreement.aid_regime,
        group=group,
        aids=aids,
    )


def obligations_of(agreement: Agreement, on: date) -> list[Obligation]:
    """The obligations with what is proved: a contract kept, a ceiling not passed."""
    found = obligations(facts_of(agreement, on))
    return [replace(o, ok=contract_of(agreement) is not None) if o.key == "cer" and o.ok is None else o for o in found]


def contract_of(agreement: Agreement) -> RepublicanContract | None:
    """The holder's republican contract, the newest one."""
    return RepublicanContract.objects.filter(organisation=agreement.holder).select_related("document").first()


def conditions(agreement: Agreement, found: Iterable[Obligation]) -> set[str]:
    """When clauses enter: keys of `rulebook.clauses.CONDITIONS`."""
    keys = {o.key for o in found}
    if keys - set(CAPPED):
        keys.add("public")
    if cofunders(budget_of(agreement)):
        keys.add("cofunded")
    return keys
