"""The real files of `real/`, beside the data pack, each taken whole; and ten thousand rows within their bounds."""

import csv
import os
import resource
import time
from pathlib import Path

import factories
import pytest
from django.db.models import Sum
from django.utils import timezone

from terreau.cli.applications import importing
from terreau.demo.identifiers import siret
from terreau.demo.places import REGIONS, rows
from terreau.projects.models import Application
from terreau.territories.models import Level, Territory

REAL = Path(os.environ.get("TERREAU_DATA") or "/nowhere").resolve().parent / "real"


def take(path, **options):
    defaults = {"slug": "", "given": None, "window": "", "dry_run": False, "only_good": False}
    importing.run(path, **defaults | options)


@pytest.fixture
def france(db):
    """Régions and départements, by their codes."""
    for code in REGIONS:
        factories.region(code, code)
    Territory.objects.bulk_create(
        Territory(level=Level.DEPARTEMENT, code=r["code"], name=r["code"]) for r in rows("departements")
    )


@pytest.mark.data
def test_the_laureates_of_actee(france, capsys):
    path = REAL / "aides" / "laureats_actee_2026.csv"
    take(path)
    taken = Application.objects.filter(call__slug="laureats-actee-2026", state="selected")
    assert taken.count() == 995
    assert taken.exclude(granted_cents=None).count() == 786
    with path.open(encoding="utf-8") as file:
        granted = sum(round(float(r["aide_validee"]) * 100) for r in csv.DictReader(file) if r["aide_validee"])
    assert taken.aggregate(total=Sum("granted_cents"))["total"] == granted
    assert not taken.filter(announced_at=None).exists()
    take(path)
    assert "ajoutés : 0 ; déjà là : 995" in capsys.readouterr().out
    assert Application.objects.count() == 995


@pytest.mark.data
def test_the_grants_of_360giving(db):
    paths = sorted((REAL / "360giving").glob("grantnav_a*.json"))
    for path in paths:
        take(path)
    assert Application.objects.count() == 1_354
    assert not Application.objects.exclude(granted_cents=None).exists()  # pounds are no euros
    first = Application.objects.get(external_id="360G-wolfson-19815", call__slug="360giving-a002400000keydsaaf")
    assert first.answers.get(key="granted_abroad").value == "500000.00 GBP"
    assert first.holder.name == "Hospice UK"
    assert timezone.localdate(first.submitted_at).isoformat() == "2014-06-05"


@pytest.mark.data
def test_the_participatory_budgets_of_pabulib(db):
    paths = sorted((REAL / "pabulib").glob("*.pb"))
    assert len(paths) == 37
    expected = 0
    for path in paths:
        lines = path.read_text(encoding="utf-8").splitlines()
        expected += int(next(line for line in lines if line.startswith("num_projects;")).split(";")[1])
        take(path)
    assert Application.objects.count() == expected
    toulouse = Application.objects.filter(call__slug="pabulib-france-toulouse-2019")
    assert toulouse.get(external_id="4").requested_cents == 39_000_000
    forint = Application.objects.filter(call__slug="pabulib-hungary-veszprem-2025", state="selected")
    assert forint.count() == 3
    assert forint.first().requested_cents is None


def test_ten_thousand_rows_in_a_minute_and_little_memory(db, tmp_path, capsys):
    header = ["id", "structure", "siret", "date de dépôt", "titre", "montant demandé", *(f"Q {n}" for n in range(8))]
    with (tmp_path / "many.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(header)
        for n in range(10_000):
            start = [n, f"Structure {n}", siret(n), "2025-02-03", f"Projet {n}", "12 500"]
            writer.writerow([*start, *["mot " * 40] * 8])
    started, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_SELF)
    take(tmp_path / "many.csv", slug="many")
    after = resource.getrusage(resource.RUSAGE_SELF)
    assert "dossiers ajoutés : 10000" in capsys.readouterr().out
    assert after.ru_utime - before.ru_utime < 60
    assert time.perf_counter() - started < 180  # the machine may be shared; alone it takes a third of a minute
    assert after.ru_maxrss - before.ru_maxrss < 500 * 1024
