"""How much a selection hangs on the uncertainty of the scores, and on single jurors.

Merits are drawn many times from what calibration leaves uncertain; each time the best portfolio is chosen afresh, with
its proof and with every rule kept. What is in nine portfolios of ten or more is safe; what is in one of ten or fewer is
safely out.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csc_matrix, csr_matrix

from terreau.methods.selection.cuts import Cut, cuts_at, knapsacks
from terreau.methods.selection.exact import aim
from terreau.methods.selection.forced import ROUNDS, relaxation, relaxed, tightened
from terreau.methods.selection.instance import Floats, Instance, Ints
from terreau.methods.selection.outcome import Label, Outcome, Status
from terreau.methods.selection.program import Program, program
from terreau.methods.selection.redraw_kernels import redraw_all
from terreau.methods.selection.redraw_prices import Columns, settle
from terreau.methods.selection.select import select

SAFE = 0.9
TYPICAL = 60.0  # points of a typical merit in the kernels: their temperatures and margins are set for it
HEATS = (16.0, 8.0, 4.0, 2.0, 1.0)  # points, for the prices of the base
COOLER = (1.0, 0.5, 0.2)  # for those of a draw, which start from them
STEPS = 4  # of the prices at each heat
NODES = 20_000  # of a search
FIRST = 2.0  # points, for the first guess
PILOTS = 30  # draws, the first ones, that planes are sought for
TURNS = 3  # of planes for each
CHUNK = 2_000  # draws at a time


@dataclass(frozen=True)
class Robustness:
    """`probability`: id → share of the redrawn portfolios that hold it, in the order of the instance.

    overlap: mean share of the base portfolio that a redrawn one keeps (1 where nothing is selected).
    exact_fallbacks: draws whose optimum the fast search did not prove and that `select` chose.
    """

    probability: Mapping[str, float]
    overlap: float
    draws: int
    exact_fallbacks: int

    def label(self, name: str, *, safe: float = SAFE) -> Label:
        """Safe in at `safe` or more, safe out at 1 − `safe` or less."""
        p = self.probability[name]
        if p >= safe:
            return Label.SAFE_IN
        return Label.SAFE_OUT if p <= 1 - safe + 1e-12 else Label.FRAGILE

    def standard_error(self, name: str) -> float:
        """Of the probability, for the number of draws alone."""
        p = self.probability[name]
        return float(np.sqrt(p * (1 - p) / self.draws))


def posterior_draws(
    mean: Floats, sd: Floats | None = None, covariance: Floats | None = None, *, count: int, seed: int
) -> Floats:
    """`count` normal draws of the merits (count, n): from `covariance` (n, n) or else independent, `sd` (n,).

    A covariance may be singular (scores tied to one another); ValueError where it is not one, or neither is given.
    """
    normal = np.random.default_rng(seed).standard_normal((count, len(mean)))
    if covariance is None:
        if sd is None or not np.all(sd >= 0):
            raise ValueError("draws need a covariance, or standard deviations that are not negative")
        return np.asarray(mean + normal * sd, dtype=np.float64)
    if covariance.shape != (len(mean), len(mean)) or not np.allclose(covariance, covariance.T, atol=1e-8):
        raise ValueError("a covariance is square and symmetric, with one row for each mean")
    values, vectors = np.linalg.eigh(covariance)
    if values[0] < -1e-8 * max(1.0, values[-1]):
        raise ValueError("a covariance has no negative variance in any direction")
    return np.asarray(mean + normal @ (vectors * np.sqrt(np.maximum(values, 0.0))).T, dtype=np.float64)


def redraw(it: Instance, outcome: Outcome, draws: Floats) -> Robustness:
    """Choose the portfolio again for each draw of the merits (d, n); `outcome` is the one chosen on the instance's own.

    A draw equal to the instance's own merits keeps `outcome`, ties and all. ValueError where nothing can be selected,
    or where a draw is not finite.
    """
    cents, fallbacks = redrawn(it, outcome, draws)
    inside = cents > 0
    base = np.array([name in outcome.granted for name in it.ids])
    kept = float(inside[:, base].mean()) if base.any() else 1.0
    share = inside.mean(axis=0)
    return Robustness(dict(zip(it.ids, share.tolist(), strict=True)), kept, len(draws), fallbacks)


def redrawn(it: Instance, outcome: Outcome, draws: Floats) -> tuple[Ints, int]:
    """Cents granted to each project in each draw (d, n), and how many draws the exact solver had to choose."""
    if outcome.status == Status.INFEASIBLE:
        raise ValueError("no portfolio keeps the rules: there is nothing to choose again")
    if draws.ndim != 2 or draws.shape[1] != len(it) or not len(draws) or not np.isfinite(draws).all():
        raise ValueError("draws are finite merits, one row a draw, one column a project")
    p = program(it)
    cuts = _cuts(it, p, draws)
    cents, fallbacks = np.zeros(draws.shape, dtype=np.int64), 0
    for at in range(0, len(draws), CHUNK):
        part = draws[at : at + CHUNK]
        chosen, found = _choose(it, p, cuts, part)
        d, option = np.nonzero(chosen & found[:, None])
        cents[at + d, p.project[option]] = p.cents[option]
        own = (part == it.merit).all(axis=1)
        for k in np.flatnonzero(~found | own):
            again = outcome if own[k] else select(replace(it, merit=part[k]))
            cents[at + k] = [again.granted.get(name, 0) for name in it.ids]
        fallbacks += int((~found & ~own).sum())
    return cents, fallbacks


def _cuts(it: Instance, p: Program, draws: Floats) -> list[Cut]:
    """Planes that the relaxations of the base and of the first draws call for; all portfolios keep them."""
    r, sacks = relaxed(p), knapsacks(p)
    found = list[Cut]()
    share = (p.cents / it.requested[p.project]) ** it.elasticity
    for merit, rounds in ((it.merit, ROUNDS), *((draw, TURNS) for draw in draws[:PILOTS])):
        aim(r.highs, merit[p.project] * share)
        for _ in range(rounds if sacks else 0):
            _, dual, x = relaxation(r, r.box)
            cuts = cuts_at(sacks, x, dual) if dual is not None else []
            if not cuts:
                break
            found += cuts
            r = tightened(r, cuts)
    return found


def _choose(
    it: Instance, p: Program, cuts: Sequence[Cut], draws: Floats
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """The options chosen for each draw (d, m), and whether a portfolio was found (d,), every row checked again."""
    scale = TYPICAL / (float(np.median(np.abs(it.merit))) or 1.0)
    worth = scale * (p.cents / it.requested[p.project]) ** it.elasticity
    columns, whole, rows = _columns(p, cuts, scale)
    base = np.zeros(len(columns.low))
    for heat in HEATS:
        settle(columns, worth * it.merit[p.project], base, heat, 30)
    chosen = np.zeros((len(draws), len(p)), dtype=np.int64)
    if not len(p):
        return chosen.astype(bool), np.zeros(len(draws), dtype=bool)
    values = np.ascontiguousarray(draws[:, p.project] * worth)
    proved = redraw_all(columns, whole, values, base, np.array(COOLER), (FIRST, STEPS, NODES), chosen).astype(bool)
    return chosen.astype(bool), proved & _keeps(columns, rows, chosen)


def _keeps(columns: Columns, rows: csr_matrix, chosen: Ints) -> NDArray[np.bool_]:
    """Which portfolios keep every limit (within less than a cent) and every class."""
    activity = chosen @ rows.T
    hard = np.isinf(columns.price)
    inside = (activity >= columns.low - 1e-8) & (activity <= columns.high + 1e-8)
    joined = csr_matrix((np.ones(chosen.shape[1]), (np.arange(chosen.shape[1]), columns.klass)))
    return np.asarray(inside[:, hard].all(axis=1) & ((chosen @ joined) <= 1).all(axis=1), dtype=np.bool_)


def _columns(p: Program, cuts: Sequence[Cut], scale: float) -> tuple[Columns, Ints, csr_matrix]:
    """The program by columns, floor and cap of one sum in one row, wishes as rows; which rows count whole numbers."""
    planes = np.zeros((len(cuts), len(p)))
    for plane, cut in zip(planes, cuts, strict=True):
        plane[cut.options] = cut.weight
    dense = [*p.rows.toarray(), *planes, *(wish.row for wish in p.deviations)]
    targets = [wish.target for wish in p.deviations]
    low = [*p.low.tolist(), *([-np.inf] * len(cuts)), *targets]
    high = [*p.high.tolist(), *(cut.most for cut in cuts), *targets]
    price = [np.inf] * (len(p.low) + len(cuts)) + [scale * wish.price for wish in p.deviations]
    place: dict[tuple[bytes, bool], int] = {}
    merged: list[tuple[float, float, float]] = []
    kept = []
    for i, row in enumerate(dense):
        key = (row.tobytes(), price[i] == np.inf)
        if key in place and key[1]:
            one, two, _ = merged[place[key]]
            merged[place[key]] = (max(one, low[i]), min(two, high[i]), np.inf)
            continue
        place[key] = len(merged)
        merged.append((low[i], high[i], price[i]))
        kept.append(row)
    rows = csr_matrix(np.array(kept))
    by_column = csc_matrix(rows)
    limits = np.array(merged)
    whole = np.array([bool((row == np.rint(row)).all()) for row in kept], dtype=np.int64)
    rules = (whole == 1) & np.isinf(limits[:, 2])
    limits[rules, 0], limits[rules, 1] = np.ceil(limits[rules, 0] - 1e-9), np.floor(limits[rules, 1] + 1e-9)
    columns = Columns(
        start=by_column.indptr.astype(np.int64),
        row=by_column.indices.astype(np.int64),
        weight=by_column.data.astype(np.float64),
        klass=p.klass,
        first=np.concatenate([[0], np.cumsum(np.bincount(p.klass))]).astype(np.int64),
        member=np.argsort(p.klass, kind="stable").astype(np.int64),
        low=limits[:, 0].copy(),
        high=limits[:, 1].copy(),
        price=limits[:, 2].copy(),
    )
    return columns, whole, rows


@dataclass(frozen=True)
class JurorInfluence:
    """What the portfolio would be without one juror's readings: ids that would enter and leave, in instance order."""

    juror: str
    enters: tuple[str, ...]
    leaves: tuple[str, ...]


def without_juror(it: Instance, outcome: Outcome, jurors: Sequence[str], merits: Floats) -> list[JurorInfluence]:
    """Select exactly with each juror left out; those who change most first, then by name.

    merits: (jurors, n), calibrated again without the readings of that juror. ValueError where shapes disagree.
    """
    if merits.shape != (len(jurors), len(it)):
        raise ValueError("merits hold one row for each juror left out, one column a project")
    found = []
    for juror, merit in zip(jurors, merits, strict=True):
        granted = select(replace(it, merit=merit)).granted
        enters = tuple(name for name in it.ids if name in granted and name not in outcome.granted)
        leaves = tuple(name for name in it.ids if name in outcome.granted and name not in granted)
        found.append(JurorInfluence(juror, enters, leaves))
    return sorted(found, key=lambda one: (-len(one.enters) - len(one.leaves), one.juror))
