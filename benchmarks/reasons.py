"""Every reason and every price of a call of 273 files, beside HiGHS solving each question again from cold: CPU seconds.

HiGHS is handed the arrays of the same program with one row more (the file is in), or without one constraint; one
thread, gap 0. With --sample only so many questions, evenly spread, are put to it and its time is extrapolated.

    .venv/bin/python benchmarks/reasons.py [--n 273] [--seed 0] [--options] [--sample 40]
"""

import argparse

import numpy as np
from portfolio_instance import CALL, make
from portfolio_large import spent

from terreau.methods.selection.exact import add_row, model
from terreau.methods.selection.program import program
from terreau.methods.selection.reasons import why_not
from terreau.methods.selection.rule_prices import rule_prices
from terreau.methods.selection.select import select


def cold(p, project=None):
    """The optimum by HiGHS, with this project in; minus infinity where no portfolio has it."""
    highs = model(p)
    if project is not None:
        add_row(highs, (p.project == project).astype(float), 1.0, np.inf)
    highs.run()
    found = highs.getInfo()
    return found.objective_function_value if found.primal_solution_status == 2 else -np.inf


def row(what, count, mine, theirs, solved, away):
    said = f"{theirs / solved * count:.1f}" + ("" if solved == count else f" (from {solved})")
    print(
        f"{what:8} {count:>5} {mine:>8.2f} {said:>18} {theirs / solved * count / mine:>8.1f} {away:>14.0e}", flush=True
    )


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--n", type=int, default=CALL)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--options", action="store_true")
    parser.add_argument("--sample", type=int, default=0, help="0: every question")
    asked = parser.parse_args()
    small = make(60, 1, options=True)
    why_not(small, select(small))  # the compiled loops are warm
    it = make(asked.n, asked.seed, options=asked.options)
    outcome = select(it)
    print(f"{'':8} {'asked':>5} {'CPU s':>8} {'HiGHS cold, CPU s':>18} {'ratio':>8} {'largest away':>14}")

    reasons, mine = spent(lambda: why_not(it, outcome))
    chosen = reasons[:: spread(len(reasons), asked.sample)]
    p, number = program(it), {name: i for i, name in enumerate(it.ids)}
    again, theirs = spent(lambda: [cold(p, number[reason.id]) for reason in chosen])
    away = max(differs(outcome.objective - r.short_points, value) for r, value in zip(chosen, again, strict=True))
    row("reasons", len(reasons), mine, theirs, len(chosen), away)

    prices, mine = spent(lambda: rule_prices(it, outcome))
    chosen = prices[:: spread(len(prices), asked.sample)]
    again, theirs = spent(lambda: [cold(program(it, frozenset({price.constraint}))) for price in chosen])
    away = max(differs(outcome.objective + r.gain_points, value) for r, value in zip(chosen, again, strict=True))
    row("prices", len(prices), mine, theirs, len(chosen), away)


def spread(count, sample):
    return max(1, count // sample) if sample else 1


def differs(one, other):
    return 0.0 if one == other else abs(one - other)


if __name__ == "__main__":
    main()
