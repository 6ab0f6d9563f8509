"""Large portfolios to a gap of 0.1 %: the core solver beside HiGHS (highspy) and CBC (cbcbox), in CPU seconds.

Each measure runs in a process of its own; its CPU time is that of solving, building and reading the model left out
(HiGHS is handed the arrays of the program, CBC an MPS file; CBC's own start is counted). What was measured is kept in
DIR/large.json, so that the long runs of the peers are made once; --again forgets ours.

    .venv/bin/python benchmarks/portfolio_large.py --home DIR [--sizes 3000 30000] [--highs 540] [--cbc 200] [--again]
"""

import argparse
import json
import os
import re
import resource
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
from portfolio_instance import make

from terreau.methods.selection.core import solve_core
from terreau.methods.selection.exact import model
from terreau.methods.selection.program import Program, program

GAP = 1e-3
SIZES = (3_000, 30_000, 100_000)


def ours(n: int, options: bool, seed: int = 0) -> dict:
    """CPU seconds of the arrays and of solving, the compiled loops being warm; and of the first call, which loads."""
    it = make(n, seed, options=options)
    first = spent(lambda: solve_core(program(make(300, 1, options=options)), gap=GAP))[1]
    p, built = spent(lambda: program(it))
    found, seconds = spent(lambda: solve_core(p, gap=GAP))
    assert found is not None
    sums = p.rows[:, found.chosen] @ np.ones(len(found.chosen))
    kept = (sums >= p.low - 1e-7).all() and (sums <= p.high + 1e-7).all()
    kept &= len(np.unique(p.klass[found.chosen])) == len(found.chosen)
    return {
        "cpu": seconds,
        "built": built,
        "first": first,
        "objective": found.objective,
        "bound": found.bound,
        "kept": bool(kept),
        "mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


def highs(n: int, options: bool, limit: float) -> dict:
    p = program(make(n, options=options))
    solver = model(p)
    for name, value in (("mip_rel_gap", GAP), ("mip_feasibility_tolerance", 1e-6), ("time_limit", limit)):
        solver.setOptionValue(name, value)
    seconds = spent(solver.run)[1]
    info = solver.getInfo()
    objective = info.objective_function_value if info.primal_solution_status == 2 else None
    return {"cpu": seconds, "objective": objective, "bound": info.mip_dual_bound}


def cbc(n: int, options: bool, limit: float, home: Path) -> dict:
    file = home / f"{n}-{options}.mps"
    minimised(program(make(n, options=options)), file)
    return cbc_run(home, file, "-ratio", str(GAP), limit=limit)


def cbc_run(home: Path, file: Path, *stops: str, limit: float) -> dict:
    before = os.times()
    command = [binary(home), file, *stops, "-seconds", str(limit), "-solve", "-solution", f"{file}.sol"]
    said = subprocess.run(command, capture_output=True, text=True, check=True, timeout=limit * 2 + 120).stdout
    after = os.times()
    file.unlink()
    value, bound = (
        re.search(rf"^{name}:\s+(-?[\d.e+]+)", said, re.MULTILINE) for name in ("Objective value", "Lower bound")
    )
    return {
        "cpu": after.children_user + after.children_system - before.children_user - before.children_system,
        "objective": -float(value[1]) if value and "No feasible solution found" not in said else None,
        "bound": -float(bound[1]) if bound else None,
        "said": said[-600:],
    }


def minimised(p: Program, file: Path) -> None:
    """CBC minimises: the program with its objective turned round."""
    solver = model(p)
    solver.changeObjectiveSense(type(solver.getLp().sense_).kMinimize)
    solver.changeColsCost(len(p), np.arange(len(p), dtype=np.int32), -p.value)
    solver.writeModel(str(file))


def binary(home: Path) -> Path:
    """The CBC of a virtual environment of its own."""
    venv = home / "cbc"
    if not venv.exists():
        subprocess.run([sys.executable, "-m", "venv", venv], check=True)
        subprocess.run([venv / "bin" / "pip", "install", "-q", "cbcbox"], check=True)
    ask = "import cbcbox; print(cbcbox.cbc_bin_path())"
    return Path(subprocess.check_output([venv / "bin" / "python", "-c", ask], text=True).strip())


def spent(work):
    start = time.process_time()
    return work(), time.process_time() - start


def measured(home: Path, key: str, **arguments) -> dict:
    """From large.json, or by a process of its own."""
    book = home / "large.json"
    known = json.loads(book.read_text()) if book.exists() else {}
    if key not in known:
        command = [sys.executable, __file__, "--home", str(home), "--one", json.dumps(arguments)]
        known[key] = json.loads(subprocess.check_output(command, text=True).splitlines()[-1])
        book.write_text(json.dumps(known, indent=1))
    return known[key]


def one(home: Path, who: str, **arguments) -> dict:
    if who == "cbc":
        return cbc(**arguments, home=home)
    return {"ours": ours, "highs": highs}[who](**arguments)


def row(n: int, options: bool, who: str, found: dict, ratio: float) -> str:
    gap = "no portfolio"
    if found["objective"] is not None:
        gap = f"{100 * (found['bound'] - found['objective']) / abs(found['bound']):.4f} %"
    objective = f"{found['objective']:.2f}" if found["objective"] is not None else "–"
    kind = "60/80/100 %" if options else "base"
    return f"{n:>7} {kind:12} {who:6} {found['cpu']:>9.3f} {gap:>13} {objective:>14} {ratio:>8.0f}"


def table(home: Path, sizes: list[int], limits: dict[str, float]) -> None:
    print(f"{'n':>7} {'grants':12} {'solver':6} {'CPU s':>9} {'gap':>13} {'points':>14} {'ratio':>8}")
    for n in sizes:
        for options in (False, True):
            mine = measured(home, f"ours-{n}-{options}", who="ours", n=n, options=options)
            print(row(n, options, "ours", mine, 1), f"  built {mine['built']:.3f} s, {mine['mb']:.0f} MB", flush=True)
            for who, limit in limits.items():
                if limit:
                    key = f"{who}-{n}-{options}-{limit:g}"
                    found = measured(home, key, who=who, n=n, options=options, limit=limit)
                    print(row(n, options, who, found, found["cpu"] / mine["cpu"]), flush=True)
    seeds(home, sizes)


def seeds(home: Path, sizes: list[int]) -> None:
    print("\n8 further seeds: all rows kept, worst gap, worst CPU s")
    for n in sizes:
        for options in (False, True):
            runs = [
                measured(home, f"ours-{n}-{options}-seed{seed}", who="ours", n=n, options=options, seed=seed)
                for seed in range(1, 9)
            ]
            gap = max((r["bound"] - r["objective"]) / r["bound"] for r in runs)
            kept, worst = all(r["kept"] for r in runs), max(r["cpu"] for r in runs)
            print(
                f"{n:>7} {'60/80/100 %' if options else 'base':12} {kept!s:5} {100 * gap:.4f} % {worst:.3f}", flush=True
            )


def forget(home: Path) -> None:
    book = home / "large.json"
    if book.exists():
        known = json.loads(book.read_text())
        book.write_text(json.dumps({k: v for k, v in known.items() if not k.startswith("ours")}, indent=1))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--home", type=Path, required=True)
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES)
    parser.add_argument("--highs", type=float, default=200, help="wall seconds at most; 0 leaves it out")
    parser.add_argument("--cbc", type=float, default=200)
    parser.add_argument("--again", action="store_true")
    parser.add_argument("--one", type=json.loads, help=argparse.SUPPRESS)
    given = parser.parse_args()
    given.home.mkdir(parents=True, exist_ok=True)
    if given.one:
        print(json.dumps(one(given.home, **given.one)))
    else:
        if given.again:
            forget(given.home)
        table(given.home, given.sizes, {"highs": given.highs, "cbc": given.cbc})
