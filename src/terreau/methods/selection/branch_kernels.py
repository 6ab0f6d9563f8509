"""Branch and bound over a small 0/1 program, on the dictionary of its relaxation, depth first. See `search`.

Branching takes the variable, or the row that counts whole numbers, whose first pivots cost most (Driebeek 1966).
"""

import numpy as np
from numba import njit

from terreau.methods.selection.dictionary_kernels import (
    INFEASIBLE,
    OPTIMAL,
    SMALL,
    Node,
    resolve,
    safe_bound,
    surely_empty,
)
from terreau.methods.selection.instance import Floats, Ints

HAIR = 1e-9
HALF_A_CENT = 5e-8
DONE, LOST, LONG = 0, 1, 2


@njit(cache=True, error_model="numpy")
def level(stack: Node, k: int) -> Node:
    return Node(
        stack.lines[k], stack.basic[k], stack.nonbasic[k], stack.value[k], stack.stand[k], stack.low[k], stack.high[k]
    )


@njit(cache=True, error_model="numpy")
def descend(node: Node, child: Node, name: int, limit: float, upwards: bool) -> None:
    """The child: the node with one variable kept at `limit` or above it, or below."""
    columns = len(node.nonbasic)
    for i in range(node.lines.shape[0]):
        for j in range(columns):
            child.lines[i, j] = node.lines[i, j]
    for i in range(len(node.basic)):
        child.basic[i] = node.basic[i]
    for j in range(columns):
        child.nonbasic[j] = node.nonbasic[j]
    for v in range(len(node.low)):
        child.low[v], child.high[v] = node.low[v], node.high[v]
    if upwards:
        child.low[name] = max(limit, node.low[name])
    else:
        child.high[name] = min(limit, node.high[name])


@njit(cache=True, error_model="numpy")
def settle(a: Floats, c: Floats, node: Node, floor: float) -> tuple[int, float]:
    """Solve a node: an outcome, and a proven bound of its objective (no better than `floor`: nothing to look for)."""
    found, at = resolve(node, floor - HAIR)
    if found == INFEASIBLE:
        return (DONE if surely_empty(a, node, at) else LOST), -np.inf
    bound = safe_bound(a, c, node)
    return (DONE if found == OPTIMAL or bound <= floor else LOST), bound


@njit(cache=True, error_model="numpy")
def penalties(node: Node, i: int) -> tuple[float, float]:
    """What taking basic i down, or up, to a whole number costs at the least."""
    last = len(node.value)
    down, up = np.inf, np.inf
    for j in range(len(node.stand)):
        name = node.nonbasic[j]
        slope = node.lines[i, j]
        if node.low[name] < node.high[name] and abs(slope) > SMALL:
            ratio = abs(node.lines[last, j] / slope)
            if (slope > 0.0) == (node.stand[j] < node.high[name]):
                up = min(up, ratio)
            else:
                down = min(down, ratio)
    below = node.value[i] - np.floor(node.value[i])
    return down * below, up * (1.0 - below)


@njit(cache=True, error_model="numpy")
def choose(node: Node, whole: Ints, room: float) -> tuple[int, float, bool]:
    """The variable to branch on, the whole number below it, and whether to go up first; −1: all are whole.

    Whole variables whose first step costs more than `room` are held first, here and below.
    """
    last = len(node.value)
    for j in range(len(node.stand)):
        name = node.nonbasic[j]
        if whole[name] == 1 and abs(node.lines[last, j]) > room + HAIR:
            node.low[name] = node.high[name] = node.stand[j]
    top, at, first_up = -1.0, -1, False
    for i in range(last):
        if whole[node.basic[i]] == 1 and abs(node.value[i] - np.floor(node.value[i] + 0.5)) > 1e-6:
            down, up = penalties(node, i)
            score = min(down, room) + 4.0 * min(down, up, room) + min(up, room)
            if score > top:
                top, at, first_up = score, i, up < down
    if at < 0:
        return -1, 0.0, False
    return node.basic[at], np.floor(node.value[at]), first_up


@njit(cache=True, error_model="numpy")
def misses(a: Floats, root: Node, x: Floats) -> bool:
    """Does some row miss its bounds at these columns?"""
    rows, columns = a.shape
    for i in range(rows):
        activity = 0.0
        for j in range(columns):
            activity += a[i, j] * x[j]
        if activity < root.low[columns + i] - HALF_A_CENT or activity > root.high[columns + i] + HALF_A_CENT:
            return True
    return False


