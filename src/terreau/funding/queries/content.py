"""What an agreement and an amendment say, whole, as plain JSON in the language of the call: frozen when offered."""

from collections.abc import Iterable
from datetime import date
from fractions import Fraction
from typing import Any

from django.conf import settings
from django.utils import formats, timezone, translation
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from terreau.accounts.models import Organisation
from terreau.core.money import euros
from terreau.funding.lifecycle import ReportKind
from terreau.funding.models import Agreement, Amendment, Instalment
from terreau.funding.queries.clauses import clauses_in_force, terms_in_force, texts
from terreau.funding.queries.differences import differences, instalments_after
from terreau.funding.queries.facts import (
    budget_of,
    cofunders,
    conditions,
    decision_of,
    dumped,
    facts_of,
    obligations_of,
)
from terreau.funding.queries.reports import rules_on
from terreau.funding.rulebook import calendar, reporting, schedule
from terreau.funding.rulebook.obligations import CAPPED, Obligation, headroom
from terreau.projects.models import BudgetLine
from terreau.projects.rulebook import Line, percent
from terreau.selection.models import Decision


def agreement_content(agreement: Agreement, *, number: str, on: date) -> dict[str, Any]:
    """The whole agreement as it would be offered on a day."""
    with translation.override(settings.LANGUAGE_CODE):
        application, decision = agreement.application, decision_of(agreement)
        funder, lines = application.call.funder, budget_of(agreement)
        terms, found = terms_in_force(funder, on), obligations_of(agreement, on)
        asked = rules_on(funder.pk, on)
        period = schedule.Period(agreement.starts_on, agreement.ends_on, asked.final_months)
        dues = schedule.drawn(agreement.granted_cents, period, terms.parts)
        content = {
            "kind": "agreement",
            "number": number,
            "version": agreement.offers + 1,
            "offered_on": on.isoformat(),
            "funder": identity(funder),
            "holder": identity(agreement.holder),
            "reference": application.reference,
            "title": application.title or application.reference,
            "call": application.call.title,
            "committee": {
                "on": _committee_day(decision).isoformat(),
                "digest": decision.committee.digest,
            },
            "purpose": agreement.purpose.strip(),
            "territories": sorted(place.name for place in agreement.territories.all()),
            "starts_on": agreement.starts_on.isoformat(),
            "ends_on": agreement.ends_on.isoformat(),
            "months": period.months,
            "report_months": period.report_months,
            "granted_cents": agreement.granted_cents,
            "requested_cents": application.requested_cents,
            "eligible_base_cents": agreement.eligible_base_cents,
            "rate": rate(agreement),
            "aid_regime": agreement.aid_regime,
            "budget": dumped(lines),
            "cofunders": [_cofunder(line, agreement) for line in cofunders(lines)],
            "schedule": [{"condition": d.condition, "cents": d.cents, "on": d.on.isoformat()} for d in dues],
            "schedule_source": terms.source,
            "reports": _reports(period, dues, asked),
            "obligations": [_obligation(o) for o in found],
        }
        fields = fields_of(content, _aid_rule(agreement, on))
        content["clauses"] = texts(clauses_in_force(funder, on), conditions(agreement, found), fields)
        return content


def amendment_content(amendment: Amendment) -> dict[str, Any]:
    """What an amendment says: each change before and after, and the instalments that follow."""
    agreement = amendment.agreement
    with translation.override(settings.LANGUAGE_CODE):
        return {
            "kind": "amendment",
            "agreement": agreement.number,
            "agreement_digest": agreement.digest,
            "agreement_signed_on": agreement.signed_on.isoformat() if agreement.signed_on else "",
            "number": amendment.number,
            "funder": identity(agreement.application.call.funder),
            "holder": identity(agreement.holder),
            "reference": agreement.application.reference,
            "title": agreement.application.title or agreement.application.reference,
            "reason": amendment.reason.strip(),
            "differences": [[d.label, d.before, d.after, d.gap] for d in differences(amendment.changes)],
            "schedule": [
                {"condition": d.condition, "cents": d.cents, "on": d.on.isoformat(), "settled": d.settled}
                for d in instalments_after(agreement, amendment.changes)
                if d.cents
            ],
        }


