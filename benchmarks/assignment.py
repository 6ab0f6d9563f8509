"""Reviewer assignment beside OR-Tools, scipy and HiGHS, CPU seconds and memory, each in a process of its own.

    .venv/bin/python benchmarks/assignment.py [--sizes 273x40,5000x1000,20000x4000] [--seeds 1] [--peers]

k = 3 readings a file, cap 1.25 × the mean load, 1 % random conflicts and 30 % of those of the same region. Compilation
is left out (a first small call) and told apart. What no package registry has (openreview-matcher) is quoted from the
measures of the dossier: 273×40 MinMax 0.151, FairFlow 0.77 (−3.1 % affinity); 5 000×1 000 FairFlow 170.5,
FairSequence 134.9 CPU seconds, on an instance of the same kind.
"""

import argparse
import json
import resource
import subprocess
import sys
import time

import numpy as np

FEW = 60  # arcs a file of the strong peer


def instance(files, jurors, seed):
    """Themes and skills as sparse mixtures, their cosine, and a fifth of chance."""
    random = np.random.default_rng(seed)
    themes = random.dirichlet(np.full(12, 0.25), files).astype(np.float32)
    skills = random.dirichlet(np.full(12, 0.35), jurors).astype(np.float32)
    themes /= np.linalg.norm(themes, axis=1)[:, None]
    skills /= np.linalg.norm(skills, axis=1)[:, None]
    affinity = np.float32(0.8) * (themes @ skills.T)
    for rows in np.array_split(np.arange(files), max(files // 500, 1)):
        affinity[rows] += np.float32(0.2) * random.random((len(rows), jurors), dtype=np.float32)
    of_file, of_juror = random.integers(0, 18, files), random.integers(0, 18, jurors)
    forbidden = np.zeros((files, jurors), dtype=bool)
    for rows in np.array_split(np.arange(files), max(files // 500, 1)):
        chance = random.random((2, len(rows), jurors), dtype=np.float32)
        same = of_file[rows, None] == of_juror
        forbidden[rows] = (chance[0] < 0.01) | (same & (chance[1] < 0.30))
    load = np.full(jurors, int(np.ceil(1.25 * 3 * files / jurors)))
    return affinity, forbidden, load


def ours(affinity, forbidden, load, gap):
    from terreau.methods.assignment.assign import assign
    from terreau.methods.assignment.instance import Instance

    def question(files, jurors):
        names = [tuple(f"{kind}{i:06}" for i in range(n)) for kind, n in (("f", files), ("j", jurors))]
        loads = load[:jurors] if jurors == len(load) else np.full(jurors, 9)
        return Instance(*names, affinity[:files, :jurors], forbidden[:files, :jurors], 3, loads)

    begin = time.process_time()
    assign(question(60, min(100, len(load))))
    compiled = time.process_time() - begin
    asked = question(*affinity.shape)
    begin = time.process_time()
    found = assign(asked, gap=gap)
    seconds = time.process_time() - begin
    told = {"total": found.total, "worst": found.worst, "bound": found.bound_worst, "gap": found.gap}
    free = {"free_total": found.free_total, "status": str(found.status), "compiled": compiled}
    return seconds, told | free


def sums(affinity, files, jurors):
    values = np.bincount(files, affinity[files, jurors].astype(np.float64), minlength=len(affinity))
    return {"total": float(values.sum()), "worst": float(values.min())}


def min_cost_flow(affinity, forbidden, load, few):
    from ortools.graph.python import min_cost_flow as mcf

    begin = time.process_time()
    count, jurors = affinity.shape
    if few:
        value = np.where(forbidden, -np.inf, affinity)
        best = np.argpartition(-value, FEW, axis=1)[:, :FEW]
        f, j = np.repeat(np.arange(count), FEW), best.ravel()
        allowed = ~forbidden[f, j]
        f, j = f[allowed], j[allowed]
    else:
        f, j = np.nonzero(~forbidden)
    flow, end = mcf.SimpleMinCostFlow(), count + jurors
    cost = -np.rint(affinity[f, j].astype(np.float64) * 1e8).astype(np.int64)
    arcs = flow.add_arcs_with_capacity_and_unit_cost(f, count + j, np.ones(len(f), dtype=np.int64), cost)
    nodes = np.arange(count, end)
    flow.add_arcs_with_capacity_and_unit_cost(nodes, np.full(jurors, end), load, np.zeros(jurors, dtype=np.int64))
    flow.set_nodes_supplies(np.append(np.arange(count), end), np.append(np.full(count, 3), -3 * count))
    if flow.solve() != flow.OPTIMAL:
        return time.process_time() - begin, {"total": 0.0, "worst": 0.0}
    held = flow.flows(arcs) > 0
    seconds = time.process_time() - begin
    return seconds, sums(affinity, f[held], j[held])


def linear_program(affinity, forbidden, load):
    from scipy.optimize import linprog
    from scipy.sparse import coo_matrix

    begin = time.process_time()
    count, jurors = affinity.shape
    f, j = np.nonzero(~forbidden)
    one, arcs = np.ones(len(f)), np.arange(len(f))
    by_file = coo_matrix((one, (f, arcs)), shape=(count, len(f)))
    by_juror = coo_matrix((one, (j, arcs)), shape=(jurors, len(f)))
    gain = -affinity[f, j].astype(np.float64)
    found = linprog(gain, A_ub=by_juror, b_ub=load, A_eq=by_file, b_eq=np.full(count, 3), bounds=(0, 1))
    held = found.x > 0.5
    return time.process_time() - begin, sums(affinity, f[held], j[held])


METHODS = {
    "terreau": lambda *a: ours(*a, 1e-4),
    "terreau, gap 0": lambda *a: ours(*a, 0.0),
    "OR-Tools flow, every arc": lambda *a: min_cost_flow(*a, few=False),
    "OR-Tools flow, 60 best arcs": lambda *a: min_cost_flow(*a, few=True),
    "HiGHS LP (scipy)": linear_program,
}


def methods_for(files, jurors, peers):
    """Peers only where they end within minutes and memory."""
    names = ["terreau", "terreau, gap 0"]
    if not peers:
        return names
    if files * jurors <= 6_000_000:
        names.append("OR-Tools flow, every arc")
    if jurors > FEW:
        names.append("OR-Tools flow, 60 best arcs")
    if files * jurors <= 100_000:
        names.append("HiGHS LP (scipy)")
    return names


def measured(name, size, seed):
    command = [sys.executable, __file__, "--one", name, "--sizes", size, "--first", str(seed)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return json.loads(done.stdout.splitlines()[-1])


def one(name, size, seed):
    files, jurors = map(int, size.split("x"))
    seconds, told = METHODS[name](*instance(files, jurors, seed))
    told |= {"seconds": seconds, "mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}
    print(json.dumps(told))


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", default="273x40,5000x1000,20000x4000")
    parser.add_argument("--seeds", type=int, default=1)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--peers", action="store_true")
    parser.add_argument("--one")
    asked = parser.parse_args()
    if asked.one:
        one(asked.one, asked.sizes, asked.first)
        return
    print("| size | seed | method | CPU s | total | worst file (bound) | below the largest total | status | MB |")
    print("|---|---|---|---|---|---|---|---|---|")
    for size in asked.sizes.split(","):
        for seed in range(asked.first, asked.first + asked.seeds):
            for name in methods_for(*map(int, size.split("x")), asked.peers):
                it = measured(name, size, seed)
                bound = f" ({it['bound']:.4f})" if "bound" in it else ""
                loss = f"{100 * (1 - it['total'] / it['free_total']):.5f} %" if "free_total" in it else ""
                figures = f"{it['seconds']:.4f} | {it['total']:.4f} | {it['worst']:.4f}{bound} | {loss}"
                print(f"| {size} | {seed} | {name} | {figures} | {it.get('status', '')} | {it['mb']:.0f} |", flush=True)


if __name__ == "__main__":
    main()
