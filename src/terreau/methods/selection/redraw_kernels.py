"""The best portfolio of each draw of the merits, compiled: prices, the columns that they leave open, branch and bound.

At any prices of the rows a portfolio is worth at most the dual's bound less its regrets (what each of its columns is
behind the best of its class). So a guess: the best portfolio loses less than so many points against the bound. Columns
with a larger regret are held, the others go to branch and bound; a portfolio found there is the best one. Where there
is none, the guess grows.
"""

from typing import NamedTuple

import numpy as np
from numba import njit

from terreau.methods.selection.branch_kernels import DONE, search
from terreau.methods.selection.dictionary_kernels import Node, pivot, stand_well
from terreau.methods.selection.instance import Floats, Ints
from terreau.methods.selection.redraw_prices import Columns, limits_worth, reduce, settle

DEEP = 192  # nodes of a branch
WIDEST = 320  # columns left open
NODES = 20_000
BETTER = -1e-7  # points: by less, another portfolio is no better
GROWTH = 1.25
MARGIN = 0.8  # of what earlier draws lost on the mean
LEAST = 0.2  # points, of a guess
STEPS = 4  # of the prices at each heat
PRICED = 1e-3  # points a unit, below which a row has no price worth starting from


class Part(NamedTuple):
    """What is left open: `core` (k,) the columns, `lines` (r, k) their rows with their limits.

    `rows` (r,): the number of each row; those of the classes come after those of the program.
    """

    core: Ints
    lines: Floats
    low: Floats
    high: Floats
    rows: Ints


@njit(cache=True)
def regrets(columns: Columns, reduced: Floats, best: Ints, behind: Floats) -> float:
    """The best column of each class (−1: nothing), what every other choice is behind it, and the sum of the bests."""
    total = 0.0
    for q in range(best.size):
        top, best[q] = 0.0, -1
        members = columns.member[columns.first[q] : columns.first[q + 1]]
        for j in members:
            if reduced[j] > top:
                top, best[q] = reduced[j], j
        for j in members:
            behind[j] = top - reduced[j]
        if best[q] >= 0:
            behind[best[q]] = top  # nothing at all
        total += top
    return total


@njit(cache=True)
def open_columns(columns: Columns, best: Ints, behind: Floats, reach: float, taken: Ints) -> Ints:
    """The columns of classes with a choice that is behind by `reach` at most; `taken` is 1 for the best of the rest."""
    is_open = np.zeros(behind.size, np.int64)
    taken[:] = 0
    for q in range(best.size):
        touched = False
        for j in columns.member[columns.first[q] : columns.first[q + 1]]:
            if behind[j] <= reach:
                is_open[j], touched = 1, True
        if touched and best[q] >= 0:
            is_open[best[q]] = 1
        elif best[q] >= 0:
            taken[best[q]] = 1
    return np.flatnonzero(is_open)


@njit(cache=True)
def gather(columns: Columns, core: Ints, fixed: Ints) -> tuple[Floats, Floats, Floats]:
    """The rows (r + classes, k) over the core, wishes to come, and the limits that the fixed columns leave them."""
    r = columns.low.size
    klasses = np.unique(columns.klass[core])
    lines = np.zeros((r + klasses.size, core.size))
    low, high = np.zeros(r + klasses.size), np.ones(r + klasses.size)
    low[:r], high[:r] = columns.low, columns.high
    for a in range(core.size):
        j = core[a]
        lines[r + np.searchsorted(klasses, columns.klass[j]), a] = 1.0
        for k in range(columns.start[j], columns.start[j + 1]):
            lines[columns.row[k], a] = columns.weight[k]
    for j in np.flatnonzero(fixed):
        for k in range(columns.start[j], columns.start[j + 1]):
            low[columns.row[k]] -= columns.weight[k]
            high[columns.row[k]] -= columns.weight[k]
    return lines, low, high


@njit(cache=True)
def binding(columns: Columns, lines: Floats, low: Floats, high: Floats, used: Ints) -> bool:
    """Which rows some choice could break (1 in `used`), their limits drawn in to what is reachable; False: some must.

    Rows of wishes are always used, and keep their one limit.
    """
    for i in range(low.size):
        least, most = 0.0, 0.0
        for weight in lines[i]:
            least += min(weight, 0.0)
            most += max(weight, 0.0)
        used[i] = 1
        if i < columns.price.size and columns.price[i] < np.inf:
            continue
        if low[i] > most + 1e-9 or high[i] < least - 1e-9:
            return False
        used[i] = int(low[i] > least + 1e-9 or high[i] < most - 1e-9)
        low[i], high[i] = max(low[i], least), min(high[i], most)
    return True


@njit(cache=True)
def part_of(columns: Columns, core: Ints, fixed: Ints) -> tuple[bool, Part]:
    """The part over the core; False where its rows cannot hold."""
    lines, low, high = gather(columns, core, fixed)
    used = np.ones(low.size, np.int64)
    holds = binding(columns, lines, low, high, used)
    rows = np.flatnonzero(used)
    return holds, Part(core, lines[rows], low[rows], high[rows], rows)


@njit(cache=True)
def lay_out(columns: Columns, value: Floats, part: Part, wishes: Ints, node: Node) -> None:
    """The root's dictionary: rows basic, columns nonbasic, then two columns a wish for what is above and below it."""
    r, n, k = part.rows.size, part.core.size, node.nonbasic.size
    node.lines[:, :] = 0.0
    node.low[:k], node.high[:k] = 0.0, 1.0
    node.low[k:], node.high[k:] = part.low, part.high
    node.lines[:r, :n] = part.lines
    for a in range(n):
        node.lines[r, a] = value[part.core[a]]
    for w in range(wishes.size):
        at, line = n + 2 * w, np.searchsorted(part.rows, wishes[w])
        node.lines[line, at], node.lines[line, at + 1] = -1.0, 1.0
        node.lines[r, at : at + 2] = -columns.price[wishes[w]]
        node.high[at : at + 2] = abs(part.low[line]) + np.abs(part.lines[line]).sum()
    node.basic[:] = k + np.arange(r)
    node.nonbasic[:] = np.arange(k)


