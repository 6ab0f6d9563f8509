"""The directory from the official files: what a SIRET answers, what is never shown, what is told of a wrong file."""

import os
import subprocess
import sys
import zipfile
from dataclasses import replace
from datetime import date
from pathlib import Path

import duckdb
import pytest
from benchmarks import sirene_stock
from tests.engagement import stock as small
from tests.geography import grand_est

from terreau.engagement.reference import associations, directory, kinds, matching, naf, stock
from terreau.engagement.reference.files import BadFile
from terreau.engagement.reference.home import folder

OFFICIAL = Path(os.environ.get("TERREAU_DATA", "/nowhere")).parent / "official"
pytestmark = pytest.mark.django_db


def quiet(_label, _share):
    pass


@pytest.fixture
def home(settings, tmp_path):
    settings.HOME = tmp_path / "home"
    grand_est()
    return settings.HOME


@pytest.fixture
def loaded(home, tmp_path):
    return stock.load(small.write(tmp_path / "files", "parquet"), quiet)


@pytest.mark.parametrize("ending", ["parquet", "zip", "csv"])
def test_each_format_gives_the_same_directory(home, tmp_path, ending):
    told = stock.load(small.write(tmp_path / "files", ending)[::-1], quiet)
    assert told == stock.Loaded(places=4, closed=2, hidden=1, left=1, firms=1)  # La Poste's seat has no commune here
    found = directory.firm("73282932000074")
    assert found == directory.Establishment(
        siret="73282932000074",
        name="MENUISERIE DE L'ÉTÉ",
        address="BAT A, 4 RUE DE LA GARE",
        postal_code="52000",
        commune_name="CHAUMONT",
        commune="52121",
        naf="43.32A",
        nomenclature="NAFRev2",
        naf_2025="43.32Y",
        legal_category="5710",
        kind="firm",
        size="micro",
        size_year=2023,
        is_seat=True,
        founded_on=date(2015, 3, 2),
    )
    assert found.siren == "732829320"
    assert found.legal_form == "company"


def test_what_is_closed_or_not_to_be_shown_keeps_its_number_alone(loaded):
    branch, unit, hidden = (directory.firm(number) for number in ("73282932000082", "88087814500015", "20008495200015"))
    assert branch == directory.Establishment("73282932000082", is_open=False, closed_on=date(2020, 5, 6))
    assert unit == directory.Establishment("88087814500015", is_open=False)
    assert hidden == directory.Establishment("20008495200015", is_diffusible=False)
    kept = b"".join(path.read_bytes() for path in folder("companies").rglob("*") if path.is_file())
    assert b"SECRETE" not in kept
    everybody = f"SELECT siret FROM read_parquet('{folder('companies')}/basins.parquet')"
    assert (20008495200015,) not in duckdb.execute(everybody).fetchall()


def test_a_branch_of_la_poste_an_association_of_corsica_and_what_is_unknown(loaded):
    post = directory.firm("35600000049837")
    assert (post.name, post.sign, post.size, post.is_seat) == ("LA POSTE", "CHAUMONT PPDC", "large", False)
    club = directory.firm("44954444400010")
    assert (club.rna, club.is_sse, club.is_association, club.kind) == ("W2A1234567", True, True, "association")
    assert (club.size, club.legal_form) == ("micro", "association")
    assert directory.firm("55210055400013") is None
    assert directory.firm("n’importe quoi") is None


def test_the_lists_of_a_basin(loaded):
    def names(text="", **asked):
        return [one.name for one in directory.search(directory.Asked(basin, text, **asked))]

    basin = ["52121", "52448"]
    assert names() == ["LA POSTE", "LE CLUB", "MENUISERIE DE L'ÉTÉ"]
    for text in ("ete  menuiserie", "732829320", "732 829 320 00074"):
        assert names(text) == ["MENUISERIE DE L'ÉTÉ"]
    assert names("73282932000082") == [], "closed"
    assert names("20008495200015") == [], "not to be shown, under its number either"
    assert names("35600000000048") == [], "in another commune"
    assert names("449544444", size="large") == []
    assert names(kind="association") == names(is_sse=True) == ["LE CLUB"]
    assert names(division="43", size="micro") == ["MENUISERIE DE L'ÉTÉ"]
    assert [one.name for one in directory.search(directory.Asked(basin), limit=1, offset=1)] == ["LE CLUB"]
    assert [directory.count(directory.Asked(communes)) for communes in (basin, ["52448"], [])] == [3, 1, 0]
    assert set(directory.seats(["732829320", "449544444", "356000000"])) == {"732829320", "449544444", "356000000"}


