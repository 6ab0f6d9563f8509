"""The pages of the builder: who opens them, what they show, what they cost."""

import pytest
from tests import factories

from terreau.accounts.models import Role
from terreau.calls import actions
from terreau.calls.lifecycle import State
from terreau.calls.rulebook import presets

pytestmark = pytest.mark.django_db
LIST = "/bureau/appels/"
PAGES = [
    "",
    "presentation/",
    "copier/",
    "verifier/",
    "apercu/",
    "publier/",
    "abandonner/",
    "versions/",
    "etat/clore/",
    "regles/montants/",
    "regles/eligibilite/",
    "regles/listes/",
    "regles/windows/",
    "regles/windows/ajouter/",
    "regles/windows/modifier/mai/",
    "regles/windows/retirer/mai/",
    "regles/criteria/",
    "regles/criteria/modifier/need/",
    "regles/documents/",
    "regles/documents/modifier/cash_plan/",
    "regles/sections/",
    "regles/sections/ajouter/",
    "regles/sections/modifier/pilot/",
    "regles/sections/people/questions/ajouter/",
    "regles/sections/people/questions/modifier/mentors/",
    "regles/sections/people/questions/retirer/mentors/",
]


@pytest.fixture
def officer(client):
    officer = factories.person(Role.OFFICER)
    client.force_login(officer)
    return officer


def make(slug="appel", *, opened=True):
    rules = presets.load("novapec-2025").rules
    call = actions.create_call(
        funder=factories.funder(), title=f"Appel {slug}", slug=slug, edition=2025, rules=rules, by=None
    )
    if opened:
        actions.publish(call, by=None)
        actions.open_call(call, by=None)
        actions.write_rules(call, rules, by=None)
    return call


@pytest.mark.parametrize("page", PAGES)
def test_an_officer_opens_every_page(client, officer, page):
    make()
    answer = client.get(f"{LIST}appel/{page}")
    assert answer.status_code == 200
    assert "<h1>" in answer.content.decode()


@pytest.mark.parametrize("role", [Role.DELEGATE, Role.JUROR, Role.CHAIR, Role.HOLDER, Role.CONTACT, Role.MENTOR])
@pytest.mark.parametrize("page", ["", "appel/", "appel/apercu/", "appel/publier/", "appel/regles/listes/", "nouveau/"])
def test_others_do_not_learn_that_calls_are_written_here(client, role, page):
    make()
    client.force_login(factories.person(role))
    assert client.get(f"{LIST}{page}").status_code == 404


def test_the_officer_of_another_funder_finds_nothing(client):
    make()
    other = factories.organisation(kind="funder", name="Un autre financeur")
    client.force_login(factories.person(Role.OFFICER, of=other))
    assert "Appel appel" not in client.get(LIST).content.decode()
    assert client.get(f"{LIST}appel/").status_code == 404


def test_somebody_who_is_not_signed_in_is_asked_to(client):
    make()
    assert client.get(f"{LIST}appel/").status_code == 302


def test_an_archived_call_is_read_and_not_written(client, officer):
    call = make()
    call.state = State.ARCHIVED
    call.save()
    assert client.get(f"{LIST}appel/").status_code == 200
    for page in ("regles/montants/", "publier/", "presentation/", "etat/ouvrir/"):
        assert client.get(f"{LIST}appel/{page}").status_code == 403


@pytest.mark.parametrize(
    "page",
    [
        "absent/",
        "appel/regles/autre/",
        "appel/regles/windows/modifier/absente/",
        "appel/regles/sections/absente/questions/ajouter/",
        "appel/etat/inventer/",
    ],
)
def test_what_does_not_exist_is_not_found(client, officer, page):
    make()
    assert client.get(f"{LIST}{page}").status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_costs_the_same_whatever_it_holds(client, officer, count, django_assert_num_queries):
    for number in range(count):
        make(f"appel-{number}")
    with django_assert_num_queries(6):
        page = client.get(LIST).content.decode()
    assert page.count("version publiée") == count


def test_an_empty_list_says_what_to_do(client, officer):
    assert "Créer le premier appel" in client.get(LIST).content.decode()


def test_the_check_page_lists_the_routes(client, officer):
    make()
    page = client.get(f"{LIST}appel/verifier/").content.decode()
    assert "Type de projet : « Expérimentation »" in page
    assert "Plan de trésorerie" in page
    assert "suit un de ces 192 parcours" in page


def test_the_preview_follows_the_answers_and_keeps_them(client, officer):
    make()
    url = f"{LIST}appel/apercu/"
    first = client.get(url).content.decode()
    assert "L’expérimentation" not in first
    answers = {"kind": "pilot", "title": "Mon projet", "months": "48", "publics-graduate": "12"}
    page = client.post(url, answers).content.decode()
    assert "Que voulez-vous vérifier" in page
    assert 'value="Mon projet"' in page
    assert "Le maximum est 36." in page
    assert 'value="12"' in page
    assert "Quels résultats avez-vous déjà obtenus" not in page


def test_an_officer_starts_a_new_call(client, officer):
    factories.funder()
    page = client.get(f"{LIST}nouveau/").content.decode()
    assert "Partir d’un modèle" in page
    assert "Financeur" not in page


def test_somebody_of_two_funders_says_for_which(client, officer):
    other = factories.organisation(kind="funder", name="Un autre financeur")
    factories.membership(Role.OFFICER, person=officer, of=other)
    assert "Un autre financeur" in client.get(f"{LIST}nouveau/").content.decode()


def test_the_preview_picks_territories_as_applicants_do(client, officer):
    make()
    factories.region("44", "Grand Est")
    page = client.post(f"{LIST}appel/apercu/", {"territories": ["region:44"]}).content.decode()
    assert "picker-search" in page
    assert 'value="region:44"' in page
