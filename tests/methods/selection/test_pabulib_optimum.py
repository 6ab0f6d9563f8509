"""Real polls as knapsacks, to the proven optimum: equal to CP-SAT's and to an exact dynamic program's.

The files are read here by the csv module alone, so that our reader is checked too.
"""

import csv
import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from terreau.cli.methods import question
from terreau.methods.selection.outcome import Status
from terreau.methods.selection.select import select

POLLS = Path(os.environ.get("TERREAU_DATA") or "/nowhere").resolve().parent / "real" / "pabulib"
PLACES = ("France_Toulouse", "Hungary_Veszprem", "Poland_Warszawa", "Switzerland_Zurich")
FILES = sorted(file for place in PLACES for file in POLLS.glob(f"{place}*.pb"))

pytestmark = [
    pytest.mark.data,
    pytest.mark.skipif(not FILES, reason="no real/pabulib beside TERREAU_DATA: real polls were not solved"),
]

# a process of its own: OR-Tools and highspy cannot be loaded together
CP_SAT = """
import json, sys
from ortools.sat.python import cp_model
best = []
for costs, merits, budget in json.load(sys.stdin):
    model = cp_model.CpModel()
    taken = [model.new_bool_var("") for _ in costs]
    model.add(cp_model.LinearExpr.weighted_sum(taken, costs) <= budget)
    model.maximize(cp_model.LinearExpr.weighted_sum(taken, merits))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    best.append(round(solver.objective_value) if solver.solve(model) == cp_model.OPTIMAL else None)
print(json.dumps(best))
"""


def poll(file):
    """Costs, merits (the score where there is one, else the votes) and budget, whole numbers all."""
    sections, at = {}, None
    with file.open(newline="", encoding="utf-8-sig") as lines:
        for row in csv.reader(lines, delimiter=";"):
            if row and row[0].strip() in {"META", "PROJECTS", "VOTES"}:
                at = sections.setdefault(row[0].strip(), [])
            elif row:
                at.append(row)
    budget = next(value for key, value, *_ in sections["META"] if key.strip() == "budget")
    header, *rows = sections["PROJECTS"]
    merit = "score" if "score" in header else "votes"
    columns = [[whole(row[header.index(name)]) for row in rows] for name in ("cost", merit)]
    return *columns, whole(budget)


def whole(text):
    assert float(text).is_integer(), text
    return int(float(text))


def least_costs(costs, merits):
    """For each total of merit, the least money that reaches exactly it: Bellman's recursion."""
    least = np.full(sum(merits) + 1, 2**62, dtype=np.int64)
    least[0] = 0
    for cost, merit in zip(costs, merits, strict=True):
        if merit:
            least[merit:] = np.minimum(least[merit:], least[:-merit] + cost)
    return least


@pytest.fixture(scope="module")
def polls():
    return {file: poll(file) for file in FILES}


def test_every_poll_is_solved_to_the_optimum_of_two_others(polls):
    assert len(FILES) == 32
    asked = json.dumps(list(polls.values()))
    done = subprocess.run([sys.executable, "-c", CP_SAT], input=asked, capture_output=True, text=True, check=True)
    for (file, (costs, merits, budget)), proven in zip(polls.items(), json.loads(done.stdout), strict=True):
        it = question.read(question.Asked(file)).instance
        outcome = select(it)
        taken = [i for i, name in enumerate(it.ids) if name in outcome.granted]
        assert outcome.status == Status.OPTIMAL, file.name
        assert outcome.objective == outcome.bound == sum(merits[i] for i in taken) == proven, file.name
        assert sum(costs[i] for i in taken) * 100 == outcome.total_cents <= budget * 100, file.name
        least = least_costs(costs, merits)
        assert np.flatnonzero(least <= budget)[-1] == proven, file.name
        assert outcome.total_cents == least[proven] * 100, f"{file.name}: ties go to the least money"


def test_the_command_says_so_too(polls, tmp_path):
    file = POLLS / "France_Toulouse_2024.pb"
    costs, merits, budget = polls[file]
    command = [sys.executable, "-m", "terreau.cli", "select", str(file), "--json", str(tmp_path / "out.json")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    answer = json.loads((tmp_path / "out.json").read_text(encoding="utf-8"))
    assert (done.returncode, done.stderr, answer["status"]) == (0, "", "optimal")
    assert answer["objective"] == answer["bound"] == np.flatnonzero(least_costs(costs, merits) <= budget)[-1]
    assert answer["granted"] == sum(one["amount"] for one in answer["selected"]) <= budget == answer["budget"]
