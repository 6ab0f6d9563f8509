"""A call of 273 files to its proven optimum: ours beside HiGHS (highspy, scipy), CP-SAT and CBC, in CPU seconds.

Ours is the whole answer: arrays, proof, ties broken by the stated rule. The peers do not break ties; they are handed
the arrays of the same program (CP-SAT in whole cents and millionths of a point, CBC an MPS file) and stop at a
gap of 0; building theirs is left out. Each solver runs in a process of its own, one thread; for ours the compiled
loops are warm. CBC is installed into its own environment under --home.

    .venv/bin/python benchmarks/portfolio_exact.py --home DIR [--n 273] [--seeds 5] [--solvers ours cbc]
"""

import argparse
import json
import subprocess
import sys
from pathlib import Path
from statistics import median

import numpy as np
from portfolio_instance import CALL, make
from portfolio_large import cbc_run, minimised, spent
from scipy.optimize import Bounds, LinearConstraint, milp

from terreau.methods.selection.exact import model, system
from terreau.methods.selection.outcome import Status
from terreau.methods.selection.program import UNIT, program
from terreau.methods.selection.select import select

CP_SAT = Path(__file__).with_name("portfolio_cp_sat.py")
SOLVERS = ("ours", "highspy", "scipy", "cp-sat", "cbc")
MICRO = 1e6  # CP-SAT counts in whole numbers: millionths of a point


def ours(instances):
    select(make(60, 1, options=True))
    for it in instances:
        found, seconds = spent(lambda it=it: select(it))
        assert found.status == Status.OPTIMAL
        yield seconds, found.objective


def highspy(instances):
    for it in instances:
        solver = model(program(it))
        seconds = spent(solver.run)[1]
        yield seconds, solver.getInfo().objective_function_value


def scipy(instances):
    for it in instances:
        p = program(it)
        rows = LinearConstraint(*system(p))
        found, seconds = spent(
            lambda p=p, rows=rows: milp(
                -p.value,
                integrality=np.ones(len(p)),
                bounds=Bounds(0, 1),
                constraints=rows,
                options={"mip_rel_gap": 0.0},
            )
        )
        yield seconds, -found.fun


def in_whole_numbers(it):
    """Each row in cents where it counts money, the points in millionths."""
    p = program(it)
    matrix, low, high = system(p)
    far, rows, lows, highs = 2**53, [], [], []
    for k in range(matrix.shape[0]):
        part = slice(matrix.indptr[k], matrix.indptr[k + 1])
        figures = matrix.data[part]
        scale = 1 if (figures == np.rint(figures)).all() else UNIT
        rows.append((matrix.indices[part].tolist(), np.rint(figures * scale).astype(int).tolist()))
        lows.append(-far if np.isinf(low[k]) else int(np.ceil(low[k] * scale - 1e-3)))
        highs.append(far if np.isinf(high[k]) else int(np.floor(high[k] * scale + 1e-3)))
    return rows, lows, highs, np.rint(p.value * MICRO).astype(int).tolist()


def cbc(instances, home):
    for k, it in enumerate(instances):
        file = home / f"exact-{k}.mps"
        minimised(program(it), file)
        found = cbc_run(home, file, "-ratio", "0", "-allow", "0", limit=300)
        yield found["cpu"], found["objective"]


def one(who, options, arguments):
    """The (CPU seconds, objective) of one solver on every seed."""
    instances = [make(arguments.n, seed, options=options) for seed in range(arguments.seeds)]
    if who == "cp-sat":
        asked = json.dumps([in_whole_numbers(it) for it in instances])
        found = json.loads(subprocess.check_output([sys.executable, CP_SAT], input=asked, text=True))
        return [(seconds, micro / MICRO) for seconds, micro in found]
    if who == "cbc":
        return list(cbc(instances, arguments.home))
    return list({"ours": ours, "highspy": highspy, "scipy": scipy}[who](instances))


def table(arguments):
    print(f"n = {arguments.n}, seeds 0 to {arguments.seeds - 1}")
    print(f"{'grants':12} {'solver':8} {'median CPU s':>12} {'worst':>7} {'× ours':>8}  objective")
    for options in (False, True):
        found = {}
        for who in dict.fromkeys(["ours", *arguments.solvers]):
            asked = ["--one", who, *(["--options"] if options else [])]
            asked += ["--n", str(arguments.n), "--seeds", str(arguments.seeds), "--home", str(arguments.home)]
            found[who] = json.loads(subprocess.check_output([sys.executable, __file__, *asked], text=True))
            print(row(who, options, found), flush=True)


def row(who, options, found):
    seconds, points = zip(*found[who], strict=True)
    away = max(abs(a - b) for a, (_s, b) in zip(points, found["ours"], strict=True))
    reference = median(s for s, _points in found["ours"])
    same = "equal" if away < 1e-3 else f"{away:.4f} away"
    ratio = f"{median(seconds) / reference:.1f}"
    kind = "60/80/100 %" if options else "base"
    return f"{kind:12} {who:8} {median(seconds):>12.3f} {max(seconds):>7.3f} {ratio:>8}  {same} (≤ {away:.0e})"


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--home", type=Path, required=True)
    parser.add_argument("--n", type=int, default=CALL)
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--solvers", nargs="+", choices=SOLVERS, default=SOLVERS)
    parser.add_argument("--options", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--one", choices=SOLVERS, help=argparse.SUPPRESS)
    given = parser.parse_args()
    given.home.mkdir(parents=True, exist_ok=True)
    if given.one:
        print(json.dumps(one(given.one, given.options, given)))
    else:
        table(given)
