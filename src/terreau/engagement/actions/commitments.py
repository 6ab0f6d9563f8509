"""The life of a commitment, from either side: each verb is one move, one journal line, one e-mail to the other side."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from terreau.accounts.models import Organisation, Role, User
from terreau.core import journal, mail
from terreau.core.moves import Refused, WrongMoment
from terreau.engagement import lifecycle
from terreau.engagement.actions.gifts import people
from terreau.engagement.lifecycle import CommitmentState, Form
from terreau.engagement.models import Commitment, Immersion, Need
from terreau.engagement.queries import calendar
from terreau.engagement.queries import commitments as queries
from terreau.engagement.rulebook import commitments as asks
from terreau.methods.giving.parameters import at
from terreau.projects.lifecycle import State
from terreau.projects.models import Application
from terreau.projects.queries import writers

SUBJECTS = {
    "propose": gettext_lazy("Un engagement vous est proposé : %(title)s"),
    "agree": gettext_lazy("Engagement accepté : %(title)s"),
    "plan": gettext_lazy("Engagement programmé : %(title)s"),
    "complete": gettext_lazy("Engagement réalisé : %(title)s"),
    "acknowledge": gettext_lazy("Engagement attesté : %(title)s"),
    "withdraw": gettext_lazy("Engagement retiré : %(title)s"),
    "sign": gettext_lazy("Convention d’immersion signée : %(title)s"),
}


@dataclass(frozen=True)
class Offer:
    """What is proposed. `value_cents`: what the firm expects to give, where it is worth something."""

    form: str
    title: str
    text: str = ""
    value_cents: int | None = None
    need: Need | None = None


@dataclass(frozen=True)
class Plan:
    """When, where and how; what the form does not ask may stay empty."""

    starts_at: datetime | None = None
    ends_at: datetime | None = None
    place: str = ""
    capacity: int | None = None
    accessibility: str = ""
    briefing: str = ""
    hours_a_month: int | None = None
    months: int | None = None
    purpose: str = ""
    tutor: str = ""


@transaction.atomic
def propose(
    company: Organisation, application: Application, offer: Offer, *, by: Any, by_company: bool = True
) -> Commitment:
    """A firm offers something to a supported project, or the project asks it of a firm that agreed to be asked."""
    if application.shown_state != State.SELECTED:
        raise Refused(_("Ce projet n’est pas parmi les projets soutenus."))
    if offer.need is not None and offer.need.application_id != application.pk:
        raise Refused(_("Ce besoin n’est pas de ce projet."))
    if not by_company and not queries.may_be_asked(company, application):
        raise Refused(_("Cette entreprise n’a pas demandé à être contactée : passez par votre délégué régional."))
    commitment = Commitment.objects.create(
        application=application,
        company=company,
        need=offer.need,
        form=offer.form,
        title=offer.title.strip(),
        text=offer.text.strip(),
        value_cents=offer.value_cents,
        proposed_by_company=by_company,
        made_by=by,
    )
    line = journal.record(commitment, "propose", by=by, form=offer.form, by_company=by_company)
    _tell(commitment, "propose", line.pk, by=by)
    return commitment


@transaction.atomic
def agree(commitment: Commitment, *, by: Any) -> Commitment:
    """The side that did not propose says yes."""
    return _move(_hold(commitment, "agree"), "agree", by=by)


@transaction.atomic
def plan(commitment: Commitment, agreed: Plan, *, by: Any) -> Commitment:
    """Set or move the date. Moving an immersion voids its signatures: the three parties sign the new dates."""
    held = _hold(commitment, "plan")
    was = held.state == CommitmentState.PLANNED
    for field in ("starts_at", "ends_at", "capacity", "hours_a_month", "months"):
        setattr(held, field, getattr(agreed, field))
    for field in ("place", "accessibility", "briefing"):
        setattr(held, field, getattr(agreed, field).strip())
    held.sequence += was
    if held.form == Form.IMMERSION:
        _keep_immersion(held, agreed)
    if missing := queries.lacking(held, "plan"):
        raise Refused(*(_("Il manque %(what)s.") % {"what": ask.words} for ask in missing))
    if held.starts_at and held.ends_at and held.ends_at < held.starts_at:
        raise Refused(_("La fin vient avant le début."))
    return _move(held, "plan", by=by, starts_at=held.starts_at.isoformat() if held.starts_at else "")


def _keep_immersion(commitment: Commitment, agreed: Plan) -> None:
    if commitment.starts_at and commitment.ends_at:
        first, last = timezone.localdate(commitment.starts_at), timezone.localdate(commitment.ends_at)
        longest = asks.last_day(first)
        if first <= timezone.localdate():
            raise Refused(_("Une immersion commence au plus tôt demain : sa convention est signée avant."))
        if last > longest:
            source = at(asks.IMMERSION_MONTHS, first).source
            raise Refused(
                _("Une immersion dure un mois au plus : jusqu’au %(day)s (%(source)s).")
                % {"day": f"{longest:%d/%m/%Y}", "source": source}
            )
    unsigned = {f"signed_by_{party}_on": None for party in asks.PARTIES}
    kept = {"purpose": agreed.purpose, "tutor": agreed.tutor.strip()}
    commitment.immersion, _made = Immersion.objects.update_or_create(commitment=commitment, defaults=kept | unsigned)


@transaction.atomic
def sign(commitment: Commitment, party: str, on: date, *, by: Any) -> Immersion:
    """Note that one of the three parties signed the agreement on this day, before the first day."""
    held = Commitment.objects.select_for_update().get(pk=commitment.pk)
    immersion = queries.immersion_of(held)
    if held.state != CommitmentState.PLANNED or immersion is None or held.starts_at is None:
        raise WrongMoment("sign", held.state)
    if on > timezone.localdate():
        raise Refused(_("Une signature ne se note pas à l’avance."))
    if on >= timezone.localdate(held.starts_at):
        raise Refused(_("La convention se signe avant le premier jour : changez les dates de l’immersion."))
    setattr(immersion, f"signed_by_{party}_on", on)
    immersion.save(update_fields=[f"signed_by_{party}_on"])
    line = journal.record(held, "sign", by=by, party=party, on=on.isoformat())
    _tell(held, "sign", line.pk, by=by)
    return immersion


@transaction.atomic
def complete(
    commitment: Commitment, *, attendance: int | None = None, is_list_kept: bool = False, by: Any
) -> Commitment:
    """Say that it took place, with what its form asks."""
    held = _hold(commitment, "complete")
    if asks.is_planned_first(held.form) and held.state != CommitmentState.PLANNED:
        raise Refused(_("Convenez d’abord d’une date."))
    if held.starts_at and held.starts_at > timezone.now():
        raise Refused(_("La date n’est pas encore passée."))
    if attendance is not None and held.capacity is not None and attendance > held.capacity:
        raise Refused(
            _("%(there)d personnes présentes pour %(room)d places : corrigez l’un ou l’autre.")
            % {"there": attendance, "room": held.capacity}
        )
    held.attendance = attendance
    held.is_list_kept = is_list_kept
    if missing := queries.lacking(held, "complete"):
        raise Refused(*(_("Il manque %(what)s.") % {"what": ask.words} for ask in missing))
    return _move(held, "complete", by=by)


@transaction.atomic
def acknowledge(commitment: Commitment, *, by: Any) -> Commitment:
    """The structure attests what was done; it enters the firm's certificate."""
    return _move(_hold(commitment, "acknowledge"), "acknowledge", by=by)


