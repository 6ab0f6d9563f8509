"""Portfolios chosen again under uncertain scores, beside HiGHS alone on common draws: CPU, gaps and probabilities.

HiGHS keeps one model and takes a new objective for each draw, to a gap of 1e-6. With `--keep FILE` (outside the
repository) its portfolios are saved as it goes, and a later run takes up from them.

    .venv/bin/python benchmarks/robustness.py --exact 400 --keep exact.npz
    .venv/bin/python benchmarks/robustness.py --exact 60 --draws 500 --options --keep options.npz
    .venv/bin/python benchmarks/robustness.py --exact 60 --draws 500 --call 3
    .venv/bin/python benchmarks/robustness.py --exact 0 --select 1000 --draws 1000 --call 2

`--select N`: also beside `select`, the exact solver of this package, on N common draws.
"""

import argparse
import sys
import time
from dataclasses import replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
sys.path.insert(0, str(Path(__file__).parent.parent / "src"))

import numpy as np
from portfolio_instance import make

from terreau.methods.selection.exact import aim, model, run
from terreau.methods.selection.program import program
from terreau.methods.selection.robustness import posterior_draws, redrawn
from terreau.methods.selection.select import select

GAP = 1e-6
SAVE_EACH = 10


def main():
    asked = arguments()
    it = make(273, asked.call, options=asked.options)
    base = select(it)
    draws = posterior_draws(it.merit, np.full(273, 5.0), count=asked.draws, seed=1)
    redrawn(it, base, draws[:10])  # compiles
    began = time.process_time()
    cents, fallbacks = redrawn(it, base, draws)
    ours = (time.process_time() - began) / asked.draws
    print(f"{273} files, call {asked.call}, {len(program(it))} options, {asked.draws} draws")
    print(f"ours          {ours * 1e3:8.2f} CPU ms a draw; {fallbacks} draws chosen by the exact solver")
    if asked.exact:
        compare("HiGHS alone", it, draws, cents, ours, exact(it, draws[: asked.exact], asked.keep))
    if asked.select:
        compare("select", it, draws, cents, ours, selected(it, draws[: asked.select]))


def arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument("--exact", type=int, default=200)
    parser.add_argument("--draws", type=int, default=10_000)
    parser.add_argument("--select", type=int, default=0)
    parser.add_argument("--call", type=int, default=0, help="seed of the call")
    parser.add_argument("--options", action="store_true")
    parser.add_argument("--keep", type=Path, help="where the exact portfolios are saved")
    return parser.parse_args()


def values(it, p, draws):
    return draws[:, p.project] * (p.cents / it.requested[p.project]) ** it.elasticity


def exact(it, draws, path):
    """Options that HiGHS takes (d, m) and its CPU seconds (d,)."""
    p = program(it)
    highs = model(p)
    highs.setOptionValue("mip_rel_gap", GAP)
    taken, spent = [], []
    if path and path.exists():
        saved = np.load(path)
        taken, spent = list(saved["X"][: len(draws)]), list(saved["cpu"][: len(draws)])
    for k, value in enumerate(values(it, p, draws)[len(taken) :], len(taken)):
        began = time.process_time()
        highs.clearSolver()
        aim(highs, value)
        options, _ = run(highs, len(p))
        spent.append(time.process_time() - began)
        taken.append(np.isin(np.arange(len(p)), options))
        if path and (k % SAVE_EACH == SAVE_EACH - 1 or k == len(draws) - 1):
            np.savez(path, X=np.array(taken), cpu=np.array(spent))
    return np.array(taken), np.array(spent)


def selected(it, draws):
    """Options that `select` takes (d, m) and its CPU seconds (d,)."""
    p = program(it)
    taken, spent = [], []
    for merit in draws:
        began = time.process_time()
        granted = select(replace(it, merit=merit)).granted
        spent.append(time.process_time() - began)
        taken.append([granted.get(it.ids[i], 0) == c for i, c in zip(p.project, p.cents, strict=True)])
    return np.array(taken), np.array(spent)


def compare(who, it, draws, cents, ours, found):
    """Ratio, gaps and differences of probability on the draws that both have chosen for."""
    taken, spent = found
    count, p = len(taken), program(it)
    draws, cents = draws[:count], cents[:count]
    best = (values(it, p, draws) * taken).sum(axis=1)
    reached = (draws * (cents / it.requested) ** it.elasticity * (cents > 0)).sum(axis=1)
    gap = 100 * (best - reached) / best
    theirs = np.zeros((count, len(it)), dtype=bool)
    d, option = np.nonzero(taken)
    theirs[d, p.project[option]] = True
    apart = (cents > 0).astype(float) - theirs
    error, at = np.abs(apart.mean(axis=0)), np.abs(apart.mean(axis=0)).argmax()
    print(f"{who:13} {spent.mean() * 1e3:8.2f} CPU ms a draw over {count}; ratio {spent.mean() / ours:.0f}")
    print(f"gap           mean {gap.mean():.4f} %, largest {gap.max():.3f} %; none {(gap < 1e-7).mean():.0%} of draws")
    print(f"probabilities mean error {error.mean():.4f}, largest {error[at]:.4f}", end=" ")
    print(f"(its standard error {apart[:, at].std() / np.sqrt(count):.4f}), beyond 0.03: {(error > 0.03).sum()}")
    print(f"noise of the draws alone: at most {0.5 / np.sqrt(count):.4f} over {count}", end=", ")
    print(f"{0.5 / np.sqrt(10_000):.4f} over 10 000 draws, which it would take {spent.mean() * 1e4:.0f} s for")


if __name__ == "__main__":
    main()
