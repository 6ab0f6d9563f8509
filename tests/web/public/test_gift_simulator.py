"""The simulator of a gift: figures, law, warnings, faults at the field, nothing stored."""

import pytest
import time_machine

ADDRESS = "/simulateur-de-don/"


@pytest.fixture
def simulate(client):
    """The page asks the database nothing: it may not here."""

    def asked(query, **headers):
        with time_machine.travel("2026-06-01"):
            page = client.get(f"{ADDRESS}?{query}", **headers)
        assert page.status_code == 200
        return " ".join(page.content.decode().replace("\u202f", " ").replace("\u00a0", " ").split())

    return asked


@pytest.mark.parametrize(
    ("query", "told"),
    [
        # T1
        ("turnover=800000&money=5000", ["3 000 €", "2 000 €", "tout tient sous le plafond", "20 000 € et de 0,5 %"]),
        # T4
        ("turnover=6+000+000&money=40000", ["18 000 €", "22 000 €", "10 000 € au-dessus", "clos en 2031"]),
        # T5
        ("turnover=6400000&money=25000&excess=10000", ["19 200 €", "dont 4 200 € pour l’excédent", "dont 3 000 €"]),
        # T9
        ("turnover=800000&money=15000&tax=4000", ["prend 4 000 €", "5 000 € attendent", "Réduction qui se reporte"]),
        # T10
        ("turnover=800000&hours=24&monthly=5400", ["854,49 €", "512,69 €", "5 400 € × 24 h / 151,67 h"]),
        # T11
        ("turnover=800000&hours=151,67&monthly=16000", ["7 209 €", "3 985 € au-dessus", "dont 12 015 € comptent"]),
        # T12
        ("turnover=800000&goods=4200", ["2 520 €", "coût de revient : 4 200 €"]),
        # T14
        ("turnover=800000&money=10000,01", ["plus de 10 000 €", "décret n° 2019-531"]),
        # an exercise of its own year
        ("turnover=800000&hours=151.67&monthly=16000&year=2023", ["dont 10 998 € comptent", "clos en"]),
        ("turnover=1000000000&money=3000000", ["60 % jusqu’à 2 000 000 € de dons et de 40 %", "1 600 000 €"]),
    ],
)
def test_figures_with_their_reasons(simulate, query, told):
    page = simulate(query)
    assert [words for words in [*told, "CGI, art. 238 bis, 3", "expert-comptable"] if words not in page] == []


@pytest.mark.parametrize(
    ("benefit", "told"),
    [("2000", ""), ("2000,01", "Ce que vous recevez vaut 25,00 % du don"), ("8000", "c’est un achat ou du parrainage")],
)
def test_a_large_return_is_a_warning(simulate, benefit, told):
    """T13."""
    page = simulate(f"turnover=800000&money=8000&benefit={benefit}")
    assert told in page
    assert ("notice-warn" in page) == bool(told)
    assert ("Ce qu’il vous coûte vraiment" in page) == (benefit != "8000")


@pytest.mark.parametrize(
    ("query", "field", "told"),
    [
        ("turnover=abc&money=5", "id_turnover", "« abc » n’est pas un montant."),
        ("turnover=1&money=-5", "id_money", "Un montant ne peut pas être négatif."),
        ("turnover=1&hours=-1&monthly=1", "id_hours", "Le minimum est 0."),
        ("turnover=1&hours=999999&monthly=1", "id_hours", "plus que ce qu’une entreprise peut offrir"),
        ("turnover=1&hours=5", "id_monthly", "Indiquez ce que coûte un mois."),
        ("turnover=1&monthly=5", "id_hours", "Indiquez le nombre d’heures."),
        ("turnover=1", "id_money", "Indiquez un don"),
        ("money=5", "id_turnover", "Ce champ est obligatoire."),
        ("turnover=1&money=5&year=1999", "id_year", "1999"),
    ],
)
def test_a_fault_stands_at_its_field(simulate, query, field, told):
    page = simulate(query)
    assert f'href="#{field}"' in page
    assert f'id="{field}_error"' in page
    assert page.count(told) >= 2
    assert "Ce qu’il vous coûte vraiment" not in page


def test_while_typing_only_the_result_comes(simulate):
    page = simulate("turnover=800000&money=5000", HTTP_HX_REQUEST="true")
    assert page.startswith("<section")
    assert "<form" not in page
    unfinished = simulate("turnover=800000", HTTP_HX_REQUEST="true")
    assert "le résultat s’affiche ici" in unfinished
    assert "à corriger" not in unfinished
    assert "à corriger" in simulate("turnover=x&money=5", HTTP_HX_REQUEST="true")


def test_the_first_page_shows_an_example(simulate):
    page = simulate("from=letter")
    assert "?turnover=800000&amp;money=5000&amp;year=2026#resultat" in page
    assert "à corriger" not in page


def test_english(simulate, client):
    client.cookies["django_language"] = "en"
    assert "What it really costs you" in simulate("turnover=800000&money=5000")
