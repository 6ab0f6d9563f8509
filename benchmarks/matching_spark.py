"""Beyond one machine: the same matching, its firms partitioned by territory, on Spark; identical to one index.

Each partition (a band of longitude here; a région or a group of zones in production) holds its firms in the order of
their identifiers, builds its own index and answers every project with its best k: mapInArrow, plain columns in and
out. The best k of the country are among them; a window over (score, identifier) keeps them. Scores are whole units, so
that no machine rounds otherwise. Needs pyspark, pyarrow and a Java runtime; the product does not.

    .venv/bin/python benchmarks/matching_spark.py [--firms 400000] [--projects 50] [--partitions 8] [--workers 2]
"""

import argparse
import os
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from matching_instance import FORMS, SECTORS, make
from pyspark.sql import SparkSession
from pyspark.sql.functions import col, floor

from terreau.methods.matching.firms import Firms
from terreau.methods.matching.index import build
from terreau.methods.matching.plain import Project, Sets, Vocabulary, Weights, query
from terreau.methods.matching.search import Searcher

TOP = 50
THEMES = 20
SIZES = ["micro", "sme", "midcap", "large", "other"]


def table(count, projects):
    """Firms as the command reads them, and projects; two themes a firm at the most."""
    it, rng = make(count, projects), np.random.default_rng(1)
    offers = [";".join(f"f{bit}" for bit in range(FORMS) if code >> bit & 1) for code in range(1 << FORMS)]
    themes = rng.integers(0, THEMES, (count, 2))
    columns = {
        "id": np.char.add("F", np.char.zfill(rng.permutation(count).astype(str), 8)),
        "lat": it.lat,
        "lon": it.lon,
        "sector": it.sector.astype(np.int32),
        "size": np.array(SIZES)[it.size],
        "themes": [f"t{a};t{b}" for a, b in themes.tolist()],
        "offers": np.array(offers)[it.offers],
    }
    asked = [
        Project(
            f"P{i:04}",
            float(it.to_lat[i]),
            float(it.to_lon[i]),
            frozenset(rng.choice(SECTORS, 3, replace=False).tolist()),
            frozenset(f"t{t}" for t in rng.choice(THEMES, 3, replace=False)),
            frozenset(offers[it.seeks[i]].split(";")),
        )
        for i in range(projects)
    ]
    return pa.table(columns), asked


def answers(rows, asked, weights):
    """The best of these firms for each project: a table project, firm, units."""
    rows = rows.sort_by("id")
    codes, values = {}, {}
    for name in ("size", "themes", "offers"):
        told = rows[name].combine_chunks().dictionary_encode()
        codes[name], values[name] = told.indices.to_numpy(), told.dictionary.to_pylist()
    sets = [
        Sets([[word for word in cell.split(";") if word] for cell in values[name]]) for name in ("themes", "offers")
    ]
    words = Vocabulary(values["size"], *sets)
    lat, lon = (rows[name].to_numpy() for name in ("lat", "lon"))
    firms = Firms(lat, lon, {"sector": rows["sector"].to_numpy()} | codes, words.widths)
    searcher = Searcher(build(firms), words.widths)
    names, found = rows["id"].to_numpy(), {"project": [], "firm": [], "units": []}
    for project in asked:
        best = searcher.best(query(project, weights, words), TOP)
        found["project"] += [project.name] * len(best.rows)
        found["firm"] += names[best.rows].tolist()
        found["units"] += best.units.tolist()
    return pa.table(found)


def by_territory(session, path, asked, partitions):
    weights = Weights()

    def partition(batches):
        held = list(batches)
        if sum(batch.num_rows for batch in held):
            yield from answers(pa.Table.from_batches(held), asked, weights).to_batches()

    firms = session.read.parquet(path)
    bands = firms.withColumn("band", floor((col("lon") + 180) * 2)).repartition(partitions, "band").drop("band")
    found = bands.mapInArrow(partition, "project string, firm string, units long")
    found.createOrReplaceTempView("found")
    best = session.sql(
        "SELECT project, firm, units FROM (SELECT *, row_number() OVER (PARTITION BY project ORDER BY units DESC, firm)"
        f" AS place FROM found) WHERE place <= {TOP} ORDER BY project, place"
    )
    return [tuple(row) for row in best.collect()]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--firms", type=int, default=400_000)
    parser.add_argument("--projects", type=int, default=50)
    parser.add_argument("--partitions", type=int, default=8)
    parser.add_argument("--workers", type=int, default=2)
    told = parser.parse_args()
    rows, asked = table(told.firms, told.projects)
    begin = time.perf_counter()
    here = answers(rows, asked, Weights())
    alone = list(zip(*(here[name].to_pylist() for name in here.column_names), strict=True))
    print(f"one index: {len(alone)} proposals, {time.perf_counter() - begin:.1f} s")
    os.environ["PYSPARK_PYTHON"] = sys.executable
    with tempfile.TemporaryDirectory() as folder:
        path = str(Path(folder) / "firms.parquet")
        pq.write_table(rows, path)
        session = (
            SparkSession.builder.master(f"local[{told.workers}]").config("spark.ui.enabled", "false").getOrCreate()
        )
        begin = time.perf_counter()
        spread = by_territory(session, path, asked, told.partitions)
        print(f"{told.workers} workers, {told.partitions} partitions: {len(spread)} proposals, ", end="")
        print(f"{time.perf_counter() - begin:.1f} s; identical: {spread == alone}")
        session.stop()


if __name__ == "__main__":
    main()
