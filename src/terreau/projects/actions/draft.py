"""What a holder does to a file before it is submitted: open it, write in it, share it."""

from collections.abc import Callable, Collection
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from terreau.accounts.identifiers import check_siret
from terreau.accounts.models import Membership, Organisation, User
from terreau.calls.models import Call
from terreau.core import files, journal, money
from terreau.core.moves import WrongMoment
from terreau.projects import lifecycle
from terreau.projects.actions.answers import Changes, Saved, lock, save_aside, write
from terreau.projects.actions.columns import keep_in_step
from terreau.projects.models import (
    Application,
    BudgetLine,
    Collaborator,
    Document,
    ReferenceCounter,
    Revision,
)
from terreau.projects.queries import rules_in_force
from terreau.projects.rulebook import COFUNDED, RUBRICS

MOST_DOCUMENTS = 60  # on one file, removed ones counted: a disk has an end
MOST_LINES = 200


def next_references(edition: int, count: int = 1) -> list[str]:
    """Take numbers such as `2025-0042`; the counter's row stays locked until the transaction ends."""
    ReferenceCounter.objects.get_or_create(edition=edition)
    counter = ReferenceCounter.objects.select_for_update().get(edition=edition)
    first, counter.last = counter.last + 1, counter.last + count
    counter.save(update_fields=["last"])
    return [f"{edition}-{number:04d}" for number in range(first, counter.last + 1)]


@transaction.atomic
def start(call: Call, holder: Organisation, *, by: Any, membership: Membership | None) -> Application:
    """Open a draft in the name of an organisation, for the open window whose deadline comes first."""
    now = timezone.now()
    window = call.windows.filter(opens_at__lte=now, deadline__gte=now).order_by("deadline").first()
    application = Application.objects.create(
        reference=next_references(call.edition)[0],
        call=call,
        window=window,
        holder=holder,
        version=rules_in_force(call.pk),
        region_id=holder.commune.region_id if holder.commune else None,
    )
    if window:
        application.answers.create(key="window", value=window.key, updated_by=by)
    if membership:
        Collaborator.objects.create(application=application, membership=membership, role=Collaborator.Role.OWNER)
    journal.record(application, "start", by=by, reference=application.reference)
    return application


def save_answers(application: Application, changes: Changes, *, by: Any, writer: str = "") -> list[Saved]:
    """Write answers: key → (value, version that the author had read). See `answers.write`."""
    return write(application, changes, by=by, then=keep_in_step, writer=writer)


def save_budget(
    application: Application,
    lines: list[dict[str, Any]],
    *,
    by: Any,
    base: int | None = None,
    writer: str = "",
    aside: Revision | None = None,
) -> Saved:
    """Replace the budget, or the one kept `aside` after two people changed it.

    A line: rubric, label, amount_cents (or amount, as typed), status, requested.
    An amount that cannot be read stays in the answer as typed; such a line does not count until it is mended.
    """
    if len(lines) > MOST_LINES:
        raise ValueError(_("Un budget compte au plus %(most)s lignes.") % {"most": MOST_LINES})
    if sum(bool(line.get("requested")) for line in lines) > 1:
        raise ValueError(_("Une seule ligne porte le montant demandé à ce financeur."))
    rows = [_line(given) for given in lines]
    if aside is not None:
        save_aside(aside, rows, by=by)
        return Saved("budget", aside.answer.version, "conflict", aside.answer.value, rows, aside.pk, base or 0)
    (saved,) = write(application, {"budget": (rows, base)}, by=by, then=keep_in_step, writer=writer)
    return saved


def _line(given: dict[str, Any]) -> dict[str, Any]:
    rubric, status = given.get("rubric", ""), given.get("status") or ""
    if rubric not in RUBRICS:
        raise ValueError(_("Rubrique inconnue : %(rubric)s.") % {"rubric": rubric})
    if status not in {"", *BudgetLine.Status.values}:
        raise ValueError(_("État de cofinancement inconnu : %(status)s.") % {"status": status})
    line = {
        "rubric": rubric,
        "label": str(given.get("label") or "").strip()[:200],
        "status": status if rubric in COFUNDED else "",
        "requested": bool(given.get("requested")) and rubric == "74",
    }
    cents = given.get("amount_cents")
    return line | (_read_amount(str(given.get("amount", ""))) if cents is None else {"amount_cents": max(cents, 0)})


