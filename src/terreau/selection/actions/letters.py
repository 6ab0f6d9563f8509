"""Letters: drafted by the seal, read by a person, posted once; a doubt is settled by a person too."""

from collections.abc import Iterable, Sequence
from functools import partial
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from terreau.calls.models import Call
from terreau.core import journal, mail
from terreau.core.models import Mail
from terreau.core.moves import Refused
from terreau.projects import actions as projects
from terreau.projects.models import Collaborator
from terreau.selection import queries
from terreau.selection.lifecycle import LetterState, Outcome
from terreau.selection.models import Decision, Letter, LetterTemplate

DECIDED = (
    "decision__application__holder",
    "decision__application__region",
    "decision__committee__window__call__funder",
)


@transaction.atomic
def write_template(call: Call, outcome: str, *, subject: str, body: str, by: Any) -> LetterTemplate:
    """Keep the template of one outcome. Letters already drafted keep the words they have."""
    for text in (subject, body):
        if unknown := queries.unknown_fields(text):
            raise ValueError(_("Ce champ n’existe pas : %(fields)s.") % {"fields": ", ".join(unknown)})
    template, _created = LetterTemplate.objects.update_or_create(
        call=call, outcome=Outcome(outcome), defaults={"subject": subject.strip(), "body": body}
    )
    journal.record(template, "write_template", by=by, call=call.slug, outcome=outcome)
    return template


def draft_letters(call: Call, decisions: Sequence[Decision]) -> None:
    """One letter a decision, in the outbox. Called inside the seal's transaction."""
    templates = {outcome.value: queries.template_of(call, outcome) for outcome in Outcome}
    addresses = _addresses(decisions)
    letters = []
    for decision in decisions:
        subject, body = queries.letter_text(templates[decision.outcome], decision)
        to = addresses.get(decision.application_id, "")
        letters.append(Letter(decision=decision, to=to, subject=subject, body=body))
    Letter.objects.bulk_create(letters)


def _addresses(decisions: Sequence[Decision]) -> dict[int, str]:
    """The e-mail address of each file's owner, or of whoever else works on it; nobody's where all have left."""
    people = Collaborator.objects.filter(
        application__in=[d.application_id for d in decisions], membership__left_at=None
    ).values_list("application", "role", "membership__user__email")
    order: dict[str, int] = {Collaborator.Role.OWNER: 2, Collaborator.Role.EDITOR: 1}
    return {application: email for application, _role, email in sorted(people, key=lambda p: order.get(p[1], 0))}


@transaction.atomic
def edit_letter(letter: Letter, *, to: str, subject: str, body: str, by: Any, base: int | None = None) -> Letter:
    """Change one letter before it leaves; it has to be read again. Refused where somebody changed it in between."""
    held = Letter.objects.select_for_update(of=("self",)).get(pk=letter.pk)
    if held.state == LetterState.POSTED:
        raise Refused(_("Cette lettre est partie : elle ne change plus."))
    if base is not None and base != held.version:
        raise Refused(_("Une autre personne a modifié cette lettre. Relisez-la, puis refaites votre changement."))
    held.to, held.subject, held.body = to.strip(), " ".join(subject.split())[:200], body
    held.state, held.approved_by, held.version = LetterState.DRAFT, None, held.version + 1
    held.save(update_fields=["to", "subject", "body", "state", "approved_by", "version"])
    journal.record(held, "edit_letter", by=by)
    return held


@transaction.atomic
def explain_letter(letter: Letter, choice: queries.Choice, *, by: Any, base: int | None = None) -> Letter:
    """Write the letter again from its template with the reasons that the office chose; what was typed in it is lost.

    Refused once it has left, for an outcome that nothing explains, or where somebody changed it in between.
    """
    held = Letter.objects.select_for_update(of=("self",)).select_related(*DECIDED).get(pk=letter.pk)
    decision = held.decision
    if held.state == LetterState.POSTED:
        raise Refused(_("Cette lettre est partie : elle ne change plus."))
    if decision.outcome not in queries.EXPLAINED:
        raise Refused(_("Cette décision n’appelle pas d’explication."))
    if base is not None and base != held.version:
        raise Refused(_("Une autre personne a modifié cette lettre. Relisez-la, puis refaites votre changement."))
    quotes = queries.quoted(queries.explanation(decision), choice)
    template = queries.template_of(decision.committee.window.call, decision.outcome)
    held.subject, held.body = queries.letter_text(template, decision, quotes)
    held.explained, held.state, held.approved_by = choice.dumped(), LetterState.DRAFT, None
    held.version += 1
    held.save(update_fields=["subject", "body", "explained", "state", "approved_by", "version"])
    journal.record(held, "explain_letter", by=by, **choice.dumped())
    return held


