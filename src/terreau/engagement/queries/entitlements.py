"""The right to issue tax receipts, told apart from three other questions about the same structure and its money."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from terreau.accounts.models import LegalForm, Organisation, Role
from terreau.engagement.models import Entitlement
from terreau.funding.models import Agreement
from terreau.methods.giving import entitlement as method
from terreau.methods.giving.entitlement import Answer, Basis, Body
from terreau.projects.lifecycle import State
from terreau.projects.models import Application

# A company, even of the social and solidarity economy: no receipt without a favourable ruling.
COMMERCIAL = frozenset({LegalForm.COOPERATIVE, LegalForm.ESUS, LegalForm.COMMERCIAL_SSE, LegalForm.COMPANY})
UNREAD = (State.DRAFT, State.WITHDRAWN, State.SUBMITTED, State.INCOMPLETE, State.INELIGIBLE)  # not admitted to a call
PROVEN = frozenset({Entitlement.Basis.RULING, Entitlement.Basis.PUBLIC_UTILITY})


def held_by(user: Any) -> QuerySet[Organisation]:
    """The structures whose receipts this person keeps."""
    mine = Organisation.objects.filter(memberships__user=user, memberships__left_at=None, memberships__role=Role.HOLDER)
    return mine.select_related("commune").distinct()


def declared(organisation: Organisation) -> Entitlement | None:
    return Entitlement.objects.filter(organisation=organisation).first()


def body(organisation: Organisation, found: Entitlement | None) -> Body:
    """What the method reads; nothing declared is nothing known."""
    is_commercial = organisation.legal_form in COMMERCIAL
    if found is None:
        return Body(is_commercial=is_commercial)
    return Body(
        has_nonprofit_main_activity=found.has_nonprofit_main_activity,
        is_disinterested=found.is_disinterested,
        is_open=found.is_open,
        is_commercial=is_commercial,
        basis=Basis(found.basis),
        since=found.since,
    )


def right(organisation: Organisation, found: Entitlement | None, on: date) -> Answer:
    return method.may_issue_receipts(body(organisation, found), on)


def obstacles(organisation: Organisation, found: Entitlement | None, on: date) -> list[str]:
    """Why it may not sign a receipt for a gift of this day, in words; empty where it may."""
    answer = right(organisation, found, on)
    told = [] if answer.holds else [_(template) for template in answer.templates]
    if found is None:
        return told
    if found.basis in PROVEN and not found.proof:
        told.append(_("Joignez le rescrit ou l’acte de reconnaissance."))
    if not found.purpose.strip():
        told.append(_("Écrivez l’objet de la structure\u00a0: le reçu doit le porter."))
    if not (found.signatory.strip() and found.capacity.strip()):
        told.append(_("Nommez la personne habilitée à signer, et sa qualité."))
    return told


@dataclass(frozen=True)
class Question:
    """One of the four, with its answer in words."""

    title: str
    holds: bool | None
    reasons: list[str]
    source: str


def four_questions(organisation: Organisation, found: Entitlement | None, on: date) -> list[Question]:
    """Each with its own facts: one answer never serves for another."""
    files = Application.objects.filter(holder=organisation)
    admitted = True if files.exclude(state__in=UNREAD).exists() else None
    agreement = Agreement.objects.filter(holder=organisation).select_related("application__call__funder").last()
    aid = agreement.aid_regime != Agreement.AidRegime.NONE if agreement else None
    funder = agreement.application.call.funder.is_public_authority if agreement else None
    public = bool(agreement and agreement.public_cofunders)
    answers = [
        (_("Peut-elle répondre à l’appel\u00a0?"), method.may_apply(admitted)),
        (_("Peut-elle délivrer des reçus fiscaux\u00a0?"), right(organisation, found, on)),
        (_("La subvention est-elle une aide d’État\u00a0?"), method.is_state_aid(aid)),
        (_("Les règles des subventions publiques s’appliquent-elles\u00a0?"), method.has_public_rules(funder, public)),
    ]
    return [Question(t, a.holds, [_(reason) for reason in a.templates], _(a.source)) for t, a in answers]
