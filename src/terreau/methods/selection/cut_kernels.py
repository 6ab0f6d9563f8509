"""The two inner loops of `cuts`, compiled: the plane that a point exceeds most, and its weights for other columns."""

import numpy as np
from numba import njit

from terreau.methods.selection.dictionary_kernels import OPTIMAL, Node, resolve
from terreau.methods.selection.instance import Floats, Ints

BOX = 20.0  # the largest weight of a plane that is sought
VIOLATED = 1e-4
TURNS = 60
LOW = -1e300


@njit(cache=True, error_model="numpy")
def add_line(node: Node, k: int, line: Floats) -> None:
    """Row k of a dictionary that has k rows: `line` over the columns, put in terms of what is nonbasic now."""
    columns = len(line)
    for j in range(columns):
        node.lines[k + 1, j] = node.lines[k, j]
        name = node.nonbasic[j]
        node.lines[k, j] = line[name] if name < columns else 0.0
    for i in range(k):
        if node.basic[i] < columns:
            by = line[node.basic[i]]
            for j in range(columns):
                node.lines[k, j] += by * node.lines[i, j]
    node.basic[k] = columns + k
    node.low[columns + k], node.high[columns + k] = -2.0 * BOX * columns, 1.0


@njit(cache=True, error_model="numpy")
def solved(node: Node, rows: int, plane: Floats) -> bool:
    """The plane that x exceeds most among those that keep the first rows; False where it exceeds none."""
    part = Node(
        node.lines[: rows + 1], node.basic[:rows], node.nonbasic, node.value[:rows], node.stand, node.low, node.high
    )
    found, _ = resolve(part, 1.0 + VIOLATED)
    columns = len(plane)
    for i in range(rows):
        if node.basic[i] < columns:
            plane[node.basic[i]] = node.value[i]
    for j in range(columns):
        if node.nonbasic[j] < columns:
            plane[node.nonbasic[j]] = node.stand[j]
    return found == OPTIMAL


@njit(cache=True, error_model="numpy")
def farthest(points: Floats, plane: Floats) -> tuple[int, float]:
    """The point that is farthest along a plane, and how far."""
    top, at = -np.inf, -1
    for s in range(len(points)):
        total = 0.0
        for j in range(len(plane)):
            total += plane[j] * points[s, j]
        if total > top:
            top, at = total, s
    return at, top


@njit(cache=True, error_model="numpy")
def deepest(points: Floats, x: Floats, plane: Floats) -> bool:
    """The plane · s ≤ 1 of all points s that x exceeds most, into `plane`; False where x exceeds none.

    Points (l, n) and x are given from the points' middle. Points are taken into account as they are found beyond.
    """
    columns = len(x)
    node = Node(
        np.zeros((TURNS + 2, columns)),
        np.zeros(TURNS + 1, np.int64),
        np.arange(columns),
        np.zeros(TURNS + 1),
        np.zeros(columns),
        np.full(columns + TURNS + 1, -BOX),
        np.full(columns + TURNS + 1, BOX),
    )
    used = np.zeros(len(points), np.int64)
    for j in range(columns):
        node.lines[0, j] = x[j]
        plane[j] = BOX if x[j] > 0.0 else -BOX
    for k in range(TURNS):
        at, top = farthest(points, plane)
        if top <= 1.0 + 1e-7:
            return True
        if used[at] == 1:
            return False
        used[at] = 1
        add_line(node, k, points[at])
        if not solved(node, k + 1, plane):
            return False
    return False


@njit(cache=True, error_model="numpy")
def fill(table: Floats, spare: Floats, weight: Ints, plane: Floats) -> None:
    """One class more may be filled in: `table` (w,) holds the best plane · s of each weight."""
    for w in range(len(table)):
        spare[w] = table[w]
    for j in range(len(weight)):
        by, points = weight[j], plane[j]
        for w in range(len(table) - by):
            table[w + by] = max(table[w + by], spare[w] + points)


@njit(cache=True, error_model="numpy")
def best_between(table: Floats, low: int, high: int) -> float:
    best = LOW
    for w in range(max(low, 0), min(high, len(table) - 1) + 1):
        best = max(best, table[w])
    return best


@njit(cache=True, error_model="numpy")
def weigh(table: Floats, weight: Ints, own: int, limits: tuple[int, int], most: float, plane: Floats) -> float:
    """The weights of the columns of a class that has stood at `own` (−1: nothing), and the limit that goes with them.

    Limits: of what the class and the table may weigh together. Where nothing is possible the limit stays, the weight
    is 0, and the answer nan: the class had better wait.
    """
    low, high = limits
    limit = most if own < 0 else best_between(table, low, high)
    waits = limit == LOW
    limit = most if waits else limit
    for j in range(len(weight)):
        best = most if j == own else best_between(table, low - weight[j], high - weight[j])
        waits = waits or best == LOW
        plane[j] = 0.0 if best == LOW else limit - best
    return np.nan if waits else limit


@njit(cache=True, error_model="numpy")
def lift(
    weight: Ints, first: Ints, limits: tuple[int, int], own: Ints, order: Ints, plane: Floats, most: float
) -> float:
    """Lets go the classes in `order`, one after another, filling in their weights in `plane`; the new limit.

    own (classes,): the column at which a class stands, −1 for nothing, −2 for those that are free from the start.
    """
    table, spare, there = np.full(limits[1] + 1, LOW), np.empty(limits[1] + 1), 0
    table[0] = 0.0
    for q in range(len(own)):
        if own[q] == -2:
            fill(table, spare, weight[first[q] : first[q + 1]], plane[first[q] : first[q + 1]])
        elif own[q] >= 0:
            there += weight[own[q]]
    waiting, last = order.copy(), False
    while len(waiting) > 0:
        kept = 0
        for q in waiting:
            a, b = first[q], first[q + 1]
            rest = there - (weight[own[q]] if own[q] >= 0 else 0)
            at = own[q] - a if own[q] >= 0 else -1
            limit = weigh(table, weight[a:b], at, (limits[0] - rest, limits[1] - rest), most, plane[a:b])
            if np.isnan(limit) and not last:
                waiting[kept] = q
                kept += 1
                continue
            most, there = most if np.isnan(limit) else limit, rest
            fill(table, spare, weight[a:b], plane[a:b])
        last = kept == len(waiting)
        waiting = waiting[:kept]
    return max(most, best_between(table, limits[0], limits[1]))
