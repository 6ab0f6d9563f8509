"""CP-SAT for `portfolio_exact.py`, in a process without highspy, whose symbols clash with those of OR-Tools.

Reads from standard input the programs in whole numbers: rows, their least and most, values; writes (CPU s, objective).
"""

import json
import sys
import time

from ortools.sat.python import cp_model


def solved(rows, low, high, value):
    model = cp_model.CpModel()
    taken = [model.new_bool_var("") for _ in value]
    for (places, figures), least, most in zip(rows, low, high, strict=True):
        total = cp_model.LinearExpr.weighted_sum([taken[k] for k in places], figures)
        model.add_linear_constraint(total, least, most)
    model.maximize(cp_model.LinearExpr.weighted_sum(taken, value))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    start = time.process_time()
    status = solver.solve(model)
    assert status == cp_model.OPTIMAL
    return time.process_time() - start, solver.objective_value


if __name__ == "__main__":
    print(json.dumps([solved(*program) for program in json.load(sys.stdin)]))