@njit(cache=True, error_model="numpy")
def read(a: Floats, c: Floats, node: Node, root: Node, whole: Ints, x: Floats) -> float:
    """The columns at this node, rounded, into x, and their objective; −inf where a row misses its bounds."""
    rows, columns = a.shape
    for i in range(rows):
        if node.basic[i] < columns:
            x[node.basic[i]] = node.value[i]
    for j in range(columns):
        if node.nonbasic[j] < columns:
            x[node.nonbasic[j]] = node.stand[j]
    total = 0.0
    for j in range(columns):
        if whole[j] == 1:
            x[j] = np.floor(x[j] + 0.5)
        total += c[j] * x[j]
    return -np.inf if misses(a, root, x) else total


@njit(cache=True, error_model="numpy")
def keep(leaves: Floats, count: int, x: Floats, columns: int) -> int:
    """Put x among the leaves unless it is there; how many they are then."""
    for k in range(count):
        same = True
        for j in range(columns):
            same = same and abs(leaves[k, j] - x[j]) < SMALL
        if same:
            return count
    if count < len(leaves):
        for j in range(columns):
            leaves[count, j] = x[j]
    return count + 1


@njit(cache=True, error_model="numpy")
def gain(reached: float, x: Floats, marks: tuple[float, float], leaves: Floats, count: int) -> tuple[float, int]:
    """The best objective once x reaches so much, and how many leaves there are then; `marks`: the best and `near`."""
    best, near = marks
    if reached > best:
        count = 0 if reached > best + near else count
        best = reached
    if reached >= min(best - near, best):
        count = keep(leaves, count, x, len(x))
    return best, count


@njit(cache=True, error_model="numpy")
def undecided(node: Node, whole: Ints, columns: int) -> int:
    """A whole column that could still take either side, −1 for none."""
    for j in range(columns):
        if whole[j] == 1 and node.low[j] < node.high[j]:
            return j
    return -1


@njit(cache=True, error_model="numpy")
def search(
    a: Floats, c: Floats, whole: Ints, stack: Node, limits: tuple[float, float, int], leaves: Floats
) -> tuple[int, float, int, int]:
    """Outcome, best objective, how many of `leaves` (l, n) reach it within `near`, nodes.

    `stack` holds the root at 0; `whole` (n + r,) marks what counts whole numbers; `limits`: the objective to beat,
    `near` (below 0: by how much the next must be better), and the most nodes. Outcome `LONG`: too many nodes, levels
    or leaves; `LOST`: a proof failed.
    """
    best, near, most = limits
    deep, columns = len(stack.lines), a.shape[1]
    name, below, upwards = np.zeros(deep, np.int64), np.zeros(deep), np.zeros(deep, np.int64)
    tried, bound, x = np.zeros(deep, np.int64), np.zeros(deep), np.zeros(columns)
    root, floor, nodes, k, count = level(stack, 0), best - near, 0, 0, 0
    while k >= 0:
        if nodes == most or k == deep - 1 or count > len(leaves):
            return LONG, best, count, nodes
        nodes += 1
        node = level(stack, k)
        outcome, bound[k] = settle(a, c, node, floor)
        if outcome == LOST:
            return LOST, best, count, nodes
        tried[k] = 2
        if bound[k] > floor:
            name[k], below[k], up = choose(node, whole, bound[k] - floor)
            if name[k] < 0:
                best, count = gain(read(a, c, node, root, whole, x), x, (best, near), leaves, count)
                floor, name[k] = best - near, undecided(node, whole, columns)
                up = x[name[k]] > 0.5
            upwards[k] = 1 if up else 0
            tried[k] = 0 if name[k] >= 0 else 2
        while k >= 0 and (tried[k] == 2 or bound[k] <= floor):
            k -= 1
        if k >= 0:
            up = (upwards[k] == 1) == (tried[k] == 0)
            descend(level(stack, k), level(stack, k + 1), name[k], below[k] + (1.0 if up else 0.0), up)
            tried[k] += 1
            k += 1
    return LONG if count > len(leaves) else DONE, best, count, nodes
