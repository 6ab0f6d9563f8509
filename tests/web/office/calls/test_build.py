"""A small call built from nothing to open, with plain form posts only."""

import re
from datetime import date

import pytest
from tests import factories

from terreau.accounts.models import Role
from terreau.calls import queries, rulebook
from terreau.calls.lifecycle import State
from terreau.calls.models import Call
from terreau.core import journal

pytestmark = pytest.mark.django_db
BASE = "/bureau/appels/petit-appel/"
RULES = f"{BASE}regles/"


@pytest.fixture(autouse=True)
def officer(client):
    factories.funder()
    officer = factories.person(Role.OFFICER)
    client.force_login(officer)
    return officer


def post(client, url, **data):
    answer = client.post(url, data)
    assert answer.status_code == 302, re.findall(r'class="field-error".*?</p>', answer.content.decode(), re.DOTALL)
    return answer


def create(client, **data):
    post(client, "/bureau/appels/nouveau/", title="Petit appel", edition="2026", preset="", summary="Bref.", **data)
    return Call.objects.get(slug="petit-appel")


WINDOW = {
    "label": "Printemps",
    "opens_at": "2026-01-05T09:00",
    "deadline": "2026-03-01T23:59",
    "committee_on": "2026-05-20",
    "envelope_cents": "1 500 000",
}
LISTS = {"kinds": "Expérimentation\nChangement d’échelle", "publics": "Cadres", "summary_words": "120"}


def test_a_small_call_from_nothing_to_open(client, officer):
    call = create(client)
    assert "Il faut au moins une période de sélection." in client.get(BASE).content.decode()
    post(client, f"{RULES}windows/ajouter/", **WINDOW)
    post(
        client,
        f"{RULES}montants/",
        minimum_cents="5 000",
        maximum_cents="80 000,50",
        rate_ceiling="70 %",
        note="Art. 4",
    )
    post(
        client,
        f"{RULES}eligibilite/",
        legal_forms=["association", "esus"],
        minimum_age_months="12",
        accounts_closed="on",
        age_at="1/12/2025",
    )
    post(client, f"{RULES}listes/", **LISTS)
    post(client, f"{RULES}criteria/ajouter/", label="Utilité", weight="2,5", maximum="5", guidance="0 : aucune.")
    post(client, f"{RULES}sections/ajouter/", title="Le projet")
    questions = f"{RULES}sections/le_projet/questions/"
    post(
        client,
        f"{questions}ajouter/",
        label="Pourquoi ?",
        kind="long_text",
        limit="200",
        required="on",
        home="le_projet",
    )
    post(
        client,
        f"{questions}ajouter/",
        label="Où aller ?",
        kind="choices",
        choices="Ici\nLà-bas",
        home="le_projet",
        **{"show-test_0": "kind|is|changement_d_echelle", "show-joiner": "all"},
    )
    post(
        client,
        f"{RULES}documents/ajouter/",
        label="Plan",
        required="on",
        **{"show-test_0": "requested|at_least|", "show-value_0": "50 000", "show-joiner": "all"},
    )
    post(client, f"{BASE}publier/", note="Tout est neuf")
    post(client, f"{BASE}etat/ouvrir/")
    call = Call.objects.get()
    rules = call.rules
    assert call.state == State.OPEN
    assert call.windows.get().envelope_cents == 150_000_000
    assert rules.amounts == rulebook.Amounts(500_000, 8_000_050, 0.7, "Art. 4")
    assert rules.criteria[0].weight == 2.5
    assert rules.questions["ou_aller"].show_if == {"question": "kind", "is": "changement_d_echelle"}
    assert rules.documents[0].show_if == {"question": "requested", "at_least": 5_000_000}
    assert rules.eligibility.age_at == date(2025, 12, 1)
    assert rulebook.problems(rules) == []
    verbs = set(journal.history(call).values_list("verb", flat=True))
    assert {"create", "write_rules", "publish", "open"} <= verbs


def test_a_model_fills_the_rules_with_the_dates_of_the_edition(client):
    post(client, "/bureau/appels/nouveau/", title="Petit appel", edition="2027", preset="novapec-2025")
    rules = queries.rules_to_edit(Call.objects.get())
    assert [w.deadline.year for w in rules.windows] == [2027, 2027]
    assert rulebook.problems(rules) == []


def test_what_was_typed_comes_back_with_its_errors_at_the_field(client):
    create(client)
    wrong = WINDOW | {"opens_at": "demain", "deadline": "31/02/2026 10:00", "envelope_cents": "beaucoup"}
    page = client.post(f"{RULES}windows/ajouter/", wrong)
    text = page.content.decode()
    assert page.status_code == 422
    assert 'value="demain"' in text
    assert 'value="31/02/2026 10:00"' in text
    assert "« beaucoup » n’est pas un montant." in text
    assert text.count('aria-invalid="true"') == 3
    page = client.post(
        f"{RULES}montants/", {"minimum_cents": "90 000", "maximum_cents": "5 000", "rate_ceiling": "170"}
    )
    text = page.content.decode()
    assert "Le maximum est plus petit que le minimum." in text
    assert "Indiquez un pourcentage entre 0 et 100." in text
    assert 'value="170"' in text


