"""One portfolio for each draw of the merits, compiled: prices, the columns that they leave open, branch and bound.

Prices say of most columns whether they are in or out. What they leave open, the classes nearest to indifference and
the columns nearest to the best of their class, is a 0/1 program of some thirty columns, solved by branch and bound.
"""

import numpy as np
from numba import njit

from terreau.methods.selection.instance import Floats, Ints
from terreau.methods.selection.redraw_branching import Node, branch, pivot, stand_well
from terreau.methods.selection.redraw_prices import Columns, reduce, settle

DEPTH = 96  # nodes that wait at a time; beyond, a node loses its second side
type Size = tuple[int, int, int, float]  # classes and other columns left open, nodes, points a node must gain
type How = tuple[float, int, float]  # heat and steps of the prices, points below the bound that call for more
type Room = tuple[Floats, Ints]
type Draw = tuple[Floats, Floats, Floats]

PRICED = 1e-3  # points a unit, below which a row has no price worth starting from


@njit(cache=True)
def leaders(columns: Columns, reduced: Floats, lead: Ints, behind: Floats) -> None:
    """The best column of each class, and how far each column is behind it or, for the best, beside nothing at all."""
    for q in range(lead.size):
        members = columns.member[columns.first[q] : columns.first[q + 1]]
        at = members[0]
        for j in members:
            if reduced[j] > reduced[at]:
                at = j
        lead[q] = at
        top = max(reduced[at], 0.0)
        for j in members:
            behind[j] = top - reduced[j]
        behind[at] = abs(reduced[at])


@njit(cache=True)
def smallest(key: Floats, among: Ints, count: int) -> Ints:
    """The `count` of `among` whose keys are least; equal keys in their order."""
    if among.size <= count:
        return among
    return among[np.argsort(key[among], kind="mergesort")[:count]]


@njit(cache=True)
def open_columns(columns: Columns, reduced: Floats, classes: int, others: int, fixed: Ints) -> Ints:
    """The columns left open, ascending; `fixed` becomes 1 for those that are in without more ado.

    `classes`: best columns of the classes nearest to indifference; `others`: columns nearest to the best of theirs.
    """
    lead, behind = np.empty(columns.first.size - 1, np.int64), np.empty(reduced.size)
    leaders(columns, reduced, lead, behind)
    is_open = np.zeros(reduced.size, np.int64)
    is_open[smallest(behind, lead, classes)] = 1
    is_open[smallest(behind, np.flatnonzero(is_open == 0), others)] = 1
    fixed[:] = 0
    for q in range(lead.size):
        touched = False
        for j in columns.member[columns.first[q] : columns.first[q + 1]]:
            touched = touched or is_open[j] == 1
        if touched:
            is_open[lead[q]] = 1
        elif reduced[lead[q]] > 0.0:
            fixed[lead[q]] = 1
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
def lay_out(
    columns: Columns,
    value: Floats,
    core: Ints,
    parts: tuple[Floats, Floats, Floats],
    rows: Ints,
    wishes: Ints,
    node: Node,
) -> None:
    """The root's dictionary: rows basic, columns nonbasic, then two columns a wish for what is above and below it."""
    lines, low, high = parts
    k, n = node.nonbasic.size, core.size
    node.lines[:, :] = 0.0
    node.low[:k], node.high[:k] = 0.0, 1.0
    for a in range(rows.size):
        node.lines[a, :n] = lines[rows[a]]
        node.low[k + a], node.high[k + a] = low[rows[a]], high[rows[a]]
    for a in range(n):
        node.lines[rows.size, a] = value[core[a]]
    for w in range(wishes.size):
        at, i = n + 2 * w, wishes[w]
        line = np.searchsorted(rows, i)
        node.lines[line, at], node.lines[line, at + 1] = -1.0, 1.0
        node.lines[rows.size, at : at + 2] = -columns.price[i]
        node.high[at : at + 2] = abs(low[i]) + np.abs(lines[i]).sum()
    node.basic[:] = k + np.arange(rows.size)
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
def room_for(buffer: Floats, numbers: Ints, r: int, k: int) -> list[Node]:
    """Nodes of r rows and k columns for every depth, in the two buffers."""
    depth, size = DEPTH + 1, (r + 1) * k
    lines = buffer[: depth * size].reshape(depth, r + 1, k)
    rest = buffer[depth * size : depth * (size + 3 * (r + k) + 1)].reshape(depth, 3 * (r + k) + 1)
    names = numbers[: depth * (r + k)].reshape(depth, r + k)
    a, b, c = r + k, 2 * (r + k), 3 * (r + k)
    return [
        Node(lines[d], names[d, :r], names[d, r:], rest[d, :r], rest[d, r:a], rest[d, a:b], rest[d, b:c], rest[d, c:])
        for d in range(depth)
    ]


