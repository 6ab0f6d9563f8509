"""What a holder does to a report: open it, write in it, send it. Texts are saved as those of an application are."""

from collections.abc import Mapping
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from terreau.core import money
from terreau.core.moves import WrongMoment
from terreau.funding import lifecycle
from terreau.funding.actions.moves import move
from terreau.funding.lifecycle import WRITABLE_REPORTS, ReportState
from terreau.funding.models import Report, ReportCount, ReportLine, ReportSubmission
from terreau.funding.queries import reports as queries
from terreau.funding.queries.facts import budget_of
from terreau.funding.rulebook import reporting
from terreau.projects import actions as projects
from terreau.projects.lifecycle import State
from terreau.projects.models import Application, BudgetLine, Document, Revision
from terreau.projects.queries import digest
from terreau.projects.rulebook import RUBRICS, Line

WITHIN = frozenset({State.SELECTED})
MOST_ADDED = 20  # lines that the budget did not plan
LARGEST_COUNT = 1_000_000


class NotReady(Exception):  # noqa: N818 - named after what happened
    """Something is missing: `args[0]` lists it, as `queries.reports.missing` does."""


@transaction.atomic
def open_report(report: Report, *, by: Any) -> Report:
    """Begin a report: the plan and what is known already stand in it. Opened twice, nothing happens the second time."""
    held = _hold(report)
    if held.state != ReportState.EXPECTED:
        return held
    application = held.agreement.application
    _touch(application, {})  # what the machine writes now is told by the line of this move
    held.rules = reporting.dump(queries.rules_on(application.call.funder_id, timezone.localdate()))
    held.save(update_fields=["rules"])
    move(held, "open", by=by)
    before = queries.earlier(held)
    if queries.has_figures(held):
        _plan(held, before)
    _tell_again(held, before, by)
    return held


def _hold(report: Report) -> Report:
    """The report, fresh, while its file is locked: writers of one file follow each other."""
    projects.lock(report.agreement.application)
    return Report.objects.select_related("agreement__application__call", "agreement__holder", "instalment").get(
        pk=report.pk
    )


def _plan(report: Report, before: Report | None) -> None:
    """The lines of the budget and the expected participants, with what the report before this one told."""
    earlier = before.lines.all() if before else []
    told = {(line.rubric, line.label): line for line in earlier}
    reached = {count.public: count.reached for count in before.counts.all()} if before else {}
    rows = [
        _planned(report, number, line, told.get((line.rubric, line.label)))
        for number, line in enumerate(budget_of(report.agreement), 1)
    ]
    rows += [
        ReportLine(report=report, key=x.key, rubric=x.rubric, label=x.label, actual_cents=x.actual_cents, position=900)
        for x in earlier
        if x.key.startswith("x")
    ]
    ReportLine.objects.bulk_create(rows)
    ReportCount.objects.bulk_create(
        ReportCount(report=report, public=t.public, expected=t.expected, reached=reached.get(t.public))
        for t in report.agreement.application.targets.all()
    )


def _planned(report: Report, number: int, line: Line, told: ReportLine | None) -> ReportLine:
    actual = told.actual_cents if told else None
    return ReportLine(
        report=report,
        key=f"l{number}",
        rubric=line.rubric,
        label=line.label,
        planned_cents=report.agreement.granted_cents if line.requested else line.amount_cents,
        actual_cents=queries.received(report.agreement) if line.requested else actual,
        status="" if line.requested else line.status,
        ours=line.requested,
        position=number,
    )


def _tell_again(report: Report, before: Report | None, by: Any) -> None:
    """The answers that the form starts from: the texts of the report before, its figures, its participants."""
    said = queries.answers(before) if before else {}
    known: dict[str, Any] = {
        s.key: said[s.key].value for s in queries.rules_of(report).asked(report.kind) if s.key in said
    }
    if queries.has_figures(report):
        figures: dict[str, Any] = {}
        for line in report.lines.filter(ours=False):
            if line.actual_cents is not None:
                figures[line.key] = line.actual_cents
            if line.key.startswith("x"):
                figures |= {f"{line.key}-rubric": line.rubric, f"{line.key}-label": line.label}
            if line.status:
                figures[f"{line.key}-status"] = line.status
        people = {c.public: c.reached for c in report.counts.all() if c.reached is not None}
        known |= {queries.FIGURES: figures, queries.PEOPLE: people}
    changes: projects.Changes = {report.prefix + key: (value, None) for key, value in known.items()}
    if changes:
        projects.write(report.agreement.application, changes, by=by, then=_touch, within=WITHIN)


def _touch(application: Application, _written: dict[str, Any]) -> None:
    application.save(update_fields=["updated_at"])


@transaction.atomic
def save(report: Report, changes: projects.Changes, *, by: Any, writer: str = "") -> list[projects.Saved]:
    """Write answers of a report: short key → (value, version that the author had read). See `projects.actions.write`.

    `_figures` maps the key of a line to what was typed, `_participants` a public to a number; lines and counts follow.
    """
    held = _hold(report)
    if held.state not in WRITABLE_REPORTS:
        raise WrongMoment("write", held.state)
    whole: projects.Changes = {
        held.prefix + key: (_read(held, key, value), base) for key, (value, base) in changes.items()
    }

    def keep_in_step(application: Application, written: dict[str, Any]) -> None:
        figures, people = written.get(held.prefix + queries.FIGURES), written.get(held.prefix + queries.PEOPLE)
        if figures is not None:
            _copy_figures(held, figures)
        if people is not None:
            for count in held.counts.all():
                reached = people.get(count.public)
                ReportCount.objects.filter(pk=count.pk).update(reached=reached if isinstance(reached, int) else None)
        _touch(application, written)

    return projects.write(held.agreement.application, whole, by=by, then=keep_in_step, writer=writer, within=WITHIN)


