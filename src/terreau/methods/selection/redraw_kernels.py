"""The best portfolio of each draw of the merits, compiled: prices, the columns that they leave open, branch and bound.

At any prices of the rows a portfolio is worth at most the dual's bound less its regrets (what each of its columns is
behind the best of its class). So a guess: the best portfolio loses less than so many points against the bound. Columns
with a larger regret are held, the others go to branch and bound; a portfolio found there is the best one. Where there
is none, the guess grows.
"""

from typing import NamedTuple

import numpy as np
from numba import njit

from terreau.methods.selection.branch_kernels import DONE, level, search
from terreau.methods.selection.dictionary_kernels import Node, pivot, stand_well
from terreau.methods.selection.instance import Floats, Ints
from terreau.methods.selection.redraw_prices import Columns, limits_worth, reduce, settle

DEEP = 192  # nodes of a branch
WIDEST = 320  # columns left open
BETTER = -1e-7  # points: by less, another portfolio is no better
GROWTH = 1.25
MARGIN = 0.8  # of what earlier draws lost on the mean
LEAST = 0.2  # points, of a guess
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
    for j in range(taken.size):
        taken[j] = 0
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
    r, klasses = columns.low.size, 0
    line = np.full(columns.first.size - 1, -1)
    for j in core:
        if line[columns.klass[j]] < 0:
            line[columns.klass[j]] = r + klasses
            klasses += 1
    lines = np.zeros((r + klasses, core.size))
    low, high = np.zeros(r + klasses), np.ones(r + klasses)
    for i in range(r):
        low[i], high[i] = columns.low[i], columns.high[i]
    for a in range(core.size):
        j = core[a]
        lines[line[columns.klass[j]], a] = 1.0
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
    kept, least, most = np.empty((rows.size, core.size)), np.empty(rows.size), np.empty(rows.size)
    for i in range(rows.size):
        least[i], most[i] = low[rows[i]], high[rows[i]]
        for a in range(core.size):
            kept[i, a] = lines[rows[i], a]
    return holds, Part(core, kept, least, most, rows)


@njit(cache=True)
def lay_out(columns: Columns, value: Floats, part: Part, node: Node) -> None:
    """The root's dictionary: rows basic, columns nonbasic, then two columns a wish for what is above and below it."""
    r, n, k = part.rows.size, part.core.size, node.nonbasic.size
    for j in range(k):
        node.low[j], node.high[j], node.nonbasic[j] = 0.0, 1.0, j
        node.lines[r, j] = value[part.core[j]] if j < n else 0.0
    for i in range(r):
        node.low[k + i], node.high[k + i], node.basic[i] = part.low[i], part.high[i], k + i
        for j in range(k):
            node.lines[i, j] = part.lines[i, j] if j < n else 0.0
    at = n
    for i in range(r):
        if part.rows[i] < columns.price.size and columns.price[part.rows[i]] < np.inf:
            most = abs(part.low[i])
            for j in range(n):
                most += abs(part.lines[i, j])
            node.lines[i, at], node.lines[i, at + 1] = -1.0, 1.0
            for j in (at, at + 1):
                node.lines[r, j], node.high[j] = -columns.price[part.rows[i]], most
            at += 2


@njit(cache=True)
def start_near(node: Node, prices: Floats, rows: Ints, near: Floats) -> None:
    """For each row with a price, dearest first, bring in the column nearest to indifference that meets it."""
    price = np.ones(rows.size)
    for i in range(rows.size):
        if rows[i] < prices.size:
            price[i] = abs(prices[rows[i]])
    while price.size > 0:
        i, at = int(np.argmax(price)), -1
        if price[i] < PRICED:
            break
        price[i] = 0.0
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
    a = DEEP * (r + 1) * k
    b, c = a + DEEP * r, a + DEEP * (r + k)
    d, e = c + DEEP * (k + r), c + 2 * DEEP * (k + r)
    names, ends = DEEP * r, DEEP * (r + k)
    if floats.size < e:
        floats, ints = np.empty(2 * e), np.empty(2 * ends, np.int64)
    stack = Node(
        floats[:a].reshape(DEEP, r + 1, k),
        ints[:names].reshape(DEEP, r),
        ints[names:ends].reshape(DEEP, k),
        floats[a:b].reshape(DEEP, r),
        floats[b:c].reshape(DEEP, k),
        floats[c:d].reshape(DEEP, k + r),
        floats[d:e].reshape(DEEP, k + r),
    )
    return stack, floats, ints


@njit(cache=True)
def best_of_part(
    columns: Columns,
    whole: Ints,
    draw: tuple[Floats, Floats, Floats],
    part: Part,
    stack: Node,
    aim: tuple[float, int],
    taken: Ints,
) -> tuple[int, float]:
    """The outcome of the search for a portfolio worth more than a floor, and what the best is worth, into `taken`.

    draw: values, prices, reduced values; aim: the floor, and the most nodes.
    """
    (value, prices, reduced), (floor, nodes) = draw, aim
    r, n, k = part.rows.size, part.core.size, stack.nonbasic.shape[1]
    root = level(stack, 0)
    lay_out(columns, value, part, root)
    a, c, near = root.lines[:r].copy(), root.lines[r].copy(), np.empty(n)
    for j in range(n):
        near[j] = abs(reduced[part.core[j]])
    start_near(root, prices, part.rows, near)
    is_whole = np.ones(k + r, np.int64)
    for i in range(r):
        is_whole[k + i] = whole[part.rows[i]] if part.rows[i] < whole.size else 1
    for j in range(n, k):
        is_whole[j] = 0
    sure = 0.0
    for j in range(taken.size):
        sure += value[j] * taken[j]
    leaves = np.empty((1, k))
    outcome, best, _, _ = search(a, c, is_whole, stack, (floor - sure, BETTER, nodes), leaves)
    if outcome == DONE and best > floor - sure:
        for j in range(n):
            taken[part.core[j]] = int(leaves[0, j] > 0.5)
    return outcome, best + sure


@njit(cache=True)
def redraw_all(
    columns: Columns,
    whole: Ints,
    values: Floats,
    base: Floats,
    heats: Floats,
    how: tuple[float, int, int],
    chosen: Ints,
) -> Ints:
    """The best portfolio of each draw, into `chosen` (d, m); of which draws it is proved (d,).

    values: (d, m); base: prices to start from; heats: those of a draw's prices, in turn; how: the first guess,
    steps of the prices at each heat, and the most nodes of a search.
    """
    first, steps, nodes = how
    reduced, prices, behind = np.empty(values.shape[1]), np.empty(base.size), np.empty(values.shape[1])
    best, proved = np.empty(columns.first.size - 1, np.int64), np.zeros(values.shape[0], np.int64)
    floats, ints, mean = np.empty(0), np.empty(0, np.int64), first
    wishes = np.flatnonzero(columns.price < np.inf).size
    for d in range(values.shape[0]):
        for i in range(base.size):
            prices[i] = base[i]
        for heat in heats:
            settle(columns, values[d], prices, heat, steps)
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
                stack, floats, ints = room(part.rows.size, core.size + 2 * wishes, floats, ints)
                outcome, worth = best_of_part(
                    columns, whole, (values[d], prices, reduced), part, stack, (floor, nodes), chosen[d]
                )
                if outcome == DONE and worth > floor:
                    proved[d] = 1
                    mean += 0.1 * (bound - worth - mean)
            guess *= GROWTH
    return proved
