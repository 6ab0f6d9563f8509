from datetime import timedelta

import pytest
from django.utils import timezone
from tests import factories

from terreau.calls import rulebook
from terreau.web.public import verdict

pytestmark = pytest.mark.django_db
GOOD = {
    "legal_form": "association",
    "founded_on": "2015-03-01",
    "accounts_closed": "True",
    "seat": "metropole",
    "publics": ["cadre"],
    "amount": "45 000 €",
}


@pytest.fixture
def address():
    return f"/appels/{factories.call(slug='appel').slug}/eligibilite/"


def ask(client, address, **changes):
    answer = client.post(address, {**GOOD, **changes})
    assert answer.status_code == 302, answer.context["form"].errors
    assert answer.url.endswith("#resultat")
    return client.get(address).content.decode()


def test_yes_with_its_reasons_sources_and_next_step(client, address):
    page = ask(client, address)
    assert "Oui, d’après vos réponses" in page
    assert "Règlement, article 2" in page
    assert "Commencer un dossier" in page
    assert client.session["eligibility"]["appel"]["amount_cents"] == 4_500_000
    assert client.session["eligibility"]["appel"]["legal_form"] == "association"


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"legal_form": "company"}, "n’est pas admise"),
        ({"founded_on": (timezone.localdate() - timedelta(60)).isoformat()}, "il en faut au moins 12"),
        ({"accounts_closed": "False"}, "avoir clos au moins un exercice"),
        ({"seat": "abroad"}, "Le siège doit se trouver"),
        ({"publics": ["none"]}, "l’un de ces publics"),
        ({"amount": "100"}, "le minimum est de 5\u00a0000\u00a0€"),
        ({"amount": "900 000"}, "le maximum est de 200\u00a0000\u00a0€"),
    ],
)
def test_no_says_which_rule(client, address, changes, reason):
    page = ask(client, address, **changes)
    assert "Non, d’après vos réponses" in page
    assert reason in page
    assert "Commencer un dossier" not in page


@pytest.mark.parametrize(
    ("changes", "field", "message"),
    [
        ({"founded_on": "2999-01-01"}, "founded_on", "Cette date est dans le futur."),
        ({"founded_on": "hier"}, "founded_on", "date valide"),
        ({"amount": "douze"}, "amount", "« douze » n’est pas un montant."),
        ({"amount": "-3"}, "amount", "Le montant doit être positif."),
        ({"publics": ["cadre", "none"]}, "publics", "pas les deux"),
        ({"legal_form": ""}, "legal_form", "obligatoire"),
    ],
)
def test_bad_input_is_told_at_the_field_and_nothing_is_lost(client, address, changes, field, message):
    answer = client.post(address, {**GOOD, **changes})
    assert answer.status_code == 200
    page = answer.content.decode()
    assert message in str(answer.context["form"].errors[field])
    assert f'id="id_{field}_error"' in page
    assert 'value="metropole"' in page
    assert "checked" in page


def test_only_what_the_rules_need_is_asked(client):
    rules = factories.rules(eligibility=rulebook.Eligibility(), publics=())
    call = factories.call(rulebook_=rules)
    page = client.get(f"/appels/{call.slug}/eligibilite/").content.decode()
    assert "id_legal_form" not in page
    assert "id_amount" in page


def test_a_missing_answer_is_neither_yes_nor_no():
    found = verdict.reasons(factories.rules(), {"publics": ["cadre"]})
    assert verdict.conclusion(found) == "unknown"
