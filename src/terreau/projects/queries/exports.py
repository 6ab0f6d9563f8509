"""Files with every answer, as rows of one wide table: what the office downloads and `terreau import` reads back.

A header is `Label [key]`: the label is for people and may change, the key is stable and is what a machine reads.
Several values in a cell are joined by ` | `; money is in euros; a choice is written by its label.

Rows are streamed. Each kind of row (answers, budget…) is one query ordered by application, and the streams are
merged as they flow: the number of queries and the memory do not depend on the number of files.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from itertools import chain, groupby
from operator import itemgetter
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from terreau.accounts.models import LegalForm
from terreau.calls import rulebook
from terreau.calls.models import Version
from terreau.projects.lifecycle import State
from terreau.projects.models import (
    Answer,
    Application,
    BudgetLine,
    Collaborator,
    Document,
    Partner,
    Target,
    Theme,
)
from terreau.projects.queries.content import LATER

type Cell = str | int | float | Decimal | datetime | None
SEPARATOR = " | "
CHUNK = 1000


@dataclass(frozen=True)
class Record:
    """One file and all that hangs on it, as it comes from the database."""

    application: Application
    answers: dict[str, Any]
    themes: list[str]
    publics: dict[str, int]
    territories: list[str]
    budget: list[str]
    partners: list[str]
    documents: list[str]
    email: str


@dataclass(frozen=True)
class Column:
    key: str
    label: str
    read: Callable[[Record], Cell]

    @property
    def header(self) -> str:
        return f"{self.label} [{self.key}]"


def columns(applications: QuerySet[Application]) -> list[Column]:
    """The columns for these files: the built-in ones, then one a question of any version of their calls."""
    published = Q(published_at__isnull=False) | ~Q(call__versions__published_at__isnull=False)  # or all there is
    versions = Version.objects.filter(published, call__in=applications.order_by().values("call"))
    rules = [v.rulebook for v in versions.order_by("-call__edition", "-number")]
    questions: dict[str, rulebook.Question] = {}
    words: dict[str, dict[str, str]] = {}
    for held in rules:  # the newest wording wins
        for group in ("kinds", "domains", "themes", "publics"):
            known = words.setdefault(group, {})
            known |= {c.key: c.label for c in getattr(held, group) if c.key not in known}
        questions |= {k: q for k, q in held.questions.items() if k not in questions}
    return [*_identity(), *_project(words), *_money(), *(_question(q) for q in questions.values() if q.kind != "file")]


def _identity() -> list[Column]:
    states = {s.value: str(s.label) for s in State}
    forms = {f.value: str(f.label) for f in LegalForm}
    return [
        Column("reference", _("Numéro"), lambda r: r.application.reference),
        Column("external_id", _("Numéro d’origine"), lambda r: r.application.external_id),
        Column("call", _("Appel"), lambda r: r.application.call.slug),
        Column("window", _("Période"), lambda r: r.application.window.key if r.application.window else None),
        Column("state", _("État"), lambda r: states[r.application.state]),
        Column("submitted_at", _("Déposé le"), lambda r: r.application.submitted_at),
        Column("email", _("E-mail"), lambda r: r.email),
        Column("holder", _("Structure porteuse"), lambda r: r.application.holder.name),
        Column("siret", _("SIRET"), lambda r: r.application.holder.siret),
        Column("rna", _("Numéro RNA"), lambda r: r.application.holder.rna),
        Column("legal_form", _("Forme juridique"), lambda r: forms.get(r.application.holder.legal_form)),
    ]


def _project(words: dict[str, dict[str, str]]) -> list[Column]:
    def said(group: str, key: str) -> str:
        return words.get(group, {}).get(key, key)

    return [
        Column("title", _("Titre"), lambda r: r.application.title),
        Column("summary", _("Résumé"), lambda r: r.application.summary),
        Column("kind", _("Type de projet"), lambda r: said("kinds", r.application.kind)),
        Column("domain", _("Domaine"), lambda r: said("domains", r.application.domain)),
        Column("themes", _("Thèmes"), lambda r: SEPARATOR.join(said("themes", t) for t in r.themes)),
        Column("region", _("Région"), lambda r: r.application.region.name if r.application.region else None),
        Column("territories", _("Territoires"), lambda r: SEPARATOR.join(r.territories)),
        *(
            Column(f"publics.{key}", _("Participants attendus : %(public)s") % {"public": label}, _expected(key))
            for key, label in words.get("publics", {}).items()
        ),
    ]


def _expected(key: str) -> Callable[[Record], Cell]:
    return lambda r: r.publics.get(key)


def _money() -> list[Column]:
    return [
        Column("requested", _("Montant demandé"), lambda r: in_euros(r.application.requested_cents)),
        Column("total", _("Budget total"), lambda r: in_euros(r.application.total_cents)),
        Column("granted", _("Montant accordé"), lambda r: in_euros(r.application.granted_cents)),
        Column("budget", _("Lignes de budget"), lambda r: SEPARATOR.join(r.budget)),
        Column("partners", _("Partenaires"), lambda r: SEPARATOR.join(r.partners)),
        Column("documents", _("Pièces"), lambda r: SEPARATOR.join(r.documents)),
    ]


def _question(question: rulebook.Question) -> Column:
    said = {c.key: c.label for c in question.choices}
    return Column(
        f"answers.{question.key}",
        question.label,
        lambda r: _spoken(question.kind, said, r.answers.get(question.key)),
    )


def _spoken(kind: str, said: dict[str, str], value: Any) -> Cell:
    if isinstance(value, list):
        return SEPARATOR.join(said.get(str(v), str(v)) for v in value)
    if kind == "money" and isinstance(value, int):
        return in_euros(value)
    if value is None or isinstance(value, int | float):
        return value
    return said.get(str(value), str(value))


def in_euros(cents: int | None) -> Decimal | None:
    return None if cents is None else Decimal(cents).scaleb(-2)


def records(applications: QuerySet[Application]) -> Iterator[Record]:
    """Every file with all that hangs on it, in the order of entry: nine queries, whatever their number."""
    scope = applications.order_by().values("pk")
    places = Application.territories.through.objects
    answers = _feed(Answer.objects, scope, "key", "value")
    themes = _feed(Theme.objects, scope, "key")
    targets = _feed(Target.objects, scope, "public", "expected")
    territories = _feed(places, scope, "territory__level", "territory__code", "territory__name")
    lines = _feed(BudgetLine.objects, scope, "rubric", "label", "amount_cents", "status", "requested")
    partners = _feed(Partner.objects, scope, "name", "siret", "contribution")
    documents = _feed(Document.objects.filter(removed_at=None).exclude(key__contains=LATER), scope, "key", "name")
    owners = _feed(
        Collaborator.objects.filter(role=Collaborator.Role.OWNER, membership__left_at=None),
        scope,
        "membership__user__email",
    )
    for application in _applications(applications):
        pk = application.pk
        yield Record(
            application=application,
            answers=dict(answers(pk)),
            themes=[key for (key,) in themes(pk)],
            publics=dict(targets(pk)),
            territories=[f"{level}:{code} {name}" for level, code, name in territories(pk)],
            budget=[_line(*line) for line in lines(pk)],
            partners=[" ; ".join(partner) for partner in partners(pk)],
            documents=[f"{key} : {name}" for key, name in documents(pk)],
            email=next((email for (email,) in owners(pk)), ""),
        )


def _applications(applications: QuerySet[Application]) -> Iterator[Application]:
    return (
        Application.objects.filter(pk__in=applications.order_by().values("pk"))
        .select_related("call", "window", "holder", "region")
        .only(
            *("reference", "external_id", "state", "title", "summary", "kind", "domain", "submitted_at"),
            *("requested_cents", "total_cents", "granted_cents", "call__slug", "window__key", "region__name"),
            *("holder__name", "holder__siret", "holder__rna", "holder__legal_form"),
        )
        .order_by("pk")
        .iterator(chunk_size=CHUNK)
    )


def _line(rubric: str, label: str, cents: int, status: str, requested: bool) -> str:
    words = (rubric, label, f"{in_euros(cents)}", status, "x" if requested else "")
    return " ; ".join(words)


def _feed(rows: Any, scope: QuerySet[Any, Any], *fields: str) -> Callable[[int], Iterable[tuple[Any, ...]]]:
    """The rows of one application at a time, asked for in ascending order of applications, from one query."""
    stream: Iterator[tuple[Any, ...]] = (
        rows.filter(application__in=scope)
        .order_by("application_id", "pk")
        .values_list("application_id", *fields)
        .iterator(chunk_size=CHUNK)
    )
    groups = ((pk, [row[1:] for row in group]) for pk, group in groupby(stream, key=itemgetter(0)))
    held: list[tuple[int, list[tuple[Any, ...]]]] = []

    def take(pk: int) -> Iterable[tuple[Any, ...]]:
        while not held or held[0][0] < pk:
            group = next(groups, None)
            if group is None:
                return ()
            held[:] = [group]
        return held[0][1] if held[0][0] == pk else ()

    return take


FORMULA = ("=", "+", "-", "@", "\t", "\r")


def safe(text: str) -> str:
    """A text that no spreadsheet takes for a formula: a leading = + - @ is put behind an apostrophe."""
    return f"'{text}" if text.lstrip("'").startswith(FORMULA) else text


def restored(text: str) -> str:
    """What `safe` was given, exactly."""
    return text[1:] if text.startswith("'") and text.lstrip("'").startswith(FORMULA) else text


def rows(applications: QuerySet[Application]) -> Iterator[list[Cell]]:
    """The header, then one row a file, texts made safe for spreadsheets; words in the language of now."""
    wanted = columns(applications)
    header: list[Cell] = [safe(column.header) for column in wanted]
    return chain([header], ([_cell(c.read(record)) for c in wanted] for record in records(applications)))


def _cell(value: Cell) -> Cell:
    if isinstance(value, str):
        return safe(value)
    return timezone.localtime(value).replace(tzinfo=None) if isinstance(value, datetime) else value
