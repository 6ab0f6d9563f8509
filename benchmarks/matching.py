"""The index of the matching beside DuckDB, numpy brute force and a BallTree, on the same instance and in the same run.

Each measure runs in a process of its own, over arrays mapped from DIR; CPU seconds (user and system) and wall. The
score: .40·exp(−d/30 km) + .30·cosine of 64 themes in int8 + .15·affinity (88 sectors) + .05·size + .10·share of what is
sought. Answers are compared with numpy's, row by row (equal scores by row). The BallTree looks within 30 km alone: not
exact. Peers need duckdb, pyarrow and scikit-learn.

    .venv/bin/python benchmarks/matching.py --home DIR [--firms 4000000] [--projects 3000] [--few 5] [--only ours ...]
"""

import argparse
import json
import os
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
from matching_instance import FORMS, SCALE_KM, SECTORS, SIZE_VALUES, SIZES, WEIGHTS, Country, make, shares

from terreau.methods.matching.firms import Firms, Query
from terreau.methods.matching.index import Index, build
from terreau.methods.matching.search import Searcher

TOP = 50
WIDTHS = {"sector": SECTORS, "size": SIZES, "offers": 1 << FORMS}


def country(home):
    return Country(*(np.load(home / f"{name}.npy", mmap_mode="r") for name in Country._fields))


def firms(it):
    columns = {name: getattr(it, name) for name in WIDTHS}
    return Firms(it.lat, it.lon, columns, WIDTHS, vectors=it.vectors)


def query(it, i):
    tables = {
        "sector": ("sector", WEIGHTS["sector"] * it.affinity[i]),
        "size": ("size", WEIGHTS["size"] * SIZE_VALUES),
        "offers": ("offers", WEIGHTS["offers"] * shares(it.seeks[i])),
    }
    place = float(it.to_lat[i]), float(it.to_lon[i])
    return Query(*place, WEIGHTS["distance"], SCALE_KM, tables, np.asarray(it.wanted[i]), WEIGHTS["likeness"])


def index(home, _few):
    """Built into mapped files that any process opens."""
    it = country(home)
    small = Country(*(column[:5_000] for column in it))
    build(firms(small))  # compiled

    def mapped(name, shape, dtype):
        return np.lib.format.open_memmap(home / f"index-{name}.npy", "w+", dtype=dtype, shape=shape)

    return spent(lambda: build(firms(it), mapped)) | {"count": 1}


def searcher(home):
    arrays = (np.load(home / f"index-{name}.npy", mmap_mode="r") for name in Index._fields)
    return Searcher(Index(*arrays), WIDTHS)


def alone(home, _few):
    """One project at a time."""
    it, ours = country(home), searcher(home)
    ours.best(query(it, 0), TOP)
    wall, cpu = [], []
    for i in range(min(len(it.to_lat), 500)):
        asked, started, begin = query(it, i), time.process_time(), time.perf_counter()
        ours.best(asked, TOP)
        wall.append(time.perf_counter() - begin)
        cpu.append(time.process_time() - started)
    both = {"wall": wall, "cpu": cpu}
    told = {f"{kind}_p{p}_ms": 1e3 * np.percentile(of, p) for kind, of in both.items() for p in (50, 95)}
    return {"count": len(wall), "cpu": sum(cpu), "wall": sum(wall)} | told


def together(home, few, threads=2):
    """All projects, two threads."""
    it, ours = country(home), searcher(home)
    ours.best(query(it, 0), TOP)
    asked = [query(it, i) for i in range(len(it.to_lat))]
    lists = []
    told = spent(lambda: lists.extend(ours.best_of_all(asked, TOP, threads)))
    return told | {"count": len(asked), "rows": [one.rows.tolist() for one in lists[:few]]}


def scan(home, few):
    """Ours by brute force: the same compiled score, every firm."""
    it, ours = country(home), searcher(home)
    ours.scanned(query(it, 0), TOP)
    lists = []
    told = spent(lambda: lists.extend(ours.scanned(query(it, i), TOP) for i in range(few)))
    return told | {"count": few, "rows": [one.rows.tolist() for one in lists]}