@transaction.atomic
def withdraw(commitment: Commitment, reason: str, *, by: Any) -> Commitment:
    """Give up, with a reason that the other side reads; a date already sent is cancelled in the agendas."""
    held = _hold(commitment, "withdraw")
    if not reason.strip():
        raise Refused(_("Dites pourquoi : l’autre partie lira ce motif."))
    held.withdrawal = reason.strip()[:200]
    if held.state == CommitmentState.PLANNED:
        held.sequence += 1
    return _move(held, "withdraw", by=by, reason=held.withdrawal)


def _hold(commitment: Commitment, verb: str) -> Commitment:
    """The commitment, fresh and held; WrongMoment where it does not allow this verb."""
    found = Commitment.objects.select_for_update(of=("self",)).select_related("application", "company")
    held = found.get(pk=commitment.pk)
    lifecycle.after(CommitmentState, held.state, verb)
    return held


def _move(held: Commitment, verb: str, *, by: Any, **details: Any) -> Commitment:
    """The only place that changes a state: the row that is held, its journal line, its e-mails."""
    was_planned = held.state == CommitmentState.PLANNED
    held.state = lifecycle.after(CommitmentState, held.state, verb)
    held.save()
    line = journal.record(held, verb, by=by, **details)
    _tell(held, verb, line.pk, by=by, with_calendar=verb == "plan" or (verb == "withdraw" and was_planned))
    return held


def _tell(commitment: Commitment, verb: str, line: int, *, by: Any, with_calendar: bool = False) -> None:
    """Write to the other side; a date goes to both, so that it stands in every agenda."""
    from_company = queries.on_side_of_company(by, commitment)
    for of_company in (True, False) if with_calendar else (not from_company,):
        theirs = people(commitment.company, Role.CONTACT) if of_company else writers(commitment.application)
        _write(commitment, verb, line, theirs, of_company, with_calendar)


def _write(
    commitment: Commitment, verb: str, line: int, people: Iterable[User], of_company: bool, with_calendar: bool
) -> None:
    where = (
        reverse("company:commitment", args=[commitment.company_id, commitment.pk])
        if of_company
        else reverse("applicant:partners-commitment", args=[commitment.application.reference, commitment.pk])
    )
    for person in people:
        with translation.override(person.language):
            said = {
                "title": commitment.title,
                "form": commitment.get_form_display(),
                "company": commitment.company.name,
                "project": commitment.application.title,
                "reason": commitment.withdrawal,
                "link": mail.link(where),
            }
            body = _("Bonjour,\n\nEntreprise : %(company)s\nProjet : %(project)s\nEngagement : %(form)s\n") % said
            if when := queries.when(commitment):
                body += _("Quand : %(when)s\n") % {"when": when}
            if commitment.place:
                body += _("Lieu : %(place)s\n") % {"place": commitment.place}
            if verb == "withdraw":
                body += _("Motif : %(reason)s\n") % said
            invited = ""
            if with_calendar:
                invited = calendar.invitation(commitment, to=person.email, is_cancelled=verb == "withdraw")
            mail.post(
                f"commitment:{line}:{person.pk}",
                to=person.email,
                subject=str(SUBJECTS[verb]) % said,
                body=f"{body}\n{said['link']}\n",
                calendar=invited,
            )