def test_the_index_answers_for_the_country_without_those_left_out(loaded):
    from terreau.methods.matching.plain import Project, Weights, query

    national = matching.national()
    asked = query(Project("p", 48.1, 4.9, frozenset({43})), Weights(), matching.vocabulary())
    names, parts = national.best(asked)
    assert names == ["732829320"]
    assert parts.score.tolist() == pytest.approx([0.40 + 0.15 + 0.05])
    assert national.rows(["732829320", "449544444"]).tolist() == [0]
    assert national.best(replace(asked, hidden=national.rows(["732829320"])))[0] == []
    assert matching.national() is national


def test_a_code_of_the_naf_says_what_it_is(settings, tmp_path):
    assert naf.told("43.32A", "NAFRev2") == "43.32A, Travaux de menuiserie bois et PVC"
    assert naf.label("43") == "Travaux de construction spécialisés"
    assert [sum(len(code) == signs for code in naf.labels()) for signs in (2, 6)] == [88, 732]
    assert (naf.told("43.32Y", "NAF2025"), naf.told("99.99Z"), naf.told("")) == ("43.32Y", "99.99Z", "")
    naf.labels.cache_clear()
    settings.NODE_MODULES = tmp_path
    assert naf.told("43.32A") == "43.32A", "without the package"
    naf.labels.cache_clear()


def test_without_a_directory_all_is_unknown(home):
    assert not directory.is_loaded()
    assert directory.firm("73282932000074") is None
    asked = directory.Asked(["52121"])
    assert (directory.search(asked), directory.count(asked), directory.seats(["732829320"])) == ([], 0, {})
    assert matching.national() is None
    assert directory.association("W2A1234567") is None


def test_a_new_load_takes_the_place_of_the_old_and_a_failed_one_changes_nothing(loaded, home, tmp_path):
    before = folder("companies").resolve()
    one, _two = small.write(tmp_path / "other", "csv")
    with pytest.raises(BadFile, match="il manque le fichier StockEtablissement"):
        stock.load([one], quiet)
    broken = tmp_path / "other" / "broken.csv"
    broken.write_bytes(_two.read_bytes() + b'73282932000090,"\n')
    with pytest.raises(BadFile):
        stock.load([one, broken], quiet)
    assert folder("companies").resolve() == before
    assert directory.firm("73282932000074").name == "MENUISERIE DE L'ÉTÉ"
    renamed = [small.UNITS[0] | {"denomination": "NOUVEAU NOM"}]
    stock.load(small.write(tmp_path / "later", "csv", units=renamed, places=small.PLACES[:1]), quiet)
    assert directory.firm("73282932000074").name == "NOUVEAU NOM"
    assert [path.name for path in home.joinpath("reference").iterdir() if path.is_dir() and not path.is_symlink()] == [
        folder("companies").resolve().name
    ]


def wrong(tmp_path, name, content):
    path = tmp_path / name
    path.write_bytes(content)
    return path


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.csv", b"siret,nom\n1,x\n", "n’est pas un fichier StockUniteLegale ou StockEtablissement"),
        ("a.csv", b"siren,etatAdministratifUniteLegale\n1,A\n", "il manque la colonne « statutDiffusionUniteLegale »"),
        ("a.parquet", b"PAR1 not really", "n’est pas un Parquet lisible"),
        ("a.zip", b"PK not really", "ne peut être lu"),
        ("a.csv", b"", "est vide"),
        ("a.ods", b"x", "les formats lus sont .parquet, .csv, .zip"),
    ],
)
def test_a_wrong_file_is_told_in_one_line(home, tmp_path, name, content, said):
    with pytest.raises(BadFile, match=said) as told:
        stock.load([wrong(tmp_path, name, content)], quiet)
    assert "\n" not in str(told.value)
    assert not directory.is_loaded()


def test_files_that_do_not_go_together_are_refused(home, tmp_path):
    strangers = small.write(tmp_path / "files", "csv", places=small.PLACES[-1:])
    with pytest.raises(BadFile, match="ne vont pas ensemble"):
        stock.load(strangers, quiet)
    twice = small.write(tmp_path / "files", "csv", places=[*small.PLACES, small.PLACES[0]])
    with pytest.raises(BadFile, match="73282932000074 ou son SIREN y est deux fois"):
        stock.load(twice, quiet)


@pytest.mark.parametrize(
    ("category", "band", "employs", "size"),
    [
        ("PME", "03", True, "micro"),
        ("PME", "11", True, "sme"),
        ("PME", None, None, "sme"),
        ("PME", None, False, "micro"),
        ("ETI", "02", True, "midcap"),
        ("GE", "53", True, "large"),
        (None, "32", True, "midcap"),
        (None, "31", True, "sme"),
        (None, "53", True, "large"),
        (None, "NN", None, "micro"),
        (None, None, None, ""),
    ],
)
def test_size_by_the_decree_where_it_is_known(category, band, employs, size):
    assert kinds.size(category, band, employs=employs) == size


