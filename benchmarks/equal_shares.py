"""The method of equal shares beside pabutools 1.2.3, the reference in exact fractions: same sets? at what cost?

    python benchmarks/equal_shares.py --home DIR [--folder FOLDER] [--without-crowd]

Every `.pb` file of the folder (by default the Pabulib files beside the data pack, `$TERREAU_DATA/../real/pabulib`),
and a drawn crowd of 66 000 voters and 163 projects, each with the satisfactions « cost » and « cardinality » (and
« points » where the ballots carry some). pabutools is installed into its own environment under --home. CPU seconds of
one process each; reading the file is told apart. On the Zurich files the completion by growing shares is compared too.
"""

import argparse
import json
import os
import subprocess
import sys
import time
from pathlib import Path

PEER = ["pabutools==1.2.3", "pulp<4"]
CROWD = "crowd_66000x163.pb"


def peer_python(home):
    folder = home / "pabutools"
    python = folder / "bin" / "python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", *PEER], check=True)
    return python


def draw_crowd(path):
    """One to ten approvals a voter, projects unevenly popular, as in the large Polish budgets."""
    import numpy as np

    draw = np.random.default_rng(2024)
    voters, projects = 66_000, 163
    costs = draw.integers(10, 900, projects) * 1000
    popular = np.log(draw.dirichlet(np.full(projects, 0.8)))
    wished = draw.integers(1, 11, voters)
    order = np.argsort(-(popular + draw.gumbel(size=(voters, projects))), axis=1)
    head = f"META\nkey;value\nbudget;{costs.sum() // 3}\nvote_type;approval\nPROJECTS\nproject_id;cost\n"
    body = "".join(f"{p};{cost}\n" for p, cost in enumerate(costs))
    votes = "".join(f"{v};{','.join(map(str, order[v, :k]))}\n" for v, k in enumerate(wished))
    path.write_text(head + body + "VOTES\nvoter_id;vote\n" + votes)


def timed(work, rounds=1):
    """The answer, and the least CPU of the rounds."""
    least = float("inf")
    for _ in range(rounds):
        begin = time.process_time()
        answer = work()
        least = min(least, time.process_time() - begin)
    return answer, least


def questions(name, kind):
    points = ["points"] if kind in {"cumulative", "scoring"} else []
    yield from ((satisfaction, "none") for satisfaction in ["cost", "cardinality", *points])
    if "Zurich" in name:
        yield from (("cost", "add1"), ("cardinality", "add1"))


def theirs(paths):
    """Run by the peer's Python: one line of JSON a question."""
    from pabutools.election.pabulib import parse_pabulib
    from pabutools.election.satisfaction import Additive_Cardinal_Sat, Cardinality_Sat, Cost_Sat
    from pabutools.rules import method_of_equal_shares

    measures = {"cost": Cost_Sat, "cardinality": Cardinality_Sat, "points": Additive_Cardinal_Sat}
    for path in map(Path, paths):
        (instance, profile), parse = timed(lambda path=path: parse_pabulib(str(path)))
        for satisfaction, completion in questions(path.name, instance.meta["vote_type"]):
            more = {"voter_budget_increment": 1} if completion == "add1" else {}

            def run(measure=measures[satisfaction], more=more, instance=instance, profile=profile):
                return method_of_equal_shares(instance, profile, measure, **more)

            chosen, seconds = timed(run)
            print(json.dumps([path.name, satisfaction, completion, sorted(p.name for p in chosen), seconds, parse]))


def ours(paths):
    from terreau.cli.methods import pabulib
    from terreau.methods.selection.equal_shares import equal_shares

    found = {}
    for path in [paths[0], *paths]:  # the first pass compiles
        read, parse = timed(lambda path=path: pabulib.read(path), 3)
        for satisfaction, completion in questions(path.name, read.meta["vote_type"]):

            def run(satisfaction=satisfaction, completion=completion, read=read):
                options = {"satisfaction": satisfaction, "completion": completion, "increment": read.scale}
                return equal_shares(read.costs, read.budget, read.ballots, names=read.names, **options)

            shares, seconds = timed(run, 5)
            size = len(read.names), len(read.ballots)
            chosen = sorted(read.names[i] for i in shares.selected)
            found[path.name, satisfaction, completion] = (chosen, seconds, parse, size)
    return found


def compare(paths, home):
    lines = subprocess.run(
        [peer_python(home), __file__, "--peer", *paths], check=True, stdout=subprocess.PIPE, text=True
    ).stdout.splitlines()
    answers, equal, total = ours(paths), 0, [0.0, 0.0, 0.0, 0.0]
    print(f"{'file':34}{'projects × voters':>18} {'satisfaction':13}{'chosen':>7} {'same':5}", end="")
    print(f"{'pabutools':>12}{'ours':>11}{'ratio':>9}{'parse: theirs':>15}{'ours':>10}")
    for line in lines:
        name, satisfaction, completion, chosen, seconds, parse = json.loads(line)
        mine, own, own_parse, size = answers[name, satisfaction, completion]
        equal += mine == chosen
        total = [a + b for a, b in zip(total, [seconds, own, parse, own_parse], strict=True)]
        asked = satisfaction if completion == "none" else f"{satisfaction}, {completion}"
        same = "yes" if mine == chosen else "NO"
        print(f"{name[:33]:34}{size[0]:>8} × {size[1]:<7} {asked[:13]:13}{len(mine):>7} {same:5}", end="")
        print(f"{seconds * 1000:10.1f}ms{own * 1000:9.2f}ms{seconds / own:8.0f}×", end="")
        print(f"{parse * 1000:13.1f}ms{own_parse * 1000:8.1f}ms")
    print(f"\nidentical sets: {equal} of {len(lines)}; CPU {total[0]:.2f} s against {total[1]:.4f} s", end="")
    print(f" ({total[0] / total[1]:.0f}×); parse {total[2]:.2f} s against {total[3]:.2f} s")
    return equal == len(lines)


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    beside = Path(os.environ.get("TERREAU_DATA", "data")).resolve().parent / "real" / "pabulib"
    options.add_argument("--home", type=Path, help="where the peer's environment and the crowd are kept")
    options.add_argument("--folder", type=Path, default=beside)
    options.add_argument("--without-crowd", action="store_true")
    options.add_argument("--peer", nargs="*", help=argparse.SUPPRESS)
    asked = options.parse_args()
    if asked.peer:
        theirs(asked.peer)
        return
    if not asked.home:
        options.error("--home is needed")
    asked.home.mkdir(parents=True, exist_ok=True)
    paths = sorted(asked.folder.glob("*.pb"))
    if not asked.without_crowd:
        paths.append(asked.home / CROWD)
        if not paths[-1].exists():
            draw_crowd(paths[-1])
    sys.exit(0 if compare(paths, asked.home) else 1)


if __name__ == "__main__":
    main()
