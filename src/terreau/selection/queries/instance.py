"""The question put to the selection: frozen as JSON from the rows of a window, then turned into an instance.

Three beats: `selection_input` (facts and calibrated scores, whole, canonical) → `instance_of` under the committee's
parameters → `methods.selection.select`. A stored input answers again without any other row.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from django.utils import timezone

from terreau.calls.models import Window
from terreau.methods.selection.instance import Attribute, Balance, Floats, Instance, Measure, Rule
from terreau.projects.models import Target, Theme
from terreau.selection.queries.committee import candidates
from terreau.selection.queries.readings import Reading, calibration_of, review_scores
from terreau.selection.rulebook import WEIGHTS, Line, Parameters
from terreau.territories import queries as places
from terreau.territories.models import Level

FORMAT = 1
NEED, NEED_COUNT = "taux_chomage_rp", "chomeurs_rp"  # of the région, by the census: a rate, and how many people
COLUMNS = (
    "pk", "reference", "holder_id", "region__code", "region__name", "kind", "requested_cents", "total_cents",
    "holder__founded_on",
)  # fmt: skip
DECIMALS = 4  # of a score: the digest must not hang on the last bits of a machine

type Content = dict[str, Any]


def selection_input(window: Window) -> Content:
    """Everything that a selection of this window needs, as JSON values in a stated order. Six queries."""
    amounts = window.call.rules.amounts
    readings = review_scores(window)
    scores, needs = scores_of(readings), places.indicator_everywhere(Level.REGION, NEED)
    themes, publics = _themes(window), _publics(window)
    rows = sorted(candidates(window).order_by().values_list(*COLUMNS), key=lambda row: row[1])
    files = [
        {
            "id": reference,
            "organisation": str(holder),
            "region": region or "",
            "kind": kind,
            "themes": sorted(themes.get(pk, ())),
            "publics": dict(sorted(publics.get(pk, {}).items())),
            "requested": min(requested or 0, amounts.maximum_cents or requested or 0),
            "minimum": amounts.minimum_cents or 1,
            "total": total,
            "founded": founded.isoformat() if founded else None,
            "need": needs.get(code),
            **scores.get(reference, UNREAD),
        }
        for pk, reference, holder, code, region, kind, requested, total, founded in rows
    ]
    return {
        "format": FORMAT,
        "call": window.call.slug,
        "window": window.key,
        "on": timezone.localdate(window.deadline).isoformat(),
        "envelope_cents": window.envelope_cents,
        "files": files,
        "readings": numbered(readings),
        "needs": _need_shares(rows),
    }


UNREAD: Content = dict.fromkeys(("raw", "merit", "sd", "rank", "low", "high", "part")) | {"reviews": 0}


def scores_of(readings: tuple[Reading, ...]) -> dict[str, Content]:
    """The calibrated score of each file that was read; files of different parts cannot be compared."""
    found = calibration_of(readings)
    if found is None:
        return {}
    scores = found.scores
    columns = {
        "raw": scores.raw.round(DECIMALS).tolist(),
        "merit": scores.mean.round(DECIMALS).tolist(),
        "sd": scores.sd.round(DECIMALS).tolist(),
        "rank": scores.rank.tolist(),
        "low": scores.rank_low.tolist(),
        "high": scores.rank_high.tolist(),
        "part": scores.components.tolist(),
        "reviews": scores.reviews.tolist(),
    }
    rows = zip(*columns.values(), strict=True)
    return {name: dict(zip(columns, row, strict=True)) for name, row in zip(found.references, rows, strict=True)}


def numbered(readings: tuple[Reading, ...]) -> list[list[Any]]:
    """The readings with jurors numbered from 0: who they are is not part of the question."""
    jurors = {juror: n for n, juror in enumerate(sorted({juror for _file, juror, _score in readings}))}
    return [[reference, jurors[juror], round(score, DECIMALS)] for reference, juror, score in readings]


def readings_of(content: Content) -> tuple[Reading, ...]:
    """The readings of a stored input, jurors by their number in it."""
    return tuple((reference, juror, score) for reference, juror, score in content["readings"])


def _themes(window: Window) -> dict[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    for application, key in Theme.objects.filter(application__window=window).values_list("application_id", "key"):
        found[application].append(key)
    return found


def _publics(window: Window) -> dict[int, dict[str, int]]:
    found: dict[int, dict[str, int]] = defaultdict(dict)
    rows = Target.objects.filter(application__window=window, expected__gt=0)
    for application, public, expected in rows.values_list("application_id", "public", "expected"):
        found[application][public] = expected
    return found


def _need_shares(rows: Sequence[tuple[Any, ...]]) -> dict[str, float]:
    """Region name → its share of the jobseekers of the régions that have a file; empty without indicators."""
    names = {row[3]: row[4] for row in rows if row[3]}
    counts = {
        names[code]: n for code, n in places.indicator_everywhere(Level.REGION, NEED_COUNT).items() if code in names
    }
    total = sum(counts.values())
    return {name: round(n / total, 6) for name, n in sorted(counts.items())} if total else {}


def has_need(content: Content) -> bool:
    """Whether the indicators of need were there when the question was frozen."""
    return bool(content["needs"])


def offered(content: Content) -> list[Content]:
    """The files that may be granted at all: those that ask for something."""
    return [file for file in content["files"] if file["requested"] > 0]


def instance_of(content: Content, parameters: Parameters) -> Instance:
    """The instance of a frozen question under the committee's parameters.

    Files that nobody read stay out unless they are forced in. A file may be reduced to the share that the parameters
    allow, never under the least grant of the call.
    """
    files = offered(content)
    ids = tuple(file["id"] for file in files)
    requested = np.array([file["requested"] for file in files], dtype=np.int64)
    floor = np.array([min(file["minimum"], file["requested"]) for file in files], dtype=np.int64)
    least = np.maximum(floor, np.ceil(requested * parameters.reduce).astype(np.int64))
    forced = frozenset(parameters.forced) & set(ids)
    unread = {file["id"] for file in files if file["merit"] is None}
    return Instance(
        ids=ids,
        merit=points(content, parameters),
        requested=requested,
        budget=round(content["envelope_cents"] * (1 - parameters.margin)),
        minimum=least if parameters.reduce < 1 else None,
        attributes=attributes(files),
        rules=tuple(rule_of(line) for line in parameters.lines if line.on),
        one_per=("organisation",) if parameters.one_per_organisation else (),
        forced=forced,
        excluded=(frozenset(parameters.excluded) & set(ids) | unread) - forced,
        balance=_balance(content, parameters),
    )


def rule_of(line: Line) -> Rule:
    """A rule of the committee as the method reads it."""
    return Rule(line.attribute, line.value, Measure(line.measure), line.limit, line.is_floor)


def selection_instance(window: Window, parameters: Parameters) -> Instance:
    """The instance of a window as it stands."""
    return instance_of(selection_input(window), parameters)


def attributes(files: Sequence[Mapping[str, Any]]) -> dict[str, Attribute]:
    return {
        "region": Attribute.of([[file["region"]] if file["region"] else [] for file in files]),
        "theme": Attribute.of([file["themes"] for file in files]),
        "public": Attribute.of([list(file["publics"]) for file in files]),
        "kind": Attribute.of([[file["kind"]] if file["kind"] else [] for file in files]),
        "organisation": Attribute.of([[file["organisation"]] for file in files]),
    }


def points(content: Content, parameters: Parameters) -> Floats:
    """The points of each file that may be granted, of 100: merit, participants and need, weighted.

    Merit is the calibrated score. Participants and need are the file's place among the others: 0 for the least,
    100 for the most, ties halfway. Need weighs nothing where there are no indicators. Counted by euro, the points are
    multiplied by the request over the mean request.
    """
    files = offered(content)
    parts = {
        "merit": np.array([file["merit"] or 0.0 for file in files]),
        "participants": _places([sum(file["publics"].values()) for file in files]),
        "need": _places([file["need"] or 0.0 for file in files]),
    }
    weights = {name: getattr(parameters, name) for name in WEIGHTS}
    if not has_need(content):
        weights["need"] = 0
    total = sum(weights.values())
    if total:
        mixed: Floats = sum((weights[name] * parts[name] for name in WEIGHTS), np.zeros(len(files))) / total
    else:
        mixed = parts["merit"]
    if not parameters.by_euro or not files:
        return mixed
    requested = np.array([file["requested"] for file in files], dtype=np.float64)
    return np.asarray(mixed * requested / requested.mean())


def merit_share(content: Content, parameters: Parameters) -> Floats:
    """How many points of each file one point of its score makes."""
    files = offered(content)
    others = parameters.participants + (parameters.need if has_need(content) else 0)
    total = parameters.merit + others
    share = np.full(len(files), parameters.merit / total if total else 1.0)
    if not parameters.by_euro or not files:
        return share
    requested = np.array([file["requested"] for file in files], dtype=np.float64)
    return np.asarray(share * requested / requested.mean())


def _places(values: Sequence[float]) -> Floats:
    ordered = np.sort(np.asarray(values, dtype=np.float64))
    below, upto = np.searchsorted(ordered, values, side="left"), np.searchsorted(ordered, values, side="right")
    if len(ordered) < 2:
        return np.full(len(ordered), 50.0)
    return 100 * (below + upto - 1) / 2 / (len(ordered) - 1)


def _balance(content: Content, parameters: Parameters) -> tuple[Balance, ...]:
    if not parameters.balance or not has_need(content):
        return ()
    return (Balance("region", content["needs"], parameters.balance),)