@njit(cache=True)
def start_near(node: Node, prices: Floats, rows: Ints, near: Floats) -> None:
    """For each row with a price, dearest first, bring in the column nearest to indifference that meets it."""
    price = np.array([abs(prices[i]) if i < prices.size else 1.0 for i in rows])
    for i in np.argsort(-price):
        if price[i] < PRICED:
            break
        at = -1
        for q in range(node.nonbasic.size):
            name = node.nonbasic[q]
            if name < near.size and abs(node.lines[i, q]) > 0.1 and (at < 0 or near[name] < near[node.nonbasic[at]]):
                at = q
        if at >= 0:
            pivot(node, i, at)
    stand_well(node)


@njit(cache=True)
def room(r: int, k: int, floats: Floats, ints: Ints) -> tuple[Node, Floats, Ints]:
    """Nodes of r rows and k columns for a branch, in two buffers that are made anew where they are too small."""
    sizes = np.array([(r + 1) * k, r, k, k + r, k + r]) * DEEP
    if floats.size < sizes.sum():
        floats, ints = np.empty(2 * sizes.sum()), np.empty(2 * DEEP * (r + k), np.int64)
    ends = np.cumsum(sizes)
    names = DEEP * r
    stack = Node(
        floats[: ends[0]].reshape(DEEP, r + 1, k),
        ints[:names].reshape(DEEP, r),
        ints[names : names + DEEP * k].reshape(DEEP, k),
        floats[ends[0] : ends[1]].reshape(DEEP, r),
        floats[ends[1] : ends[2]].reshape(DEEP, k),
        floats[ends[2] : ends[3]].reshape(DEEP, k + r),
        floats[ends[3] : ends[4]].reshape(DEEP, k + r),
    )
    return stack, floats, ints


@njit(cache=True)
def best_of_part(
    columns: Columns,
    whole: Ints,
    draw: tuple[Floats, Floats, Floats],
    part: Part,
    stack: Node,
    floor: float,
    taken: Ints,
) -> tuple[int, float]:
    """The outcome of the search for a portfolio worth more than `floor`, and what the best is worth, into `taken`.

    draw: values, prices, reduced values.
    """
    value, prices, reduced = draw
    r, n, k = part.rows.size, part.core.size, stack.nonbasic.shape[1]
    wishes = np.flatnonzero(columns.price < np.inf)
    root = Node(
        stack.lines[0], stack.basic[0], stack.nonbasic[0], stack.value[0], stack.stand[0], stack.low[0], stack.high[0]
    )
    lay_out(columns, value, part, wishes, root)
    a, c = root.lines[:r].copy(), root.lines[r].copy()
    start_near(root, prices, part.rows, np.abs(reduced[part.core]))
    is_whole = np.ones(k + r, np.int64)
    is_whole[n:k] = 0
    for i in range(r):
        is_whole[k + i] = whole[part.rows[i]] if part.rows[i] < whole.size else 1
    sure = (value * taken).sum()
    leaves = np.empty((1, k))
    outcome, best, _, _ = search(a, c, is_whole, stack, (floor - sure, BETTER, NODES), leaves)
    if outcome == DONE and best > floor - sure:
        for j in range(n):
            taken[part.core[j]] = int(leaves[0, j] > 0.5)
    return outcome, best + sure


@njit(cache=True)
def redraw_all(
    columns: Columns, whole: Ints, values: Floats, base: Floats, heats: Floats, first: float, chosen: Ints
) -> Ints:
    """The best portfolio of each draw, into `chosen` (d, m); of which draws it is proved (d,).

    values: (d, m); base: prices to start from; heats: those of a draw's prices, in turn; first: the first guess.
    """
    reduced, prices, behind = np.empty(values.shape[1]), np.empty(base.size), np.empty(values.shape[1])
    best, proved = np.empty(columns.first.size - 1, np.int64), np.zeros(values.shape[0], np.int64)
    floats, ints, mean = np.empty(0), np.empty(0, np.int64), first
    for d in range(values.shape[0]):
        prices[:] = base
        for heat in heats:
            settle(columns, values[d], prices, heat, STEPS)
        reduce(columns, values[d], prices, reduced)
        bound = regrets(columns, reduced, best, behind) + limits_worth(columns, prices)
        guess, outcome, last = max(MARGIN * mean, LEAST), DONE, False
        while outcome == DONE and proved[d] == 0 and not last:
            core = open_columns(columns, best, behind, guess + 1e-6, chosen[d])
            last = core.size == values.shape[1]
            if core.size > WIDEST:
                break
            holds, part = part_of(columns, core, chosen[d])
            floor = -1e12 if last else bound - guess
            if holds:
                wishes = np.flatnonzero(columns.price < np.inf).size
                stack, floats, ints = room(part.rows.size, core.size + 2 * wishes, floats, ints)
                outcome, worth = best_of_part(
                    columns, whole, (values[d], prices, reduced), part, stack, floor, chosen[d]
                )
                if outcome == DONE and worth > floor:
                    proved[d] = 1
                    mean += 0.1 * (bound - worth - mean)
            guess *= GROWTH
    return proved