def identity(organisation: Organisation) -> dict[str, str]:
    """Who a party is: everything that names it in law."""
    return {
        "name": organisation.name,
        "legal_form": str(organisation.get_legal_form_display()),  # type: ignore[attr-defined]
        "siret": organisation.siret_shown,
        "rna": organisation.rna or "",
        "register": organisation.register,
        "address": organisation.address,
        "commune": organisation.commune.name if organisation.commune else "",
    }


def details(party: dict[str, str]) -> str:
    """`association loi 1901, SIRET 732 829 320 00074, 12 rue du Port, Gap`."""
    known = [party["legal_form"], party["siret"] and f"SIRET {party['siret']}", party["rna"] and f"RNA {party['rna']}"]
    return ", ".join(part for part in [*known, party["register"], party["address"], party["commune"]] if part)


def rate(agreement: Agreement) -> str:
    return percent(Fraction(agreement.granted_cents, agreement.eligible_base_cents))


def day(iso: str) -> str:
    """`1er mars 2025` from its ISO form, in French."""
    words = str(formats.date_format(date.fromisoformat(iso), "DATE_FORMAT"))
    return f"1er {words[2:]}" if words.startswith("1 ") else words


def fields_of(content: dict[str, Any], aid_rule: str = "") -> dict[str, str]:
    """What each field of a clause says for one agreement; keys are those of `rulebook.clauses.FIELDS`."""
    return {
        "number": content["number"],
        "funder": content["funder"]["name"],
        "funder_details": details(content["funder"]),
        "holder": content["holder"]["name"],
        "holder_details": details(content["holder"]),
        "call": content["call"],
        "reference": content["reference"],
        "title": content["title"],
        "purpose": content["purpose"],
        "committee_date": day(content["committee"]["on"]),
        "territories": ", ".join(content["territories"]) or "–",
        "starts_on": day(content["starts_on"]),
        "ends_on": day(content["ends_on"]),
        "months": str(content["months"]),
        "amount": euros(content["granted_cents"]),
        "eligible_base": euros(content["eligible_base_cents"]),
        "rate": content["rate"],
        "cofunders": "; ".join(cofunder_words(c) for c in content["cofunders"]).replace("; ", " ; "),
        "schedule": " ; ".join(due_words(d) for d in content["schedule"]),
        "report_due": day(
            calendar.add_months(date.fromisoformat(content["ends_on"]), content["report_months"]).isoformat()
        ),
        "aid_rule": aid_rule,
    }


def cofunder_words(cofunder: dict[str, Any]) -> str:
    status = dict(BudgetLine.Status.choices).get(cofunder["status"], "")
    known = f"{cofunder['name']}, {euros(cofunder['cents'])}"
    return f"{known} ({status})" if status else known


def due_words(due: dict[str, Any]) -> str:
    """`50 000 € à la signature (1er mars 2025)`."""
    return f"{euros(due['cents'])} {Instalment.Condition(due['condition']).label} ({day(due['on'])})"


def _cofunder(line: Line, agreement: Agreement) -> dict[str, Any]:
    public = line.label in agreement.public_cofunders
    return {"name": line.label, "cents": line.amount_cents, "status": line.status, "public": public}


def _obligation(found: Obligation) -> dict[str, str]:
    return {"key": found.key, "label": found.label, "asks": found.asks, "why": found.why, "source": found.source}


def _reports(period: schedule.Period, dues: Iterable[schedule.Due], asked: reporting.Reporting) -> list[dict[str, str]]:
    steps = [calendar.Step(number, due.condition, due.on) for number, due in enumerate(dues, 1)]
    owed = calendar.expected(period.starts_on, period.ends_on, steps, asked)
    return [{"label": capfirst(str(ReportKind(report.kind).label)), "on": report.due_on.isoformat()} for report in owed]


def _aid_rule(agreement: Agreement, on: date) -> str:
    if agreement.aid_regime not in CAPPED:
        return ""
    facts = facts_of(agreement, on)
    room = headroom(facts.regime, on, facts.group, facts.aids)
    if room is None:
        return ""
    return _("%(source)s (plafond de %(ceiling)s sur trois ans)") % {
        "source": room.source,
        "ceiling": euros(room.ceiling_cents),
    }


def _committee_day(decision: Decision) -> date:
    committee = decision.committee
    return committee.window.committee_on or timezone.localdate(committee.sealed_at)