def test_a_deadline_before_the_opening_is_refused(client):
    create(client)
    page = client.post(f"{RULES}windows/ajouter/", WINDOW | {"deadline": "2025-12-01T10:00"})
    assert "La date limite précède l’ouverture." in page.content.decode()


def test_items_go_up_and_down_and_out(client):
    call = create(client)
    for label in ("Un", "Deux", "Trois"):
        post(client, f"{RULES}criteria/ajouter/", label=label, weight="1", maximum="5")
    post(client, f"{RULES}criteria/deplacer/trois/", step="up")
    post(client, f"{RULES}criteria/deplacer/un/", step="up")
    post(client, f"{RULES}criteria/retirer/deux/")
    assert [c.key for c in queries.rules_to_edit(call).criteria] == ["un", "trois"]


def test_renaming_keeps_the_key_that_answers_hang_on(client):
    call = create(client)
    post(client, f"{RULES}listes/", **LISTS)
    post(client, f"{RULES}listes/", kinds="Changement d’échelle\nEssai\nAutre", publics="Cadres", summary_words="120")
    assert [(c.key, c.label) for c in queries.rules_to_edit(call).kinds] == [
        ("changement_d_echelle", "Changement d’échelle"),
        ("essai", "Essai"),
        ("autre", "Autre"),
    ]
    post(client, f"{RULES}listes/", kinds="Passage à l’échelle\nEssai\nAutre", publics="Cadres", summary_words="120")
    assert queries.rules_to_edit(call).kinds[0] == rulebook.Choice("changement_d_echelle", "Passage à l’échelle")


def test_a_question_moves_to_another_section(client):
    call = create(client)
    for title in ("Une", "Deux"):
        post(client, f"{RULES}sections/ajouter/", title=title)
    post(client, f"{RULES}sections/une/questions/ajouter/", label="Qui ?", kind="short_text", home="une")
    post(client, f"{RULES}sections/une/questions/modifier/qui/", label="Qui donc ?", kind="short_text", home="deux")
    one, two = queries.rules_to_edit(call).sections
    assert one.questions == ()
    assert [(q.key, q.label) for q in two.questions] == [("qui", "Qui donc ?")]


def test_a_change_after_publishing_shows_before_and_after(client, officer):
    call = create(client)
    post(client, f"{RULES}windows/ajouter/", **WINDOW)
    post(client, f"{BASE}publier/", note="Première")
    post(client, f"{RULES}windows/modifier/printemps/", **WINDOW | {"envelope_cents": "2 000 000"})
    page = re.sub(r"[\u202f\u00a0]", " ", client.get(f"{BASE}publier/").content.decode())
    assert "1 500 000 €" in page
    assert "2 000 000 €" in page
    post(client, f"{BASE}publier/", note="Plus d’argent")
    history = client.get(f"{BASE}versions/").content.decode()
    assert "Plus d’argent" in history
    assert "enveloppe" in history
    assert call.windows.get().envelope_cents == 200_000_000


def test_discarding_drops_the_changes(client):
    call = create(client)
    post(client, f"{RULES}windows/ajouter/", **WINDOW)
    post(client, f"{BASE}publier/")
    post(client, f"{RULES}windows/modifier/printemps/", **WINDOW | {"label": "Été"})
    post(client, f"{BASE}abandonner/")
    assert queries.rules_to_edit(call).windows[0].label == "Printemps"


def test_incoherent_rules_say_why_they_are_not_published(client):
    create(client)
    page = client.post(f"{BASE}publier/", {"note": "Essai"})
    assert page.status_code == 422
    assert "Il faut au moins une période de sélection." in page.content.decode()
    assert "Essai" in page.content.decode()


def test_last_year_is_copied_for_the_next(client):
    create(client)
    post(client, f"{RULES}windows/ajouter/", **WINDOW)
    assert "1 mars 2027" in client.get(f"{BASE}copier/").content.decode()
    post(client, f"{BASE}copier/", title="Petit appel 2027", edition="2027", slug="")
    copy = Call.objects.get(slug="petit-appel-2027")
    assert queries.rules_to_edit(copy).windows[0].deadline.year == 2027
    assert copy.summary == "Bref."


def test_two_calls_cannot_share_an_address(client):
    create(client)
    page = client.post("/bureau/appels/nouveau/", {"title": "Petit appel", "edition": "2027", "preset": ""})
    assert "Un autre appel a déjà cette adresse" in page.content.decode()
    page = client.post("/bureau/appels/nouveau/", {"title": "Nouveau", "edition": "27", "preset": ""})
    assert "Cette adresse est réservée." in page.content.decode()
    assert "Indiquez une année, par exemple 2026." in page.content.decode()
