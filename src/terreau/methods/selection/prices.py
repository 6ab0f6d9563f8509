"""Prices of the rows of a program: the Lagrangian dual, smoothed, by Newton; its value is a proven upper bound.

Each class answers prices y by its best reduced value v − aᵀy, or by nothing. The sum of these answers and of what the
limits are worth, D(y) = Σ_rows (high · y⁺ − low · y⁻) + Σ_classes max(0, max_j v_j − a_jᵀ y), bounds every portfolio.
The maximum is smoothed by a temperature mu (Nesterov 2005), which is lowered step by step; the bound is D itself.
"""

from dataclasses import dataclass

import numpy as np

from terreau.methods.selection.columns import Columns, arrange
from terreau.methods.selection.dual_kernels import best_of_classes, descend, reduce, smoothed
from terreau.methods.selection.instance import Floats, Ints
from terreau.methods.selection.program import Program

SAMPLE = 2_000  # classes whose prices start those of all
COOLING = 4.0  # each temperature over the next
ROUGH = 1e-4  # of the dual's value: Newton's promise before the last temperature
PATIENCE = 30  # Newton steps at one temperature
COARSE, FINE = 2.5e-4, 1e-6  # of the scale of values: the last temperature lies between
PRECISION = 1e-5  # of the bound


@dataclass(frozen=True, eq=False)
class Prices:
    """What one unit of each row is worth in points, and what remains of each option's value once it has paid.

    row (r,): points a unit, ≥ 0 for a cap, ≤ 0 for a floor; soft (s,): those of the deviations; bound: points, no
    portfolio is worth more; reduced (m,): value − rowsᵀ · row − deviationsᵀ · soft; passes: over all columns.
    """

    row: Floats
    bound: float
    reduced: Floats
    passes: int
    soft: Floats


@dataclass(frozen=True, eq=False)
class Dual:
    """Prices y (d,) of arranged columns, their reduced values (m,), the best column of each class (-1: nothing)."""

    y: Floats
    bound: float
    reduced: Floats
    best: Ints
    passes: int


def prices(program: Program, *, precision: float = PRECISION) -> Prices:
    """The prices of a program's rows. ValueError where two forced options share a class: there are none."""
    columns = arrange(program)
    if columns is None:
        raise ValueError("two forced projects exclude each other")
    dual = solve_dual(columns, precision=precision)
    row = np.zeros(program.rows.shape[0])
    own = dual.y[: len(columns.cap)]
    for side, part in ((columns.cap, np.maximum(own, 0)), (columns.floor, np.minimum(own, 0))):
        row[side[side >= 0]] = part[side >= 0]
    soft = own[len(own) - len(program.deviations) :]
    reduced = program.value - program.rows.T @ row
    for deviation, price in zip(program.deviations, soft, strict=True):
        reduced -= deviation.row * price
    _charge_forced(program, columns, row, reduced)
    return Prices(row, dual.bound, reduced, dual.passes, soft)


def _charge_forced(program: Program, columns: Columns, row: Floats, reduced: Floats) -> None:
    """A forced project that would not pay for itself gets the points that it lacks, on its own row."""
    for i in columns.forced:
        options = program.rows.indices[program.rows.indptr[i] : program.rows.indptr[i + 1]]
        rivals = reduced[program.klass == program.klass[options[0]]]
        row[i] = reduced[options].max() - max(0.0, rivals.max())
        reduced[options] -= row[i]


def solve_dual(columns: Columns, *, precision: float = PRECISION) -> Dual:
    """Prices near the least bound: first on a sample of the classes, then on all of them, ever less smoothed."""
    classes, d = len(columns.must), len(columns.low)
    scale = float(np.abs(columns.value).mean()) if len(columns.value) else 1.0
    y, mu, passes = np.clip(np.zeros(d), columns.least, columns.most), scale or 1.0, 0
    everyone = np.arange(classes, dtype=np.int64)
    if classes > 2 * SAMPLE:
        pick = np.random.default_rng(0).choice(classes, SAMPLE, replace=False).astype(np.int64)
        pick = np.union1d(pick, np.flatnonzero(columns.must))
        while mu > scale / 100:
            y, _, _ = _newton(columns, y, mu, pick, ROUGH)
            mu /= COOLING
    last, final = FINE * scale, False
    while not final:
        final = mu <= last
        y, height, steps = _newton(columns, y, mu, everyone, max(precision / 100, 1e-10) if final else ROUGH)
        passes += steps
        last = min(max(precision * abs(height) / (d + 1), FINE * scale), COARSE * scale)
        mu = max(mu / COOLING, last)
    reduced = np.empty(len(columns.value))
    reduce(reduced, y, 0, len(reduced), columns.value, columns.indptr, columns.indices, columns.data)
    total, best = best_of_classes(reduced, columns.start, columns.must)
    return Dual(y, (total + _limits(columns, y)) * (1 + 1e-12), reduced, best, passes + 1)


def _limits(columns: Columns, y: Floats) -> float:
    """Σ high · y⁺ − low · y⁻."""
    up, down = y > 0, y < 0
    return float(columns.high[up] @ y[up] + columns.low[down] @ y[down])


def _newton(columns: Columns, y: Floats, mu: float, pick: Ints, tolerance: float) -> tuple[Floats, float, int]:
    """Newton's steps at one temperature, each halved until the smoothed dual falls; its value, and the passes."""
    weight, d = len(columns.must) / max(1, len(pick)), len(y)
    parts = (columns.start, columns.must, columns.value, columns.indptr, columns.indices, columns.data)
    slope, curve = np.zeros(d), np.zeros((d, d))
    new_slope, new_curve = np.zeros(d), np.zeros((d, d))
    height = smoothed(y, mu, pick, weight, *parts, slope, curve) + _limits(columns, y)
    passes = 1
    for _ in range(PATIENCE):
        damping = 1e-9 + 1e-7 * float(np.trace(curve)) / max(1, d)
        target = descend(y, slope, curve, damping, columns.low, columns.high, columns.least, columns.most)
        step, part = target - y, 1.0
        promise = float(slope @ step) + _limits(columns, target) - _limits(columns, y)
        if promise > -tolerance * (1.0 + abs(height)):
            break
        while part > 1e-3:
            new = y + part * step
            new_height = smoothed(new, mu, pick, weight, *parts, new_slope, new_curve) + _limits(columns, new)
            passes += 1
            if new_height <= height + 0.1 * part * promise:
                break
            part /= 2
        else:
            break
        y, height = new, new_height
        slope, new_slope, curve, new_curve = new_slope, slope, new_curve, curve
    return y, height, passes