@transaction.atomic
def approve_letters(letters: Iterable[Letter], *, by: Any) -> int:
    """Say that these letters were read and may leave. Refused for one without an address, or that names a juror."""
    drafts = [letter for letter in _locked(letters) if letter.state == LetterState.DRAFT]
    if named := queries.jurors_named(drafts):
        words = "; ".join(f"{reference} (« {', '.join(found)} »)" for reference, found in sorted(named.items()))
        raise Refused(_("Ces lettres nomment un membre du jury, ôtez son nom : %(files)s.") % {"files": words})
    if homeless := [letter.decision.application.reference for letter in drafts if not letter.to]:
        raise Refused(_("Sans adresse e-mail : %(files)s.") % {"files": ", ".join(homeless)})
    for letter in drafts:
        letter.state, letter.approved_by = LetterState.APPROVED, by
        letter.save(update_fields=["state", "approved_by"])
        journal.record(letter, "approve_letter", by=by)
    return len(drafts)


def _locked(letters: Iterable[Letter]) -> list[Letter]:
    return list(
        Letter.objects.select_for_update(of=("self",))
        .filter(pk__in=[letter.pk for letter in letters])
        .select_related(*DECIDED, "mail")
        .order_by("pk")
    )


@transaction.atomic
def post_letters(letters: Iterable[Letter], *, by: Any) -> int:
    """Let the approved ones among these leave, each once whatever happens; how many were posted.

    The state is claimed by one UPDATE and the mail's key names the letter: a double click, or two people at once,
    post nothing more. From here on the holder sees the decision, and the public the selected project.
    """
    posted = 0
    for letter in _locked(letters):
        claimed = Letter.objects.filter(pk=letter.pk, state=LetterState.APPROVED).update(
            state=LetterState.POSTED, posted_at=timezone.now()
        )
        if claimed:
            sent = mail.post(f"letter:{letter.pk}", to=letter.to, subject=letter.subject, body=letter.body)
            Letter.objects.filter(pk=letter.pk).update(mail=sent)
            projects.announce(letter.decision.application, by=by, letter=letter.pk)
            journal.record(letter, "post_letter", by=by, to=letter.to)
            posted += 1
    return posted


@transaction.atomic
def resend_letter(letter: Letter, *, by: Any, to: str = "") -> bool:
    """A person decides that a letter which failed, or of which nobody knows whether it left, goes again.

    False where there is nothing to decide: it was sent, it is being sent, or somebody decided already. A message
    that only lost its turn is put back in the queue: whoever claims it first sends it, once. `to` mends an address
    that the mail server refused.
    """
    (held,) = _locked([letter])
    if held.mail is None:
        return False
    if held.mail.state == Mail.State.QUEUED:
        transaction.on_commit(partial(mail.deliver.enqueue, held.mail.pk))
    else:
        if to and to != held.mail.to and Mail.objects.filter(pk=held.mail.pk, state=Mail.State.FAILED).update(to=to):
            Letter.objects.filter(pk=held.pk).update(to=to)
        if not mail.retry(held.mail, by=by):
            return False
    journal.record(held, "resend_letter", by=by, after=held.mail.state, error=held.mail.error, to=to or held.to)
    return True


@transaction.atomic
def confirm_arrival(letter: Letter, *, by: Any) -> bool:
    """A person knows that a doubtful message did arrive: it is marked as sent, and nothing leaves."""
    (held,) = _locked([letter])
    if held.mail is None or not mail.confirm(held.mail, by=by):
        return False
    journal.record(held, "confirm_arrival", by=by)
    return True


@transaction.atomic
def announce_otherwise(letter: Letter, *, how: str, by: Any) -> None:
    """The office told the holder by another way (post, telephone): the letter leaves no more, the decision shows."""
    (held,) = _locked([letter])
    if held.state == LetterState.POSTED:
        raise Refused(_("Cette lettre est partie : elle ne change plus."))
    if not how.strip():
        raise ValueError(_("Dites comment la décision a été annoncée."))
    held.state, held.posted_at, held.approved_by = LetterState.POSTED, timezone.now(), by
    held.save(update_fields=["state", "posted_at", "approved_by"])
    projects.announce(held.decision.application, by=by, letter=held.pk, how=how.strip())
    journal.record(held, "announce_otherwise", by=by, how=how.strip())
