"""Takes checked rows in: one transaction for the whole file, a few statements for each five hundred rows."""

from dataclasses import dataclass, field
from datetime import date
from itertools import batched
from typing import Any

from django.db import transaction
from django.utils.text import slugify

from terreau.accounts import actions as accounts
from terreau.accounts.models import Organisation
from terreau.calls import actions as calls
from terreau.calls import rulebook
from terreau.calls.models import Call
from terreau.cli.applications.checking import Checker, Fault, Found
from terreau.cli.applications.shapes import Shape
from terreau.projects import actions as projects
from terreau.projects.models import Application
from terreau.territories.models import Territory

CHUNK = 500
SHOWN = 200  # faults that are told one by one
IMPORTER = "Données importées"
ABROAD = {  # amounts that are not euros, kept as they are written
    "requested_abroad": "Montant demandé, dans sa monnaie",
    "total_abroad": "Budget total, dans sa monnaie",
    "granted_abroad": "Montant accordé, dans sa monnaie",
}


@dataclass
class Outcome:
    """What became of the rows."""

    rows: int = 0
    taken: int = 0
    known: int = 0
    bad: int = 0
    faults: list[Fault] = field(default_factory=list)

    def fault(self, found: Found) -> None:
        self.bad += 1
        self.faults += found.faults[: max(0, SHOWN - len(self.faults))]


def check(checker: Checker, known: set[str]) -> Outcome:
    """Read everything once and write nothing."""
    outcome = Outcome()
    for found in checker.rows():
        outcome.rows += 1
        if found.faults:
            outcome.fault(found)
        elif found.external_id in known:
            outcome.known += 1
        else:
            outcome.taken += 1
    return outcome


def known_ids(call: Call | None) -> set[str]:
    """What identifies the files of the call already here: their number of origin, and their own."""
    if call is None:
        return set()
    rows = Application.objects.filter(call=call).values_list("external_id", "reference")
    return {one for row in rows for one in row if one}


def load(checker: Checker, call: Call, known: set[str], *, window: str, source: str) -> int:
    """Write every good row that is not here yet; the number of files taken in."""
    windows = {w.key: w.pk for w in call.windows.all()}
    good = (f for f in checker.rows() if not f.faults and f.external_id not in known)
    taken = 0
    with transaction.atomic():
        for chunk in batched(good, CHUNK):  # the last may be shorter
            holders = accounts.take_in((_identity(f) for f in chunk), by=None, source=source)
            files = [_incoming(f, holders[_identity(f).key], windows, window) for f in chunk]
            projects.take_in(call, _with_places(files), by=None, source=source)
            taken += len(files)
    return taken


def _identity(found: Found) -> accounts.Identity:
    kept = found.values
    siret = kept.get("siret", "")
    form = kept.get("legal_form", "")
    public = form == "public_body" or str(found.answers.get("type", "")).startswith(PUBLIC)
    return accounts.Identity(
        name=kept.get("holder") or f"Structure {siret}",
        siret=siret,
        rna=kept.get("rna", ""),
        legal_form="public_body" if public else form,
        kind="public" if public else "company" if form == "company" else "association",
        commune_id=kept.get("commune"),
    )


PUBLIC = ("COMMUN", "SYNDICAT", "DEPARTEMENT", "METROPOLE", "PETR", "REGION", "EPT", "PNR", "CC", "CA")
PLAIN = ("title", "summary", "kind", "domain", "state", "submitted_at")


def _incoming(found: Found, holder: int, windows: dict[str, int], window: str) -> projects.Incoming:
    kept = found.values
    places = (
        tuple(found.territories)
        or tuple(kept[level] for level in ("commune", "departement", "region") if kept.get(level))[:1]
    )
    columns = {key: kept[key] for key in PLAIN if kept.get(key)}
    columns |= {f"{key}_cents": kept.get(key) for key in ("requested", "total", "granted")}
    columns["window_id"] = windows.get(kept.get("window") or window)
    return projects.Incoming(
        external_id=found.external_id,
        holder_id=holder,
        columns=columns,
        answers=found.answers | _built_in(found, windows, window),
        themes=tuple(kept.get("themes", ())),
        publics=found.publics,
        territories=places,
        budget=tuple(kept.get("budget", ())),
        partners=tuple(kept.get("partners", ())),
    )


def _built_in(found: Found, windows: dict[str, int], window: str) -> dict[str, Any]:
    """The answers that have a column are answers too: the file is read and exported from them."""
    kept = found.values
    keys = ("title", "summary", "kind", "domain", "themes", "budget", "partners")
    held: dict[str, Any] = {key: kept[key] for key in keys if kept.get(key)}
    if found.publics:
        held["publics"] = found.publics
    if (key := kept.get("window") or window) in windows:
        held["window"] = key
    if kept.get("email"):
        held["email"] = kept["email"]
    return held


def _with_places(files: list[projects.Incoming]) -> list[projects.Incoming]:
    """Write the territories as an answer, by their keys."""
    wanted = {pk for one in files for pk in one.territories}
    keys = {t.pk: f"{t.level}:{t.code}" for t in Territory.objects.filter(pk__in=wanted)}
    for one in files:
        if one.territories:
            one.answers["territories"] = [keys[pk] for pk in one.territories]
    return files


def make_call(shape: Shape, slug: str, added: dict[str, str]) -> Call:
    """A call in preparation for files that come from elsewhere; it asks their questions, and nobody may apply."""
    funder = Organisation.objects.filter(kind="funder").order_by("pk").first()
    if funder is None:
        funder = accounts.create_organisation(kind="funder", name=IMPORTER, legal_form="", by=None)
    asked = added | (ABROAD if shape.currency else {})
    questions = tuple(rulebook.Question(_key(key), "long_text", header[:200] or key) for key, header in asked.items())
    sections = (rulebook.Section("origine", "Réponses d’origine", questions=questions),) if questions else ()
    return calls.create_call(
        funder=funder,
        title=(shape.call or slug)[:200],
        slug=slug,
        edition=shape.edition or date.today().year,  # noqa: DTZ011 - a year, on the machine of whoever imports
        summary="Dossiers importés.",
        rules=rulebook.Rulebook(sections=sections),
        by=None,
    )


def _key(key: str) -> str:
    return slugify(key)[:40].strip("-") or "question"


def slug_of(name: str) -> str:
    return slugify(name)[:50].strip("-")
