"""`terreau import grants`: both standards, every bad row told, twice changes nothing, memory that does not grow."""

import csv
import json
import os
import resource
import time
from datetime import date
from pathlib import Path

import factories
import pytest

from terreau.cli.grants import importing
from terreau.core.models import Entry
from terreau.demo.identifiers import siret
from terreau.funding.models import ForeignGrant, GrantSource
from terreau.funding.rulebook.grants import scdl
from terreau.territories.models import Level, Territory

SHARED = Path(os.environ.get("TERREAU_DATA") or "/nowhere").resolve().parent
ROW = {
    "nomAttribuant": "Ville de Mulhouse",
    "idAttribuant": siret(1),
    "dateConvention": "2024-03-01",
    "referenceDecision": "D1",
    "nomBeneficiaire": "Asso",
    "idBeneficiaire": siret(2),
    "rnaBeneficiaire": "",
    "objet": "Insertion",
    "montant": "1000.50",
    "nature": "aide en numéraire",
    "conditionsVersement": "unique",
    "datesPeriodeVersement": "2024-04-01",
    "idRAE": "",
    "notificationUE": "non",
    "pourcentageSubvention": "0.50",
    "dispositifAide": "",
}


def file_of(path, *rows):
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, scdl.COLUMNS)
        writer.writeheader()
        writer.writerows({**ROW, **row} for row in rows)
    return path


def take(path, **options):
    importing.run(path, **{"dry_run": False, "only_good": False} | options)


def test_the_rows_go_in_once_with_their_commune(db, tmp_path, capsys):
    commune = Territory.objects.create(level=Level.COMMUNE, code="68224", name="Mulhouse")
    factories.organisation(siret=siret(2), commune=commune)
    path = file_of(tmp_path / "grants.csv", {}, {"referenceDecision": "D2", "idBeneficiaire": siret(3)})
    take(path)
    first = ForeignGrant.objects.get(reference="D1")
    assert (first.amount_cents, first.part_cents, first.currency) == (100_050, 50_025, "EUR")
    assert (first.signed_on, first.starts_on, first.ends_on) == (date(2024, 3, 1), date(2024, 4, 1), None)
    assert first.territory == commune
    assert ForeignGrant.objects.get(reference="D2").territory is None
    assert Entry.objects.filter(subject_type="funding.grantsource", verb="imported").count() == 1
    take(path)
    assert "ajoutées : 0 ; mises à jour : 0 ; déjà là : 2" in capsys.readouterr().out
    take(file_of(tmp_path / "other.csv", {}))
    assert (ForeignGrant.objects.count(), GrantSource.objects.count(), Entry.objects.count()) == (2, 1, 1)


def test_one_bad_row_stops_the_file_unless_told_otherwise(db, tmp_path, capsys):
    rows = ({}, {"montant": "beaucoup", "dateConvention": ""}, {}, {"referenceDecision": "D4", "montant": "1 500,5"})
    path = file_of(tmp_path / "grants.csv", *rows)
    with pytest.raises(ValueError, match="2 mauvaise"):
        take(path)
    told = capsys.readouterr().err.splitlines()
    assert "ligne 3, colonne « dateConvention » : cette valeur manque." in told
    assert "ligne 3, colonne « montant » : « beaucoup » n’est pas un montant." in told
    assert "ligne 4, colonne « – » : la même subvention est déjà à la ligne 2." in told
    assert "· colonne « montant » : montant écrit à la française compris (ligne 5)" in told
    assert not GrantSource.objects.exists()
    take(path, only_good=True, dry_run=True)
    assert "seraient ajoutées : 2" in capsys.readouterr().out
    assert not ForeignGrant.objects.exists()
    take(path, only_good=True)
    assert ForeignGrant.objects.count() == 2


@pytest.mark.parametrize(
    ("content", "words"),
    [("id,nom\n1,x\n", "ni les colonnes"), (",".join(scdl.COLUMNS) + "\n", "aucune ligne"), ("\n", "en-tête")],
)
def test_what_is_no_file_of_grants_is_refused(db, tmp_path, content, words):
    (tmp_path / "grants.csv").write_text(content, encoding="utf-8")
    with pytest.raises(ValueError, match=words):
        take(tmp_path / "grants.csv")


def giving(amount):
    return {
        "id": "360G-x-1",
        "title": "Un titre",
        "description": "Un objet",
        "currency": "EUR",
        "amountAwarded": amount,
        "awardDate": "2024-05-06",
        "recipientOrganization": [{"id": f"FR-INSEE-{siret(4)}", "name": "Asso"}],
        "fundingOrganization": [{"id": "GB-CHC-1", "name": "Fondation"}],
        "beneficiaryLocation": [{"name": "Gap", "countryCode": "FR", "geoCode": "05061"}],
    }


def test_a_grant_that_its_publisher_changed_is_brought_up_to_date(db, tmp_path, capsys):
    gap = Territory.objects.create(level=Level.COMMUNE, code="05061", name="Gap")
    path = tmp_path / "grants.json"
    for amount in (500, 800.25):
        path.write_text(json.dumps({"grants": [giving(amount)]}))
        take(path)
    assert "ajoutées : 0 ; mises à jour : 1" in capsys.readouterr().out
    grant = ForeignGrant.objects.get()
    assert (grant.amount_cents, grant.territory, grant.beneficiary_siret) == (80_025, gap, siret(4))


@pytest.mark.data
def test_the_real_files(db, capsys):
    """The good row of the file that does not conform, on request; then 360Giving's, a file with two bad rows."""
    real = SHARED / "official" / "scdl" / "codah_2018_reel_non_conforme.csv"
    with pytest.raises(ValueError, match="29 mauvaise"):
        take(real)
    take(real, only_good=True)
    assert ForeignGrant.objects.get().amount_cents == 45_000_000
    take(SHARED / "real" / "360giving" / "grantnav_a002400000nO46WAAS.json", only_good=True)
    assert "ajoutées : 298 ; mises à jour : 0 ; déjà là : 0 ; lignes laissées : 2" in capsys.readouterr().out


def test_many_rows_in_little_memory(db, tmp_path):
    """5 000 rows here; memory does not depend on their number, but for the key of each."""
    path = file_of(tmp_path / "many.csv", *({"referenceDecision": f"D{n}"} for n in range(5_000)))
    started, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    take(path)
    assert ForeignGrant.objects.count() == 5_000
    assert time.perf_counter() - started < 60
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 60 * 1024