@njit(cache=True)
def choose_open(
    columns: Columns,
    whole: Ints,
    draw: tuple[Floats, Floats, Floats],
    size: Size,
    known: float,
    room: Room,
    taken: Ints,
) -> tuple[float, float]:
    """A portfolio of one draw worth more than `known`, into `taken`: what it is worth, and the bound before branching.

    draw: values, prices, reduced values. Worth `known` or nothing at all: none was found, and `taken` means nothing.
    """
    value, prices, reduced = draw
    classes, others, nodes, margin = size
    core = open_columns(columns, reduced, classes, others, taken)
    sure = (value * taken).sum()
    parts = gather(columns, core, taken)
    used = np.empty(parts[1].size, np.int64)
    if not binding(columns, parts[0], parts[1], parts[2], used):
        return known, -np.inf
    rows, wishes = np.flatnonzero(used), np.flatnonzero(columns.price < np.inf)
    r, k = rows.size, core.size + 2 * wishes.size
    levels = room_for(room[0], room[1], r, k)
    lay_out(columns, value, core, parts, rows, wishes, levels[0])
    start_near(levels[0], prices, rows, np.abs(reduced[core]))
    is_whole = np.ones(k + r, np.int64)
    is_whole[core.size : k] = 0
    for a in range(r):
        is_whole[k + a] = whole[rows[a]] if rows[a] < whole.size else 1
    best = np.full(k + r, -1.0)
    found, bound = branch(levels, is_whole, known - sure, margin, nodes, best)
    for a in range(core.size):
        taken[core[a]] = int(best[a] > 0.5)
    return found + sure if best[0] > -0.5 else known, bound + sure


@njit(cache=True)
def buffers(columns: Columns, size: Size) -> Room:
    """Memory for the nodes of any draw at this size, taken once."""
    widest = np.diff(columns.first).max()
    core = min(columns.klass.size, (size[0] + 2 * size[1]) * widest)
    r, k = columns.low.size + core, core + 2 * columns.low.size
    return np.empty((DEPTH + 1) * ((r + 1) * k + 3 * (r + k) + 1)), np.empty((DEPTH + 1) * (r + k), np.int64)


@njit(cache=True)
def redraw_all(
    columns: Columns, whole: Ints, values: Floats, base: Floats, how: How, sizes: tuple[Size, Size], chosen: Ints
) -> Ints:
    """One portfolio a draw, into `chosen` (d, m); which draws have found one (d,).

    values: (d, m); base: prices to start from; sizes: the first search, and the one for draws that it leaves without a
    portfolio or farther than the doubt below the bound.
    """
    heat, steps, doubt = how
    reduced, prices = np.empty(values.shape[1]), np.empty(base.size)
    found, taken = np.zeros(values.shape[0], np.int64), np.empty(values.shape[1], np.int64)
    room = buffers(columns, sizes[1])
    for d in range(values.shape[0]):
        prices[:] = base
        settle(columns, values[d], prices, heat, steps)
        reduce(columns, values[d], prices, reduced)
        draw = (values[d], prices, reduced)
        worth, bound = choose_open(columns, whole, draw, sizes[0], -np.inf, room, taken)
        chosen[d] = taken
        if worth == -np.inf or bound - worth > doubt:
            again, _ = choose_open(columns, whole, draw, sizes[1], worth, room, taken)
            if again > worth:
                worth, chosen[d] = again, taken
        found[d] = int(worth > -np.inf)
    return found
