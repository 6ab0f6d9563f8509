"""What the office does to a file, and what the holder answers: admissibility, missing pieces, messages."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import formats, timezone, translation
from django.utils.translation import gettext_lazy as _

from terreau.accounts.models import Membership, Role, User
from terreau.core import journal, mail
from terreau.projects.actions.moves import move
from terreau.projects.models import Application, Message, MissingRequest
from terreau.projects.queries import writers
from terreau.territories.models import Territory


@transaction.atomic
def admit(application: Application, *, by: Any, **details: Any) -> Application:
    """The file is complete and eligible: it may be reviewed. The holder is told."""
    move(application, "admit", by=by, **details)
    _tell_holder(
        application,
        _("Votre dossier %(reference)s est recevable"),
        _(
            "Bonjour,\n\nVotre dossier « %(title)s » est complet et recevable. Il va être lu par le jury.\n"
            "Recevable ne veut pas dire retenu : la décision vous sera écrite après le comité."
        ),
    )
    return application


@transaction.atomic
def ask_for_missing(
    application: Application, *, items: Sequence[str], message: str, due_on: date, by: Any
) -> MissingRequest:
    """Ask the holder to complete the file before a date; the file becomes writable for them again."""
    if not items and not message.strip():
        raise ValueError(_("Dites ce qui manque."))
    if due_on <= timezone.localdate():
        raise ValueError(_("Le délai doit se terminer après aujourd’hui."))
    move(application, "ask_for_missing", by=by, items=list(items), due_on=due_on.isoformat())
    request = MissingRequest.objects.create(
        application=application, items=list(items), message=message.strip(), due_on=due_on, asked_by=by
    )
    wanted = "\n".join(f"- {item}" for item in items)
    _tell_holder(
        application,
        _("Il manque des éléments à votre dossier %(reference)s"),
        _(
            "Bonjour,\n\nPour étudier votre dossier « %(title)s », il nous manque :\n\n%(wanted)s\n\n%(message)s\n\n"
            "Vous pouvez le compléter en ligne jusqu’au %(due_on)s inclus."
        ),
        wanted=wanted,
        message=message.strip(),
        due_on=due_on,
    )
    return request


@transaction.atomic
def complete(application: Application, *, by: Any) -> Application:
    """The holder has added what was asked: the request is answered and the file is back with the office."""
    move(application, "complete", by=by)
    application.missing_requests.filter(answered_at=None).update(answered_at=timezone.now())
    return application


@transaction.atomic
def declare_ineligible(application: Application, *, rule: str, reason: str, by: Any) -> Application:
    """Stop the file on one rule of the call, with the reason that the holder reads."""
    if not rule.strip() or not reason.strip():
        raise ValueError(_("Choisissez la règle et écrivez le motif."))
    move(application, "declare_ineligible", by=by, rule=rule, reason=reason.strip())
    _tell_holder(
        application,
        _("Votre dossier %(reference)s n’est pas éligible"),
        _(
            "Bonjour,\n\nVotre dossier « %(title)s » ne remplit pas une règle de l’appel :\n\n"
            "%(rule)s\n\n%(reason)s\n\n"
            "Si vous pensez qu’il y a une erreur, répondez depuis la messagerie du dossier."
        ),
        rule=rule,
        reason=reason.strip(),
    )
    return application


@transaction.atomic
def reconsider(application: Application, *, reason: str = "", by: Any) -> Application:
    """An ineligibility was wrong: the file is to be admitted or not, again."""
    return move(application, "reconsider", by=by, reason=reason.strip())


@transaction.atomic
def reopen(application: Application, *, reason: str, by: Any) -> Application:
    """Hand the file back to its holder as a draft. What was submitted stays in its snapshots."""
    if not reason.strip():
        raise ValueError(_("Écrivez le motif."))
    move(application, "reopen", by=by, reason=reason.strip())
    application.missing_requests.filter(answered_at=None).update(answered_at=timezone.now())
    _tell_holder(
        application,
        _("Votre dossier %(reference)s est rouvert"),
        _(
            "Bonjour,\n\nVotre dossier « %(title)s » est rouvert :\n\n%(reason)s\n\n"
            "Vous pouvez le modifier, puis le déposer de nouveau."
        ),
        reason=reason.strip(),
    )
    return application


@transaction.atomic
def start_review(application: Application, *, by: Any) -> Application:
    """An admitted file goes to its readers."""
    return move(application, "start_review", by=by)


@transaction.atomic
def share_with_regions(application: Application, regions: Iterable[Territory], *, by: Any) -> Application:
    """Show the file to the delegates of more régions. The main région always keeps it."""
    wanted = {r.pk: r for r in regions}
    if application.region_id and application.region is not None:
        wanted[application.region_id] = application.region
    application.regions.set(wanted.values())
    journal.record(application, "share_with_regions", by=by, regions=sorted(r.name for r in wanted.values()))
    return application


@transaction.atomic
def write_message(application: Application, body: str, *, by: Any, from_office: bool) -> Message:
    """Write to the other side; each person there gets one e-mail saying that a message waits, not its text."""
    if not body.strip():
        raise ValueError(_("Écrivez votre message."))
    message = Message.objects.create(application=application, author=by, from_office=from_office, body=body.strip())
    journal.record(application, "write_message", by=by, message=message.pk, from_office=from_office)
    people = list(writers(application)) if from_office else _office_side(application)
    _tell(
        [p for p in people if p != by],
        application,
        _("Nouveau message sur le dossier %(reference)s"),
        _("Bonjour,\n\nUn message vous attend sur le dossier « %(title)s ». Connectez-vous pour le lire."),
    )
    return message


def _office_side(application: Application) -> list[User]:
    """Those of the office who already wrote on the file; every officer of the funder where nobody has."""
    staff = Membership.objects.filter(left_at=None, organisation=application.call.funder)
    wrote = application.messages.filter(from_office=True).values("author")
    people = User.objects.filter(memberships__in=staff)
    return list(
        people.filter(pk__in=wrote).distinct()
        or people.filter(memberships__in=staff.filter(role=Role.OFFICER)).distinct()
    )


def _tell_holder(application: Application, subject: Any, body: Any, **fields: Any) -> None:
    _tell(list(writers(application)), application, subject, body, **fields)


def _tell(people: Iterable[User], application: Application, subject: Any, body: Any, **fields: Any) -> None:
    """One e-mail each, in their language, keyed by the journal line it tells of: it never leaves twice."""
    line = journal.history(application).values_list("pk", flat=True)[0]
    for person in people:
        with translation.override(person.language):
            filled = {"reference": application.reference, "title": application.title or application.reference}
            filled |= {
                k: formats.date_format(v, "DATE_FORMAT") if isinstance(v, date) else v for k, v in fields.items()
            }
            mail.post(f"journal:{line}:{person.pk}", to=person.email, subject=subject % filled, body=body % filled)
