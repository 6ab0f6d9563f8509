"""An agreement is drafted from a decision, offered under a number, recalled, left to lapse or terminated."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.core.files.base import ContentFile
from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from terreau.core import journal, mail
from terreau.core.money import euros
from terreau.core.moves import Refused
from terreau.funding import lifecycle, queries
from terreau.funding.actions.calendar import keep_calendar
from terreau.funding.actions.ledger import post, take_up
from terreau.funding.actions.moves import STATES, move
from terreau.funding.actions.numbers import next_number
from terreau.funding.lifecycle import AgreementState, Cause, InstalmentState
from terreau.funding.models import Agreement, Amendment
from terreau.funding.rulebook.calendar import add_months
from terreau.projects import queries as projects
from terreau.projects.models import Application, Document
from terreau.selection.lifecycle import Outcome
from terreau.selection.models import Decision
from terreau.territories.models import Territory

SERIES = "C"
USUAL_MONTHS = 12  # proposed where the application says nothing of its duration


def lock(agreement: Agreement) -> Agreement:
    """The agreement, fresh and held until the transaction ends."""
    related = ("application__call__funder", "application__window", "holder__commune", "document")
    return Agreement.objects.select_for_update(of=("self",)).select_related(*related).get(pk=agreement.pk)


def check_moment(thing: Agreement | Amendment, verb: str) -> None:
    """Refused, in words, where the table of moves has no such verb from here."""
    if not lifecycle.allows(STATES[type(thing)], thing.state, verb):
        state = thing.get_state_display()  # type: ignore[union-attr]
        raise Refused(_("« %(thing)s » est « %(state)s » : ce n’est plus possible.") % {"thing": thing, "state": state})


@transaction.atomic
def draft_agreement(application: Application, *, by: Any) -> Agreement:
    """Draw the agreement of a sealed and announced decision. Refused before, or where there is one already.

    The committee's votes enter the ledger if they are not there yet. Period, purpose and territories are those of the
    application; the office reads them again.
    """
    file = Application.objects.select_for_update(of=("self",)).select_related("call__funder", "holder")
    held = file.get(pk=application.pk)
    decision = _decided(held)
    if Agreement.objects.filter(application=held).exists():
        raise Refused(_("Ce dossier a déjà une convention."))
    take_up(decision.committee, by=by)
    granted, lines = decision.amount_cents or 0, projects.budget_lines(held)
    base = queries.base_of(lines) or held.total_cents or granted
    if base < granted:
        raise Refused(
            _("Le budget (%(base)s) est inférieur au montant accordé (%(granted)s).")
            % {"base": euros(base), "granted": euros(granted)}
        )
    starts_on, ends_on = _period(held)
    agreement = Agreement.objects.create(
        application=held,
        holder=held.holder,
        purpose=held.summary or held.title,
        starts_on=starts_on,
        ends_on=ends_on,
        eligible_base_cents=base,
        granted_cents=granted,
        public_cofunders=queries.guessed_public(lines),
        drafted_by=by,
    )
    agreement.territories.set(held.territories.all())
    journal.record(agreement, "draft_agreement", by=by, reference=held.reference, granted_cents=granted)
    return agreement


def _decided(application: Application) -> Decision:
    decided = Decision.objects.filter(application=application, outcome=Outcome.SELECTED, amount_cents__gt=0)
    decision = decided.filter(committee__sealed_at__isnull=False).select_related("committee").first()
    if decision is None:
        raise Refused(_("Aucun comité scellé n’a retenu ce dossier."))
    if application.announced_at is None:
        raise Refused(_("La décision n’est pas encore annoncée au porteur."))
    return decision


def _period(application: Application) -> tuple[date, date]:
    """The start and the duration that the application tells, else from today for a year."""
    told = dict(application.answers.filter(key__in=["starts_on", "months"]).values_list("key", "value"))
    try:
        starts_on = date.fromisoformat(str(told.get("starts_on")))
    except ValueError:
        starts_on = timezone.localdate()
    months = told.get("months")
    length = int(months) if isinstance(months, int | float) and 1 <= months <= 120 else USUAL_MONTHS
    return starts_on, date.fromordinal(add_months(starts_on, length).toordinal() - 1)


@transaction.atomic
def edit_agreement(
    agreement: Agreement, *, territories: Sequence[Territory] | None = None, by: Any, **changes: Any
) -> Agreement:
    """Change a draft: purpose, period, eligible base, regime of aid and group, public co-funders, territories.

    The amount is the committee's: an amendment alone changes it, once signed.
    """
    held = lock(agreement)
    if held.state != AgreementState.DRAFT:
        raise Refused(_("Le texte est proposé : retirez-le avant de le changer."))
    unknown = set(changes) - EDITABLE
    if unknown:
        raise TypeError(f"not part of a draft: {sorted(unknown)}")
    for name, value in changes.items():
        setattr(held, name, value)
    if held.ends_on < held.starts_on:
        raise ValueError(_("La fin vient après le début."))
    if held.eligible_base_cents < held.granted_cents:
        raise ValueError(_("L’assiette éligible ne peut pas être inférieure au montant accordé."))
    held.save(update_fields=sorted(changes) or None)
    if territories is not None:
        held.territories.set(territories)
    journal.record(held, "edit_agreement", by=by, fields=sorted(changes))
    return held


EDITABLE = frozenset(
    {"purpose", "starts_on", "ends_on", "eligible_base_cents", "aid_regime", "aid_group", "public_cofunders"}
)


@transaction.atomic
def offer(agreement: Agreement, *, by: Any) -> Agreement:
    """Freeze the text, give it its number and its PDF, and tell the holder. Refused, with every reason, otherwise.

    The number comes from a locked counter, at the first offer; an agreement recalled and offered again keeps it.
    """
    held = lock(agreement)
    now = timezone.localtime()
    check_moment(held, "offer")
    if obstacles := queries.obstacles_to_offer(held, now.date()):
        raise Refused(*obstacles)
    if held.number is None:
        held.number = f"{now.year}-{SERIES}-{next_number(SERIES, now.year):03d}"
    held.content = queries.agreement_content(held, number=held.number, on=now.date())
    held.digest, held.offers, held.offered_at = projects.digest(held.content), held.offers + 1, now
    held.document = keep_paper(held.application, f"convention-{held.number}", held.content, now, by=by)
    held.save(update_fields=["number", "content", "digest", "offers", "offered_at", "document"])
    move(held, "offer", by=by, number=held.number, digest=held.digest, text=held.offers)
    tell(
        held,
        "offer",
        _("Votre convention est à signer"),
        _("La convention %(number)s, « %(title)s », est à lire et à signer dans votre espace.")
        % {"number": held.number, "title": held.application.title},
    )
    return held


def keep_paper(application: Application, name: str, content: dict[str, Any], at: Any, *, by: Any) -> Document:
    """Keep the PDF of a text among the documents of its file: a signed copy will be compared with these bytes."""
    made = queries.pdf(content, at)
    return Document.objects.create(
        application=application,
        key=queries.OFFERED_COPY,
        file=ContentFile(made, name=f"{name}.pdf"),
        name=f"{name}.pdf",
        mime="application/pdf",
        size=len(made),
        digest=queries.digest_of_bytes(made),
        uploaded_by=by,
    )


def tell(agreement: Agreement, about: str, subject: str, body: str) -> None:
    """Write to those who answer for the file; the key makes each message leave once for each text offered."""
    link = mail.link(reverse("applicant:agreement", args=[agreement.application.reference]))
    for person in queries.people_to_tell(agreement.application):
        with translation.override(person.language):
            mail.post(
                f"agreement:{agreement.pk}:{about}:{agreement.offers}:{person.pk}",
                to=person.email,
                subject=subject,
                body=_("Bonjour,\n\n%(body)s\n\n%(link)s\n") % {"body": body, "link": link},
            )


@transaction.atomic
def recall(agreement: Agreement, *, reason: str, by: Any) -> Agreement:
    """Take an offered text back to change it. Its number stays; signatures of the former text count no more."""
    held = lock(agreement)
    check_moment(held, "recall")
    move(held, "recall", by=by, reason=reason.strip(), digest=held.digest)
    document = held.document
    held.content, held.digest, held.offered_at, held.document = {}, "", None, None
    held.save(update_fields=["content", "digest", "offered_at", "document"])
    if document is not None:
        Document.objects.filter(pk=document.pk).update(removed_at=timezone.now())
    return held


@transaction.atomic
def lapse(agreement: Agreement, *, reason: str, by: Any) -> Agreement:
    """The agreement will not be signed: its money goes back to the envelope. Its number, if any, is never reused."""
    held = lock(agreement)
    _end(held, "lapse", reason, by=by)
    post(
        Cause.LAPSE,
        key=f"lapse:{held.pk}",
        window=queries.window_of(held),
        cents=held.granted_cents,
        agreement=held,
        note=reason,
        by=by,
    )
    return held


@transaction.atomic
def terminate(agreement: Agreement, *, reason: str, by: Any) -> Agreement:
    """End a signed agreement before its time: instalments to come are cancelled, their money goes back.

    Refused while an amendment is open. What is already to be paid, paid or to be given back is not touched.
    """
    held = lock(agreement)
    if Amendment.objects.filter(agreement=held, state__in=queries.OPEN).exists():
        raise Refused(_("Un avenant est en cours : répondez-y d’abord."))
    coming = list(held.instalments.select_for_update().filter(state=InstalmentState.PLANNED))
    _end(held, "terminate", reason, by=by)
    for instalment in coming:
        move(instalment, "cancel", by=by)
    keep_calendar(held, by=by)
    if freed := sum(instalment.amount_cents for instalment in coming):
        post(
            Cause.LOWER,
            key=f"terminate:{held.pk}",
            window=queries.window_of(held),
            cents=freed,
            agreement=held,
            note=reason,
            by=by,
        )
    return held


def _end(agreement: Agreement, verb: str, reason: str, *, by: Any) -> None:
    check_moment(agreement, verb)
    if not reason.strip():
        raise ValueError(_("Dites pourquoi."))
    move(agreement, verb, by=by, reason=reason.strip())
    agreement.end_reason, agreement.ended_on = reason.strip(), timezone.localdate()
    agreement.save(update_fields=["end_reason", "ended_on"])