def kilometres(lat, lon, to_lat, to_lon):
    phi, to_phi = np.radians(lat), np.radians(to_lat)
    chord = np.sin((to_phi - phi) / 2) ** 2
    chord += np.cos(phi) * np.cos(to_phi) * np.sin(np.radians(to_lon - lon) / 2) ** 2
    return 2 * 6371.0088 * np.arcsin(np.sqrt(chord))


def rescored(it, i, some, lengths):
    """The score of some firms by numpy; their vectors in blocks, so that memory holds."""
    total = WEIGHTS["distance"] * np.exp(-kilometres(it.lat[some], it.lon[some], it.to_lat[i], it.to_lon[i]) / SCALE_KM)
    total += WEIGHTS["sector"] * it.affinity[i][it.sector[some]] + WEIGHTS["size"] * SIZE_VALUES[it.size[some]]
    total += WEIGHTS["offers"] * shares(it.seeks[i])[it.offers[some]]
    wanted = it.wanted[i].astype(np.float32)
    vectors, norm = it.vectors[some], np.linalg.norm(wanted)
    for first in range(0, len(total), 1 << 16):
        block = slice(first, first + (1 << 16))
        dots = vectors[block].astype(np.float32) @ wanted
        total[block] += WEIGHTS["likeness"] * dots.astype(np.float64) / (lengths[some][block] * norm)
    return total


def lengths_of(it):
    squares = [np.einsum("ij,ij->i", block, block, dtype=np.int64) for block in np.array_split(it.vectors, 64)]
    return np.sqrt(np.concatenate(squares))


def first(scores, rows):
    size = min(TOP, len(scores))
    best = np.flatnonzero(scores >= np.partition(scores, -size)[-size])
    return rows[best[np.lexsort((rows[best], -scores[best]))]][:TOP].tolist()


def by_numpy(home, few):
    it = Country(*(np.asarray(column) for column in country(home)))
    lengths, rows, every = lengths_of(it), [], np.arange(len(it.lat))
    told = spent(lambda: rows.extend(first(rescored(it, i, slice(None), lengths), every) for i in range(few)))
    return told | {"count": few, "rows": rows}


def ball_tree(home, few):
    from sklearn.neighbors import BallTree

    it = Country(*(np.asarray(column) for column in country(home)))
    lengths, rows = lengths_of(it), []
    begin = time.process_time()
    tree = BallTree(np.radians(np.stack([it.lat, it.lon], axis=1)), metric="haversine", leaf_size=40)
    built = time.process_time() - begin

    def near(i):
        some = tree.query_radius(np.radians([[it.to_lat[i], it.to_lon[i]]]), 30 / 6371.0088)[0]
        return first(rescored(it, i, some, lengths), some)

    few = 20 * few
    return spent(lambda: rows.extend(near(i) for i in range(few))) | {"count": few, "built": built, "rows": rows}


def duck_db(home, few):
    import duckdb
    import pyarrow as pa

    it = country(home)
    base = duckdb.connect(config={"threads": "2"})
    kind = "id INTEGER, lat DOUBLE, lon DOUBLE, sector UTINYINT, size UTINYINT, offers UTINYINT, v FLOAT[64]"
    base.execute(f"CREATE TABLE firms ({kind})")
    for begin in range(0, len(it.lat), 1 << 18):
        some = slice(begin, begin + (1 << 18))
        block = it.vectors[some].astype(np.float32)
        block /= np.linalg.norm(block, axis=1, keepdims=True)
        columns = {name: pa.array(getattr(it, name)[some]) for name in ("lat", "lon", "sector", "size", "offers")}
        columns["v"] = pa.FixedSizeListArray.from_arrays(pa.array(block.ravel()), 64)
        rows = pa.table({"id": pa.array(np.arange(begin, begin + len(block), dtype=np.int32))} | columns)  # noqa: F841
        base.execute("INSERT INTO firms SELECT * FROM rows")
    lists = []
    told = spent(lambda: lists.extend(_asked(base, it, i) for i in range(few)))
    return told | {"count": few, "rows": lists}


