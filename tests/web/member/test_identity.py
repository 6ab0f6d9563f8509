"""Typing a SIRET fills the identity in where the directory is loaded; without it, everything is typed."""

import pytest
from tests import factories
from tests.engagement import stock as small
from tests.geography import grand_est

from terreau.accounts.models import Organisation
from terreau.engagement.reference import associations, stock

pytestmark = pytest.mark.django_db
NEW = "/compte/organisations/nouvelle/"


@pytest.fixture
def somebody(client, settings, tmp_path):
    settings.HOME = tmp_path / "home"
    grand_est()
    user = factories.user()
    client.force_login(user)
    return user


@pytest.fixture
def loaded(somebody, tmp_path):
    stock.load(small.write(tmp_path / "files", "csv"), lambda _label, _share: None)


def fill(client, **typed):
    return client.post(NEW, {"fill": "1"} | typed)


def test_the_form_is_filled_from_the_siret_and_keeps_the_rest(client, loaded, django_assert_num_queries):
    with django_assert_num_queries(4):
        page = fill(client, siret="732 829 320 00074", name="à la main", website="https://menuiserie.example")
    initial = page.context["form"].initial
    assert initial["name"] == "MENUISERIE DE L'ÉTÉ"
    assert initial["address"] == "BAT A, 4 RUE DE LA GARE"
    assert initial["commune"] == "Chaumont (52121)"
    assert initial["legal_form"] == "company"
    assert initial["website"] == "https://menuiserie.example"
    text = page.content.decode()
    assert 'value="2015-03-02"' in text
    assert "Identité reprise de Sirene" in text
    assert not Organisation.objects.filter(siret="73282932000074").exists()


@pytest.mark.parametrize(
    ("siret", "said"),
    [
        ("73282932000079", "Ce SIRET n’est pas valide"),
        ("123", "Un SIRET compte 14 chiffres"),
        ("73282932000082", "fermé depuis le 6 mai 2020"),
        ("88087814500015", "cette entreprise est fermée"),
        ("20008495200015", "à sa demande"),
        ("55210055400013", "ne connaît pas ce SIRET"),
        ("35600000049837", "Identité reprise de Sirene"),
    ],
)
def test_each_case_is_told_and_nothing_typed_is_lost(client, loaded, siret, said):
    page = fill(client, siret=siret, website="https://a.example").content.decode()
    assert said in page
    assert "https://a.example" in page
    assert siret in page


def test_an_association_is_filled_with_its_corsican_rna(client, loaded):
    initial = fill(client, siret="44954444400010").context["form"].initial
    assert (initial["rna"], initial["legal_form"]) == ("W2A1234567", "association")


def test_the_rna_alone_fills_too(client, somebody, tmp_path):
    header = "id,siret,rup_mi,date_creat,titre,objet,adrs_numvoie,adrs_repetition,adrs_typevoie,adrs_libvoie,"
    header += "adrs_codeinsee,adrs_codepostal,adrs_libcommune,position,maj_time\n"
    rows = "W2B7654321,,,1999-01-01,L’ÉTÉ,rire,2,,RUE,Haute,52448,52100,Saint-Dizier,A,2020-01-01\n"
    (tmp_path / "rna.csv").write_text(header + rows)
    associations.load([tmp_path / "rna.csv"], lambda _label, _share: None)
    initial = fill(client, rna="w2b 765 4321").context["form"].initial
    assert (initial["name"], initial["commune"], initial["address"]) == ("L’ÉTÉ", "Saint-Dizier (52448)", "2 RUE Haute")
    assert "ne connaît pas ce numéro RNA" in fill(client, rna="W751234567").content.decode()


def test_a_closed_establishment_is_not_entered_and_an_unknown_one_is(client, loaded):
    typed = {"legal_form": "company", "name": "Ma société", "accounts_closed": "unknown"}
    page = client.post(NEW, typed | {"siret": "73282932000082"})
    assert "fermé depuis le 6 mai 2020" in str(page.context["form"].errors["siret"])
    assert client.post(NEW, typed | {"siret": "55210055400013"}).status_code == 302
    assert Organisation.objects.get(siret="55210055400013").name == "Ma société"


def test_correcting_is_filled_too_for_those_who_may(client, loaded, somebody):
    membership = factories.membership()
    address = f"/compte/organisations/{membership.organisation_id}/corriger/"
    assert client.post(address, {"fill": "1", "siret": "73282932000074"}).status_code == 404
    client.force_login(membership.user)
    page = client.post(address, {"fill": "1", "siret": "73282932000074"})
    assert page.context["form"].initial["name"] == "MENUISERIE DE L'ÉTÉ"


def test_without_a_directory_there_is_no_button(client, somebody):
    page = client.get(NEW).content.decode()
    assert 'name="fill"' not in page
    assert 'name="siret"' in page