def test_the_rna_by_number_with_corsica(home, tmp_path):
    header = "id,id_ex,siret,rup_mi,date_creat,titre,objet,adrs_numvoie,adrs_repetition,adrs_typevoie,adrs_libvoie,"
    header += "adrs_codeinsee,adrs_codepostal,adrs_libcommune,dir_civilite,telephone,position,maj_time\n"
    rows = "W2A1234567,,,,0001-01-01,LES AMIS,chanter,,,RUE,_,2A004,20000,Ajaccio,MM,0495000000,A,2020-01-01\n"
    rows += (
        "W521000001,,44954444400010,1,1990-02-03,LE CLUB,jouer,3,,RUE,Haute,52448,52100,Saint-Dizier,,,D,2020-01-01\n"
    )
    rows += "751P00085568,,,,1988-04-15,SANS NUMERO,,,,,,75114,75014,PARIS,,,A,2013-01-01\n"
    packed = tmp_path / "rna_waldec.zip"
    with zipfile.ZipFile(packed, "w") as file:
        file.writestr("rna_75.csv", (header + rows).encode("latin-1"))
        file.writestr("rna_20.csv", header + "W2B7654321,,,,1999-01-01,L’ÉTÉ,,,,,,2B033,20200,Bastia,,,A,2020-01-01\n")
    assert associations.load([packed], quiet) == 3
    amis = directory.association("w2a1234567")
    assert (amis.name, amis.address, amis.commune, amis.is_open, amis.founded_on) == (
        "LES AMIS",
        "RUE",
        "2A004",
        True,
        None,
    )
    club = directory.association("W521000001")
    assert (club.siret, club.is_open, club.is_public_utility, club.address) == (
        "44954444400010",
        False,
        True,
        "3 RUE Haute",
    )
    assert b"0495000000" not in folder("associations").joinpath("associations.parquet").read_bytes()
    corsica = {kind: directory.Asked(["2A004", "2B033", "52448"], kind=kind) for kind in (kinds.REGISTERED, "")}
    listed = directory.search(corsica[kinds.REGISTERED])
    assert [(one.name, one.rna, one.siret) for one in listed] == [
        ("LES AMIS", "W2A1234567", ""),
        ("L’ÉTÉ", "W2B7654321", ""),
    ], "those that are open, each in its commune"
    assert directory.count(corsica[""]) == 0, "Sirene is not loaded"
    for text, found in (("amis chanter", 1), ("w2b7654321", 1), ("jouer", 0)):
        assert directory.count(replace(corsica[kinds.REGISTERED], text=text)) == found
    with pytest.raises(BadFile, match=r"n’est pas un fichier RNA"):
        associations.load(small.write(tmp_path / "files", "csv")[:1], quiet)


@pytest.mark.data
def test_the_official_samples_of_the_rna_are_read(home):
    if not OFFICIAL.is_dir():
        pytest.skip("no folder of official layouts beside the data pack")
    files = [OFFICIAL / "rna" / f"rna_{name}_layout.csv" for name in ("waldec", "import")]
    assert associations.load(files, quiet) == 6
    assert directory.association("W632007046").name == "BLACK OWL"
    assert directory.association("W751085568").name == "INDIGO"


@pytest.mark.data
def test_the_88_real_legal_units_are_found(home, tmp_path, settings):
    units = OFFICIAL / "sirene" / "unites_legales_annuaire.csv"
    if not units.is_file():
        pytest.skip("no real legal units beside the data pack")
    package = Path(settings.NODE_MODULES) / "@etalab" / "decoupage-administratif" / "data" / "communes.json"
    stock.load(sirene_stock.write(tmp_path, 3_000, package, units=units), quiet)
    assert sirene_stock.compared(units, directory.firm) == (88, [])


def test_the_command(home, tmp_path):
    environment = os.environ | {"TERREAU_HOME": str(tmp_path / "fresh"), "PYTHONPATH": "src"}
    environment.pop("DATABASE_URL", None)

    def terreau(*arguments):
        command = [sys.executable, "-m", "terreau.cli", "companies", *arguments]
        done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
        return done.returncode, done.stdout, done.stderr.strip()

    assert terreau("load") == (
        2,
        "",
        "terreau: donnez les deux fichiers de stock Sirene, ou --rna FICHIER, ou les trois.",
    )
    code, _, said = terreau("load", str(tmp_path / "none.parquet"))
    assert (code, said) == (2, "terreau: la base n’est pas prête : lancez d’abord « terreau migrate ».")
    code, out, _ = terreau("load", "--help")
    assert code == 0
    assert "StockEtablissement" in out
