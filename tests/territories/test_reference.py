"""The real geography, built once for this file from the installed packages, then rolled back."""

import os
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.db import transaction

from terreau.territories import queries, reference
from terreau.territories.models import FormerCommune, Level, Outline, PostalCode, Source, Territory
from terreau.territories.queries import finder

HOME = django_settings.HOME  # the outlines derived by the first build are kept here
TABLES = (Territory, PostalCode, FormerCommune, Outline, Source)


@pytest.fixture(scope="module")
def france(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), transaction.atomic():
        yield reference.build()
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def own_home(settings, tmp_path):
    settings.HOME = tmp_path


def rows():
    return {model.__name__: model.objects.count() for model in TABLES}


def test_every_level_is_there(france):
    assert france == {Level.REGION: 26, Level.DEPARTEMENT: 109, Level.EPCI: 1255, Level.COMMUNE: 34_969}
    communes = Territory.objects.filter(level=Level.COMMUNE)
    assert communes.exclude(area="com").count() == 34_875
    assert communes.filter(population=None).count() == 6
    assert sum(communes.values_list("population", flat=True).exclude(population=None)) > 67_000_000


@pytest.mark.parametrize(
    ("old", "today"),
    [("52078", "52121"), ("14011", "14581"), ("13201", "13055"), ("75056", "75056"), ("2A004", "2A004")],
)
def test_old_codes_and_districts_lead_to_the_commune_of_today(france, old, today):
    assert queries.current_commune(old).code == today


def test_a_place_knows_its_parents_and_its_part_of_france(france):
    chaumont = queries.by_code(Level.COMMUNE, "52121")
    assert (chaumont.departement.code, chaumont.region.name, chaumont.epci.code) == ("52", "Grand Est", "200068658")
    assert [queries.by_code(Level.COMMUNE, c).area for c in ("68224", "97411", "98735")] == ["metropole", "drom", "com"]


def test_outlines_are_honest_about_what_they_lack(france):
    lacking = Territory.objects.filter(level=Level.COMMUNE, outline=None).exclude(area="com")
    assert {t.code for t in lacking} == {"15031", "15035", "15047", "15171"}
    assert all(t.approximate and t.latitude for t in lacking)
    assert "98 communes sans contour" in Source.objects.get(key="outlines").note


def test_a_second_build_changes_nothing(france, settings):
    settings.HOME = HOME
    before, keys = rows(), dict(Territory.objects.values_list("code", "pk"))
    reference.build()
    assert rows() == before
    assert dict(Territory.objects.values_list("code", "pk")) == keys


def test_the_search_knows_all_of_france(france):
    finder.forget()
    assert queries.search("st etienne")[0].code == "42218"
    assert queries.search("l’hay les roses")[0].code == "94038"
    assert queries.search("97400")[0].name == "Saint-Denis"
    assert queries.search("arbignieu")[0].found_as == "Arbignieu"


@pytest.mark.data
class TestPack:
    """What the data pack adds, on the same France."""

    @pytest.fixture(autouse=True)
    def savepoint(self, france):
        with transaction.atomic():
            yield
            transaction.set_rollback(True)

    def test_zones_and_unemployment_as_published(self):
        done = reference.load(os.environ["TERREAU_DATA"])
        assert done == {"zones": 306, "communes": 34_875, "values": 2_876_656}
        known = {"68224": 8.6, "52121": 5.9, "52448": 8.3, "51649": 8.3, "59183": 9.0, "05061": 6.9, "09122": 8.8}
        for code, rate in known.items():
            value = queries.indicator_values(queries.by_code(Level.COMMUNE, code).zone, ["taux_chomage_localise"])[0]
            assert (value.value, value.period, value.unit) == (rate, "2025-T4", "%")
        assert Outline.objects.filter(territory__level=Level.ZONE).count() == 306
        assert queries.missing() == []
        vitry = queries.by_code(Level.ZONE, "4427")
        assert {t.code for t in queries.inside(vitry, Level.DEPARTEMENT)} >= {"51", "52"}

    @pytest.mark.parametrize(
        ("broken", "message"),
        [
            ("folder", "dossier introuvable"),
            ("file", "fichier absent"),
            ("column", "colonne absente : nom"),
            ("parquet", "pas un Parquet lisible"),
            ("zone", "ligne 2 : zone d’emploi inconnue « 9999 »"),
        ],
    )
    def test_a_broken_pack_is_refused_whole(self, tmp_path, broken, message):
        pack = tmp_path / "pack"
        if broken != "folder":
            pack.mkdir()
            for file in Path(os.environ["TERREAU_DATA"]).iterdir():
                (pack / file.name).symlink_to(file)
        spoil(pack, broken)
        with pytest.raises(reference.BadPack, match=message):
            reference.load(pack)
        assert not Territory.objects.filter(level=Level.ZONE).exists()
        assert not queries.indicators_loaded()


def spoil(pack, how):
    """Break one thing in a copy of the pack."""
    name, text = {
        "file": ("zones_emploi.csv", None),
        "column": ("zones_emploi.csv", "code,libelle,region,departement,population,lat,lon\n"),
        "parquet": ("indicators.parquet", "not a table"),
        "zone": ("commune_ze_compact.csv", "code,ze2020\n01001,9999\n"),
    }.get(how, ("", None))
    if name:
        (pack / name).unlink()
        if text is not None:
            (pack / name).write_text(text)


def test_a_load_without_a_folder_says_so(db, settings):  # `db` has the database made for the whole file
    settings.DATA_PACK = ""
    with pytest.raises(reference.BadPack, match="TERREAU_DATA"):
        reference.load()
