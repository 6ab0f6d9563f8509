"""Reads about commitments: whose they are, what they lack, whether they are gifts, who is written to."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.formats import date_format

from terreau.accounts.models import Organisation, Role
from terreau.engagement.lifecycle import CommitmentState, Form
from terreau.engagement.models import Commitment, Immersion, Proposal
from terreau.engagement.rulebook import commitments as asks
from terreau.methods.giving.qualify import Facts, Verdict, qualify
from terreau.methods.giving.qualify import Form as GivingForm
from terreau.projects.models import Application

SHOWN = ("application__holder", "company", "immersion")


def of_company(company: Organisation) -> QuerySet[Commitment]:
    return Commitment.objects.filter(company=company).select_related(*SHOWN)


def of_project(application: Application) -> QuerySet[Commitment]:
    return Commitment.objects.filter(application=application).select_related(*SHOWN)


def coming(company: Organisation, today: date) -> QuerySet[Commitment]:
    """What is planned from this day on or still lasts, a day's grace for what had no end, soonest first."""
    planned = of_company(company).filter(state=CommitmentState.PLANNED)
    lasts = Q(starts_at__date__gte=today - timedelta(1)) | Q(ends_at__date__gte=today)
    return planned.filter(lasts).order_by("starts_at", "pk")


def to_answer(company: Organisation) -> QuerySet[Commitment]:
    """What structures asked of the firm, and it has not answered."""
    return of_company(company).filter(state=CommitmentState.PROPOSED, proposed_by_company=False)


def first_day(commitment: Commitment) -> date:
    """The day whose law applies: that of the meeting, else today."""
    return timezone.localdate(commitment.starts_at) if commitment.starts_at else timezone.localdate()


def when(commitment: Commitment) -> str:
    """Its days, or its day and hour, in words; empty without a date."""
    if commitment.starts_at is None:
        return ""
    if commitment.form in asks.BY_DAY:
        return " – ".join(dict.fromkeys(day(at) for at in (commitment.starts_at, commitment.ends_at) if at))
    return date_format(timezone.localtime(commitment.starts_at), "DATETIME_FORMAT")


def day(at: datetime | None) -> str:
    return date_format(timezone.localdate(at), "DATE_FORMAT") if at else ""


def immersion_of(commitment: Commitment) -> Immersion | None:
    return getattr(commitment, "immersion", None)


def is_signed_in_time(immersion: Immersion | None) -> bool:
    """All three signed, at the latest on the eve of the first day."""
    if immersion is None or immersion.commitment.starts_at is None:
        return False
    start = timezone.localdate(immersion.commitment.starts_at)
    return all(on is not None and on < start for on in signatures(immersion).values())


def signatures(immersion: Immersion) -> dict[str, date | None]:
    return {party: getattr(immersion, f"signed_by_{party}_on") for party in asks.PARTIES}


HELD: dict[str, Callable[[Commitment], object]] = {  # what an ask may name that is no column of the commitment
    "log": lambda commitment: commitment.log.exists(),
    "attendance": lambda commitment: commitment.attendance is not None,
    "purpose": lambda commitment: getattr(immersion_of(commitment), "purpose", ""),
    "tutor": lambda commitment: getattr(immersion_of(commitment), "tutor", ""),
    "agreement": lambda commitment: is_signed_in_time(immersion_of(commitment)),
}


def lacking(commitment: Commitment, verb: str) -> list[asks.Ask]:
    """What the form asks before this move and the commitment does not hold yet."""

    def holds(ask: asks.Ask) -> bool:
        read = HELD.get(ask.field)
        return bool(read(commitment) if read else getattr(commitment, ask.field))

    return [ask for ask in asks.of(commitment.form, verb) if not holds(ask)]


def missing(commitment: Commitment) -> list[asks.Ask]:
    """What is still to be told before it may be planned, or else before it is done."""
    verb = "plan" if commitment.state in {CommitmentState.PROPOSED, CommitmentState.AGREED} else "complete"
    return lacking(commitment, verb)


def awaits_a_gift(commitment: Commitment) -> bool:
    """Something of worth was given and no gift tells it yet."""
    done = commitment.state in {CommitmentState.DONE, CommitmentState.ACKNOWLEDGED}
    return done and verdict(commitment).is_gift and not commitment.gifts.exists()


def verdict(commitment: Commitment) -> Verdict:
    """Is this a gift in the tax sense? A value not told yet counts as some value; time logged off work as one's own."""
    form = Form(commitment.form)
    on_working_time = True
    if form == Form.SKILLS:
        lines = [line.on_working_time for line in commitment.log.all()]
        on_working_time = any(lines) or not lines
    gift = 1 if commitment.value_cents is None else commitment.value_cents
    return qualify(GivingForm(form), Facts(first_day(commitment), gift, on_working_time=on_working_time))


def may_be_asked(company: Organisation, application: Application) -> bool:
    """No firm is contacted unless it asked: listed by its own choice, said yes to this project, or already with it."""
    profile = getattr(company, "company_profile", None)
    if profile is not None and profile.is_listed:
        return True
    yes = Proposal.objects.filter(
        company=company, application=application, reader=Proposal.Reader.COMPANY, answer="yes"
    )
    return yes.exists() or Commitment.objects.filter(company=company, application=application).exists()


def on_side_of_company(user: Any, commitment: Commitment) -> bool:
    """Whether this person speaks for the firm in this commitment."""
    held = [m for m in getattr(user, "active_memberships", []) if m.organisation_id == commitment.company_id]
    return any(m.role == Role.CONTACT for m in held)
