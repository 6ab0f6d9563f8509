"""A program arranged for its dual: columns class by class, the floor and the cap of one sum as a single row.

A soft target is a row too, whose price cannot exceed what a unit of deviation costs.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, vstack

from terreau.methods.selection.dual_kernels import by_column
from terreau.methods.selection.instance import Floats, Ints
from terreau.methods.selection.outcome import Forced
from terreau.methods.selection.program import Program


@dataclass(frozen=True, eq=False)
class Columns:
    """m columns in k classes and d rows, low ≤ A · x ≤ high, each row with a price between `least` and `most`.

    `option` (m,): the program's number of each column; class c holds columns start[c]:start[c + 1], of which one
    at most is taken, or exactly one where `must[c]`. Column j of A: data[e] at row indices[e] for e in
    indptr[j]:indptr[j + 1]. `floor` and `cap` (d,): the program's rows that give low and high, -1 for none.
    `forced`: the program's rows that `must` stands for.
    """

    option: Ints
    start: Ints
    must: NDArray[np.bool_]
    value: Floats
    indptr: Ints
    indices: Ints
    data: Floats
    low: Floats
    high: Floats
    least: Floats
    most: Floats
    floor: Ints
    cap: Ints
    forced: Ints


def arrange(program: Program) -> Columns | None:
    """The columns of a program; None where two forced projects share a class, which no portfolio can satisfy."""
    forced = np.array([i for i, source in enumerate(program.source) if isinstance(source, Forced)], dtype=np.int64)
    kept, must = _kept(program, forced)
    if kept is None:
        return None
    option = kept[np.argsort(program.klass[kept], kind="stable")].astype(np.int64)
    _, first = np.unique(program.klass[option], return_index=True)
    start = np.append(first, len(option)).astype(np.int64)
    rows, low, high, least, most, floor, cap = _rows(program, forced)
    place = np.full(len(program), -1, dtype=np.int64)
    place[option] = np.arange(len(option))
    indptr, indices, data = by_column(
        rows.indptr.astype(np.int64), rows.indices.astype(np.int64), rows.data.astype(np.float64), place, len(option)
    )
    must_by_class = must[program.klass[option[start[:-1]]]] if len(option) else np.zeros(0, dtype=bool)
    return Columns(
        option,
        start,
        must_by_class,
        np.ascontiguousarray(program.value[option]),
        indptr,
        indices,
        data,
        low,
        high,
        least,
        most,
        floor,
        cap,
        forced,
    )


def _kept(program: Program, forced: Ints) -> tuple[Ints | None, NDArray[np.bool_]]:
    """The options that forced projects leave, and the classes that must give one."""
    count = int(program.klass.max(initial=-1)) + 1
    holder = np.full(count, -1, dtype=np.int64)
    for i in forced:
        options = program.rows.indices[program.rows.indptr[i] : program.rows.indptr[i + 1]]
        if not len(options):
            return None, holder >= 0
        klass, project = program.klass[options[0]], program.project[options[0]]
        if holder[klass] not in {-1, project}:
            return None, holder >= 0
        holder[klass] = project
    own = holder[program.klass]
    return np.flatnonzero((own < 0) | (own == program.project)).astype(np.int64), holder >= 0


def _rows(program: Program, forced: Ints) -> tuple[csr_matrix, Floats, Floats, Floats, Floats, Ints, Ints]:
    """The rows of the dual with their limits, the bounds of their prices, and where they come from."""
    skipped = set(forced.tolist())
    seen: dict[tuple[int, bytes, bytes], list[int]] = {}
    chosen: list[int] = []
    low, high = list[float](), list[float]()
    floor, cap = list[int](), list[int]()
    for i in range(len(program.source)):
        if i in skipped:
            continue
        at = _same(program.rows, i, chosen, seen)
        if at is None:
            at = len(chosen)
            chosen.append(i)
            low.append(-np.inf)
            high.append(np.inf)
            floor.append(-1)
            cap.append(-1)
        if program.low[i] > low[at]:
            low[at], floor[at] = float(program.low[i]), i
        if program.high[i] < high[at]:
            high[at], cap[at] = float(program.high[i]), i
    rows = program.rows[chosen]
    least = [-np.inf if np.isfinite(value) else 0.0 for value in low]
    most = [np.inf if np.isfinite(value) else 0.0 for value in high]
    for soft in program.deviations:
        low.append(soft.target)
        high.append(soft.target)
        least.append(-soft.price)
        most.append(soft.price)
    floor += [-1] * len(program.deviations)
    cap += [-1] * len(program.deviations)
    if program.deviations:
        rows = vstack([rows, *(csr_matrix(soft.row[None, :]) for soft in program.deviations)], format="csr")
    parts = [np.array(part, dtype=np.float64) for part in (low, high, least, most)]
    return rows, *parts, np.array(floor, dtype=np.int64), np.array(cap, dtype=np.int64)  # type: ignore[return-value]


def _same(rows: csr_matrix, i: int, chosen: list[int], seen: dict[tuple[int, bytes, bytes], list[int]]) -> int | None:
    """The place in `chosen` of a row that counts exactly what row i counts; None where it is the first."""
    a, b = rows.indptr[i], rows.indptr[i + 1]
    key = (int(b - a), rows.indices[a : min(b, a + 8)].tobytes(), rows.data[a : min(b, a + 8)].tobytes())
    for at in seen.setdefault(key, []):
        c, d = rows.indptr[chosen[at]], rows.indptr[chosen[at] + 1]
        if np.array_equal(rows.indices[a:b], rows.indices[c:d]) and np.array_equal(rows.data[a:b], rows.data[c:d]):
            return at
    seen[key].append(len(chosen))
    return None