def _asked(base, it, i):
    wanted = it.wanted[i] / np.linalg.norm(it.wanted[i].astype(float))
    tables = [it.affinity[i].tolist(), SIZE_VALUES.tolist(), shares(it.seeks[i]).tolist()]
    place = [float(it.to_lat[i]), float(it.to_lon[i])]
    score = (
        ".40 * exp(-2 * 6371.0088 * asin(sqrt(pow(sin(radians($1 - lat) / 2), 2) + cos(radians(lat)) * cos(radians($1))"
        " * pow(sin(radians($2 - lon) / 2), 2))) / 30) + .30 * array_inner_product(v, $6::FLOAT[64])"
        " + .15 * ($3::DOUBLE[])[sector + 1] + .05 * ($4::DOUBLE[])[size + 1] + .10 * ($5::DOUBLE[])[offers + 1]"
    )
    statement = f"SELECT id FROM (SELECT id, {score} AS score FROM firms) ORDER BY score DESC, id LIMIT {TOP}"
    return [row for (row,) in base.execute(statement, [*place, *tables, wanted.tolist()]).fetchall()]


METHODS = {
    "index": index,
    "alone": alone,
    "together": together,
    "scan": scan,
    "numpy": by_numpy,
    "DuckDB": duck_db,
    "BallTree": ball_tree,
}


def spent(work):
    cpu, wall = time.process_time(), time.perf_counter()
    work()
    return {"cpu": time.process_time() - cpu, "wall": time.perf_counter() - wall}


def peak():
    """MB, mapped files included; getrusage would tell that of the process which started this one."""
    (line,) = [line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM")]
    return int(line.split()[1]) / 1024


def measured(home, name, few):
    command = [sys.executable, __file__, "--home", str(home), "--one", name, "--few", str(few)]
    return json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()[-1])


def prepared(home, count, projects):
    folder = home / f"{count}-{projects}"
    if not (folder / "wanted.npy").exists():
        folder.mkdir(parents=True, exist_ok=True)
        for name, column in make(count, projects)._asdict().items():
            np.save(folder / f"{name}.npy", column)
    return folder


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--home", type=Path, required=True)
    parser.add_argument("--firms", type=int, default=4_000_000)
    parser.add_argument("--projects", type=int, default=3_000)
    parser.add_argument("--few", type=int, default=5, help="projects that the slow ones are asked")
    parser.add_argument("--only", nargs="+", default=list(METHODS), choices=list(METHODS))
    parser.add_argument("--one", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.one:
        told = METHODS[asked.one](asked.home, asked.few)
        print(json.dumps(told | {"mb": peak()}))
        return
    home = prepared(asked.home, asked.firms, asked.projects)
    print(f"{asked.firms} firms, {asked.projects} projects, load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    print("| method | projects | CPU ms each | wall ms each | wall s | MB | others |\n|---|---|---|---|---|---|---|")
    rows = {}
    for name in asked.only:
        it = measured(home, name, asked.few)
        rows[name] = it.pop("rows", [])
        cpu, wall, count, mb = (it.pop(key) for key in ("cpu", "wall", "count", "mb"))
        more = ", ".join(f"{key} {value:.1f}" for key, value in it.items())
        each = f"{1e3 * cpu / count:.2f} | {1e3 * wall / count:.2f}"
        print(f"| {name} | {count} | {each} | {wall:.1f} | {mb:.0f} | {more} |", flush=True)
    truth = rows.get("numpy") or rows.get("scan", [])
    for name, lists in rows.items():
        pairs = list(zip(lists, truth, strict=False))
        if pairs:
            print(f"{name}: {sum(a == b for a, b in pairs)} of {len(pairs)} lists are numpy's; ", end="")
            print(f"{sum(len(set(a) & set(b)) for a, b in pairs) / sum(len(b) for _, b in pairs):.1%} of their firms")


if __name__ == "__main__":
    main()
