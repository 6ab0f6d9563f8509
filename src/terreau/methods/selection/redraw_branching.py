"""A small 0/1 program solved by branch and bound on a dictionary in memory, compiled.

The dictionary writes basic variables as sums of nonbasic ones, x_B = D x_N, the objective being its last line. Every
variable has two finite bounds, so every basis is dual feasible once its nonbasic variables stand at the better bound:
the dual simplex starts anywhere (Chvátal, Linear Programming, 1983, ch. 8 and 10). A node is a copy of the dictionary;
branching takes the variable or the whole-numbered row whose first pivots cost most (Driebeek, Management Science 12,
1966), and gives a side up where that cost alone exceeds what is left above the best portfolio known.
"""

from typing import NamedTuple

import numpy as np
from numba import njit

from terreau.methods.selection.instance import Floats, Ints

TINY = 1e-9  # a pivot, a violation below which nothing is done
WHOLE = 1e-6  # distance to a whole number


class Node(NamedTuple):
    """A dictionary: `lines` (r + 1, k), the objective last; `basic` (r,) and `nonbasic` (k,) number the variables.

    `value` (r,) of the basic ones, `stand` (k,) of the nonbasic ones; `low`, `high` (k + r,) bounds of every variable;
    `objective` (1,).
    """

    lines: Floats
    basic: Ints
    nonbasic: Ints
    value: Floats
    stand: Floats
    low: Floats
    high: Floats
    objective: Floats


@njit(cache=True)
def copy(node: Node, to: Node) -> None:
    """Write one node over another."""
    to.lines[:, :] = node.lines
    to.basic[:] = node.basic
    to.nonbasic[:] = node.nonbasic
    to.value[:] = node.value
    to.stand[:] = node.stand
    to.low[:] = node.low
    to.high[:] = node.high
    to.objective[0] = node.objective[0]


@njit(cache=True)
def pivot(node: Node, r: int, q: int) -> None:
    """Basic r and nonbasic q change places in the lines and the numbering; values are left alone."""
    lines = node.lines
    inverse = 1.0 / lines[r, q]
    for j in range(lines.shape[1]):
        lines[r, j] *= -inverse
    lines[r, q] = inverse
    for i in range(lines.shape[0]):
        by = lines[i, q]
        if i == r or by == 0.0:
            continue
        lines[i, q] = 0.0
        for j in range(lines.shape[1]):
            lines[i, j] += by * lines[r, j]
    node.basic[r], node.nonbasic[q] = node.nonbasic[q], node.basic[r]


@njit(cache=True)
def stand_well(node: Node) -> None:
    """Nonbasic variables to their better bounds; the values and the objective follow."""
    r = node.value.size
    node.value[:] = 0.0
    node.objective[0] = 0.0
    for j in range(node.nonbasic.size):
        name = node.nonbasic[j]
        node.stand[j] = node.high[name] if node.lines[r, j] > 0.0 else node.low[name]
        node.objective[0] += node.lines[r, j] * node.stand[j]
        for i in range(r):
            node.value[i] += node.lines[i, j] * node.stand[j]


@njit(cache=True)
def worst(node: Node) -> int:
    """The basic variable farthest out of its bounds, −1 for none."""
    most, at = 1e-8, -1
    for i in range(node.value.size):
        out = max(node.value[i] - node.high[node.basic[i]], node.low[node.basic[i]] - node.value[i])
        if out > most:
            most, at = out, i
    return at


@njit(cache=True)
def entering(node: Node, r: int, way: float) -> tuple[int, float]:
    """Which nonbasic variable moves basic r that way (±1) at the least cost, and that cost a unit; −1: none can."""
    last = node.value.size
    least, at = np.inf, -1
    for j in range(node.nonbasic.size):
        name = node.nonbasic[j]
        slope = way * node.lines[r, j]
        if node.low[name] == node.high[name] or abs(slope) < TINY * 100:
            continue
        if (slope > 0.0) == (node.stand[j] == node.low[name]):
            ratio = abs(node.lines[last, j] / slope)
            if ratio < least or (ratio == least and abs(slope) > abs(node.lines[r, at])):
                least, at = ratio, j
    return at, least


@njit(cache=True)
def resolve(node: Node, floor: float, pivots: int) -> bool:
    """Dual simplex: False where nothing fits, or the objective falls to `floor`, or the pivots run out."""
    last = node.value.size
    for _ in range(pivots):
        r = worst(node)
        if r < 0:
            return bool(node.objective[0] > floor)
        name = node.basic[r]
        target = node.high[name] if node.value[r] > node.high[name] else node.low[name]
        q, _least = entering(node, r, 1.0 if target > node.value[r] else -1.0)
        if q < 0:
            return False
        moved = (target - node.value[r]) / node.lines[r, q]
        node.objective[0] += node.lines[last, q] * moved
        if node.objective[0] <= floor:
            return False
        for i in range(last):
            node.value[i] += node.lines[i, q] * moved
        node.value[r] = node.stand[q] + moved
        node.stand[q] = target
        pivot(node, r, q)
    return False