def _read_amount(text: str) -> dict[str, Any]:
    try:
        cents = money.parse(text)
    except ValueError:
        return {"amount": text[:60]}
    return {"amount_cents": cents} if cents >= 0 else {"amount": text[:60]}


def save_partners(
    application: Application,
    partners: list[dict[str, Any]],
    *,
    by: Any,
    base: int | None = None,
    writer: str = "",
) -> Saved:
    """Replace the partners: name, siret, contribution. A SIRET that does not hold stays as typed, to be mended."""
    rows = [_partner(given) for given in partners]
    (saved,) = write(application, {"partners": (rows, base)}, by=by, then=keep_in_step, writer=writer)
    return saved


def _partner(given: dict[str, Any]) -> dict[str, str]:
    row = {k: str(given.get(k) or "").strip()[:200] for k in ("name", "siret", "contribution")}
    if row["siret"]:
        try:
            row["siret"] = check_siret(row["siret"])
        except ValueError as problem:
            row["error"] = str(problem)
    return row


@transaction.atomic
def add_document(
    application: Application,
    key: str,
    upload: UploadedFile[Any],
    *,
    by: Any,
    within: Collection[str] = lifecycle.WRITABLE,
) -> Document:
    """Keep one supporting document. ValueError, in words, when its content is not an accepted one.

    `within` as in `answers.write`: the states of the file in which it may be added.
    """
    checked = files.check(upload)
    held = lock(application)
    if held.state not in within:
        raise WrongMoment("write", held.state)
    if held.documents.count() >= MOST_DOCUMENTS:
        raise ValueError(_("Ce dossier a déjà reçu %(most)s fichiers.") % {"most": MOST_DOCUMENTS})
    document = held.documents.create(
        key=key,
        file=upload,
        name=checked.name,
        mime=checked.mime,
        size=checked.size,
        digest=checked.digest,
        uploaded_by=by,
    )
    held.save(update_fields=["updated_at"])
    journal.record(held, "add_document", by=by, document=document.pk, name=checked.name)
    return document


@transaction.atomic
def remove_document(document: Document, *, by: Any, within: Collection[str] = lifecycle.WRITABLE) -> None:
    """Take a document out of the file. The bytes stay: an earlier submission may name them."""
    held = lock(document.application)
    if held.state not in within:
        raise WrongMoment("write", held.state)
    document.removed_at = timezone.now()
    document.save(update_fields=["removed_at"])
    journal.record(held, "remove_document", by=by, document=document.pk, name=document.name)


@transaction.atomic
def share(application: Application, membership: Membership, role: str, *, by: Any) -> Collaborator:
    """Give a member of the holder organisation a role on the file, or change it. The file keeps an owner."""
    if membership.organisation_id != application.holder_id or membership.left_at:
        raise ValueError(_("Cette personne ne fait pas partie de la structure porteuse."))
    held = lock(application)
    if role != Collaborator.Role.OWNER:
        _keep_an_owner(held, membership)
    shared, _made = Collaborator.objects.update_or_create(
        application=held, membership=membership, defaults={"role": role}
    )
    journal.record(held, "share", by=by, person=journal.label(membership.user), role=str(role))
    return shared


@transaction.atomic
def unshare(collaborator: Collaborator, *, by: Any) -> None:
    """Close the file to somebody. The file keeps an owner."""
    held = lock(collaborator.application)
    _keep_an_owner(held, collaborator.membership)
    journal.record(held, "unshare", by=by, person=journal.label(collaborator.membership.user))
    collaborator.delete()


def _keep_an_owner(application: Application, besides: Membership) -> None:
    owners = application.collaborators.filter(role=Collaborator.Role.OWNER, membership__left_at=None)
    if owners.filter(membership=besides).exists() and not owners.exclude(membership=besides).exists():
        raise ValueError(_("Un dossier garde au moins un·e responsable."))


def reconcile(
    revision: Revision, value: Any, *, base: int, by: User, save: Callable[..., list[Saved]] = save_answers
) -> Saved:
    """Settle a text kept aside: write the chosen value, from the version that was read, and file the other away.

    `save` writes answers of the file, as `save_answers` does for those of an application.
    """
    with transaction.atomic():
        answer = revision.answer
        (saved,) = save(answer.application, {answer.key: (value, base)}, by=by)
        Revision.objects.filter(pk=revision.pk).update(unmerged=False, version=None)
        journal.record(answer.application, "reconcile", by=by, answer=answer.key)
    return saved