def _read(report: Report, key: str, value: Any) -> Any:
    if key == queries.FIGURES:
        return _read_figures(report, value)
    if key == queries.PEOPLE:
        return {k: _read_count(v) for k, v in value.items() if str(v).strip()}
    if key not in {section.key for section in queries.rules_of(report).asked(report.kind)}:
        raise ValueError(_("Cette question n’est pas posée dans ce rapport."))
    return str(value)[: reporting.LONGEST_SECTION]


def _read_figures(report: Report, typed: Mapping[str, Any]) -> dict[str, Any]:
    """What was typed, with amounts as cents where they can be read; the others stay as typed, to be mended."""
    known = {line.key for line in report.lines.all() if not line.ours}
    added = {f"x{number}" for number in range(1, MOST_ADDED + 1)}
    figures: dict[str, Any] = {}
    for name, value in typed.items():
        key, _dash, part = name.partition("-")
        text = value if isinstance(value, int) else str(value).strip()
        if key in known | added and part in {"", "why", "status", "rubric", "label"} and text != "":
            figures[name] = _read_amount(text) if not part else str(text)[: 2000 if part == "why" else 200]
    return figures


def _read_amount(text: int | str) -> int | str:
    try:
        cents = text if isinstance(text, int) else money.parse(text)
    except ValueError:
        return str(text)[:60]
    return cents if cents >= 0 else str(text)[:60]


def _read_count(value: Any) -> int | str:
    text = str(value).strip().replace("\u00a0", "").replace("\u202f", "").replace(" ", "")
    return int(text) if text.isdecimal() and len(text) < 8 and int(text) <= LARGEST_COUNT else str(value)[:20]


def _copy_figures(report: Report, figures: Mapping[str, Any]) -> None:
    """Bring the lines to what was typed; lines that nobody planned come and go with their label."""
    rows = {line.key: line for line in report.lines.filter(ours=False)}
    named = {key.partition("-")[0] for key in figures}
    for key in sorted((named | set(rows)) - {k for k in rows if k.startswith("x") and k not in named}):
        row = rows.pop(key, None) or ReportLine(report=report, key=key, position=900)
        if key.startswith("x"):
            row.rubric, row.label = figures.get(f"{key}-rubric", ""), figures.get(f"{key}-label", "")
            if row.rubric not in RUBRICS:
                rows[key] = row
                continue
            row.label = row.label or str(RUBRICS[row.rubric])
        actual = figures.get(key)
        row.actual_cents = actual if isinstance(actual, int) else None
        row.explanation = figures.get(f"{key}-why", "")
        status = figures.get(f"{key}-status", "")
        row.status = status if status in BudgetLine.Status.values else ""
        row.save()
    ReportLine.objects.filter(pk__in=[row.pk for row in rows.values() if row.pk and row.key.startswith("x")]).delete()


@transaction.atomic
def submit(report: Report, *, by: Any) -> ReportSubmission:
    """Freeze the report and send it. NotReady when something is missing; it stays as it is."""
    held = _hold(report)
    lifecycle.after(ReportState, held.state, "submit")
    ReportLine.objects.filter(report=held, ours=True).update(actual_cents=queries.received(held.agreement))
    if missing := queries.missing(held):
        raise NotReady(missing)
    now = timezone.now()
    content = queries.content(held, by=by, at=now)
    submission = ReportSubmission.objects.create(
        report=held, number=held.submissions.count() + 1, content=content, digest=digest(content), by=by, at=now
    )
    held.submitted_at = now
    held.save(update_fields=["submitted_at"])
    move(held, "submit", by=by, number=submission.number, digest=submission.digest)
    report.refresh_from_db()
    return submission


@transaction.atomic
def attach(report: Report, upload: UploadedFile[Any], *, by: Any) -> Document:
    """Join a file to the report. ValueError, in words, when its content is not an accepted one."""
    held = _writable(report)
    key = f"{held.prefix}{queries.PAPERS}"
    return projects.add_document(held.agreement.application, key, upload, by=by, within=WITHIN)


@transaction.atomic
def detach(report: Report, document: Document, *, by: Any) -> None:
    """Take a file out of the report; a report sent earlier may still name it."""
    held = _writable(report)
    if not document.key.startswith(held.prefix):
        raise ValueError(_("Cette pièce n’est pas de ce rapport."))
    projects.remove_document(document, by=by, within=WITHIN)


def _writable(report: Report) -> Report:
    held = _hold(report)
    if held.state not in WRITABLE_REPORTS:
        raise WrongMoment("write", held.state)
    return held


def reconcile(report: Report, revision: Revision, value: Any, *, base: int, by: Any) -> projects.Saved:
    """Settle a text of the report that two people wrote at once."""

    def save_whole(_application: Application, changes: projects.Changes, *, by: Any) -> list[projects.Saved]:
        short = {key.removeprefix(report.prefix): change for key, change in changes.items()}
        return save(report, short, by=by)

    return projects.reconcile(revision, value, base=base, by=by, save=save_whole)