@njit(cache=True)
def penalties(node: Node, i: int) -> tuple[float, float]:
    """What taking basic i down, or up, to a whole number costs at the least."""
    last = node.value.size
    down, up = np.inf, np.inf
    for j in range(node.nonbasic.size):
        name = node.nonbasic[j]
        slope = node.lines[i, j]
        if node.low[name] == node.high[name] or abs(slope) < TINY * 100:
            continue
        ratio = abs(node.lines[last, j] / slope)
        if (slope > 0.0) == (node.stand[j] == node.low[name]):
            up = min(up, ratio)
        else:
            down = min(down, ratio)
    below = node.value[i] - np.floor(node.value[i])
    return down * below, up * (1.0 - below)


@njit(cache=True)
def settle_dear(node: Node, whole: Ints, room: float) -> None:
    """Whole nonbasic variables whose first step costs all that is left stay where they stand, here and below."""
    last = node.value.size
    for j in range(node.nonbasic.size):
        name = node.nonbasic[j]
        if whole[name] and abs(node.lines[last, j]) >= room:
            node.low[name] = node.stand[j]
            node.high[name] = node.stand[j]


@njit(cache=True)
def choose(node: Node, whole: Ints, room: float) -> tuple[int, float, float]:
    """The basic variable to branch on and its two penalties; −1: all whole; −2: none can beat the best known."""
    top, at, down_at, up_at = -1.0, -1, 0.0, 0.0
    for i in range(node.value.size):
        if not whole[node.basic[i]] or abs(node.value[i] - np.rint(node.value[i])) < WHOLE:
            continue
        down, up = penalties(node, i)
        if down >= room and up >= room:
            return -2, down, up
        score = min(down, room) * 1.0 + 4.0 * min(down, up) + min(up, room)
        if score > top:
            top, at, down_at, up_at = score, i, down, up
    return at, down_at, up_at


@njit(cache=True)
def tighten(node: Node, name: int, limit: float, upwards: bool) -> None:
    """A variable kept at or above the limit, or at or below it."""
    if upwards:
        node.low[name] = max(node.low[name], limit)
    else:
        node.high[name] = min(node.high[name], limit)


@njit(cache=True)
def keep(node: Node, best: Floats) -> None:
    """The node's values of all variables, into `best`."""
    for i in range(node.value.size):
        best[node.basic[i]] = node.value[i]
    for j in range(node.stand.size):
        best[node.nonbasic[j]] = node.stand[j]


@njit(cache=True)
def most_hopeful(hope: Floats, waiting: int, least: float) -> int:
    """Which waiting node promises most, −1 where none promises more than `least`."""
    at = -1
    for w in range(waiting):
        if hope[w] > least:
            at, least = w, hope[w]
    return at


@njit(cache=True)
def branch(
    levels: list[Node], whole: Ints, floor: float, margin: float, nodes: int, best: Floats
) -> tuple[float, float]:
    """From `levels[0]`: the best objective found above `floor` or else that (its values in `best`), and its bound.

    The bound is the root's, before branching: −inf where the root has nothing above `floor`.

    Dives where the penalties are least, then starts again from the node that promises most. `levels`: nodes to wait
    in, the last one to work in; where all are full the least hopeful gives way. A node must beat the best known by
    `margin`. All nodes used: nothing is proved.
    """
    room = len(levels) - 1
    name, limit, upwards = np.empty(room, np.int64), np.empty(room), np.empty(room, np.bool_)
    hope = np.empty(room)
    node, waiting = levels[room], 0
    copy(levels[0], node)
    alive = resolve(node, floor + margin, 500)
    bound = node.objective[0] if alive else -np.inf
    for _ in range(nodes):
        at = -2
        if alive:
            left = node.objective[0] - floor - margin
            settle_dear(node, whole, left)
            at, down, up = choose(node, whole, left)
        if at == -1:
            floor = node.objective[0]
            keep(node, best)
        if at >= 0:
            variable, below, first_up = node.basic[at], np.floor(node.value[at]), up < down
            promise = node.objective[0] - max(down, up)
            slot = waiting if waiting < room else int(np.argmin(hope))
            if max(down, up) < left and (waiting < room or hope[slot] < promise):
                copy(node, levels[slot])
                name[slot], upwards[slot] = variable, not first_up
                limit[slot] = below if first_up else below + 1.0
                hope[slot] = promise
                waiting = min(waiting + 1, room)
            tighten(node, variable, below + 1.0 if first_up else below, first_up)
        else:
            again = most_hopeful(hope, waiting, floor + margin)
            if again < 0:
                return floor, bound
            copy(levels[again], node)
            tighten(node, name[again], limit[again], upwards[again])
            waiting -= 1
            if again < waiting:
                copy(levels[waiting], levels[again])
                name[again], limit[again] = name[waiting], limit[waiting]
                upwards[again], hope[again] = upwards[waiting], hope[waiting]
        alive = resolve(node, floor + margin, 200)
    return floor, bound
