"""Portfolios chosen again under uncertain scores, beside HiGHS exact on common draws: CPU seconds and probabilities.

.venv/bin/python benchmarks/robustness.py --exact 200 [--options]`.
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

from terreau.methods.selection.robustness import posterior_draws, redrawn
from terreau.methods.selection.select import select


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--exact", type=int, default=200)
    parser.add_argument("--draws", type=int, default=10_000)
    parser.add_argument("--options", action="store_true")
    asked = parser.parse_args()
    it = make(273, 0, options=asked.options)
    base = select(it)
    draws = posterior_draws(it.merit, np.full(273, 5.0), count=asked.draws, seed=1)
    redrawn(it, base, draws[:10])  # compiles
    began = time.process_time()
    cents, fallbacks = redrawn(it, base, draws)
    ours = (time.process_time() - began) / asked.draws
    print(f"ours: {ours * asked.draws:.2f} CPU s for {asked.draws} draws, {fallbacks} chosen by the exact solver")
    began = time.process_time()
    exact = [select(replace(it, merit=merit)).granted for merit in draws[: asked.exact]]
    theirs = (time.process_time() - began) / asked.exact
    inside = np.array([[name in granted for name in it.ids] for granted in exact])
    error = np.abs(inside.mean(axis=0) - (cents[: asked.exact] > 0).mean(axis=0))
    print(f"exact: {theirs:.3f} CPU s a draw over {asked.exact}; ratio, extrapolated: {theirs / ours:.0f}")
    print(f"probabilities on common draws: mean error {error.mean():.4f}, largest {error.max():.4f}")


if __name__ == "__main__":
    main()
