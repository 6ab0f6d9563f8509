"""The firm's yearly statement: the figures of the law through the page, what is refused at its field, who reads it."""

import csv
import io
from datetime import date

import pytest
from django.urls import reverse
from tests import factories
from tests.engagement.gifted import commune, firm, gift, head, structure

from terreau.accounts.models import Role
from terreau.core.models import Entry
from terreau.engagement.actions.exercises import Typed, type_exercise
from terreau.engagement.actions.receipts import issue, void
from terreau.engagement.models import Exercise
from terreau.engagement.queries.statement import years

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("june")]
N, N1 = date(2025, 12, 31), date(2026, 12, 31)


@pytest.fixture
def company():
    return firm()


@pytest.fixture
def page(client, company):
    client.force_login(head(company))

    def opened(name="statement", *args, query="", **data):
        url = reverse(f"company:{name}", args=[company.pk, *args]) + query
        return client.post(url, data) if data else client.get(url)

    return opened


def receipted(company, on, cents, **changes):
    return issue(gift(company, given_on=on, amount_cents=cents, **changes), by=None)


def plain(answer):
    return " ".join(answer.content.decode().replace("\u202f", " ").replace("\u00a0", " ").split())


def typed(company, closes_on, turnover, **more):
    return type_exercise(company, Typed(closes_on, turnover, **more), by=None)


@pytest.fixture
def excess(page, company):
    """T4 then T5 of the domain, typed on the page."""
    receipted(company, date(2025, 5, 2), 40_000_00, return_cents=100_00)
    receipted(company, date(2026, 1, 1), 25_000_00)
    assert page("exercise-new", closes_on="2025-12-31", turnover_cents="6 000 000").status_code == 302
    assert page("exercise-new", closes_on="2026-12-31", turnover_cents="6 400 000").status_code == 302
    return company


def test_t4_what_exceeds_the_cap_is_carried(page, excess):
    text = plain(page(query="?exercice=2025"))
    assert "Exercice du 1 janvier 2025 au 31 décembre 2025" in text
    for row in (
        'Plafond de l’exercice</th> <td class="text-end">30 000 €',
        'Réduction d’impôt de l’exercice</th> <td class="text-end">18 000 €',
        '2025</th> <td class="text-end">10 000 €</td> <td class="text-end">0 €</td> <td class="text-end">2030',
    ):
        assert row in text
    assert "100,00 €" in text
    assert "dépassent 10 000 €" in text
    assert "provisoire" not in text


def test_t5_the_next_year_takes_what_its_cap_lets(page, excess):
    answer = page()
    year = answer.context["year"]
    assert (year.settled.cap, year.settled.own, year.settled.carried) == (32_000_00, 25_000_00, 7_000_00)
    assert (year.reduction_cents, year.net_cost, year.add_back_cents) == (19_200_00, 5_800_00, 25_000_00)
    assert year.ledgers == [(2025, 2030, 3_000_00, 0)]
    text = plain(answer)
    assert 'Excédent antérieur employé, exercice 2025</th> <td class="text-end">7 000 €' in text
    assert "19 200 €" in text
    assert "provisoire" in text


def test_the_tax_keeps_its_own_ledger(page, company):
    """T9: reduction 9 000 for a tax of 4 000, then 3 000 for 6 000; gifts made elsewhere count."""
    first = {"turnover_cents": "2 000 000", "tax_cents": "4000", "other_gifts_cents": "15000"}
    assert page("exercise-new", closes_on="2025-12-31", **first).status_code == 302
    second = {"turnover_cents": "2 000 000", "tax_cents": "6000", "other_gifts_cents": "5000"}
    assert page("exercise-new", closes_on="2026-12-31", **second).status_code == 302
    later, sooner = years(company)
    assert (sooner.settled.imputed, sooner.ledgers) == (4_000_00, [(2025, 2030, 0, 5_000_00)])
    assert (later.settled.imputed, later.ledgers) == (6_000_00, [(2025, 2030, 0, 2_000_00)])
    assert "à détailler vous-même" in plain(page())


def test_only_receipts_in_force_count_and_the_list_is_asked_above_the_threshold(page, company):
    """T14: 10 000.00 asks for no list, a cent more does."""
    receipted(company, date(2025, 12, 31), 10_000_00)
    void(receipted(company, date(2025, 6, 1), 700_00), "Erreur", by=None)
    receipted(company, date(2024, 12, 31), 400_00)
    typed(company, N, 800_000_00)
    text = plain(page())
    assert "n’est pas à déclarer" in text
    assert "1 don sans reçu en vigueur (700,00 €)" in text
    assert page().context["year"].settled.exercise.gifts == 10_000_00
    receipted(company, date(2025, 7, 1), 1)
    assert "cette liste est à déclarer" in plain(page())


def test_the_statement_as_a_table(page, excess):
    held = Exercise.objects.get(closes_on=N)
    answer = page("exercise-csv", held.pk)
    lines = list(csv.reader(io.StringIO(answer.getvalue().decode("utf-8-sig"))))
    assert ["2025-12-31", "Plafond de l’exercice", "", "", "", "", "30000.00", ""] in lines
    assert ["2025-12-31", "Excédent reporté", "2025", "", "", "", "10000.00", ""] in lines
    (given,) = [line for line in lines if line[1] == "Don avec un reçu en vigueur"]
    assert (given[2], given[6], given[7]) == ("2025-05-02", "40000.00", "100.00")
    assert all(len(line) == len(lines[0]) for line in lines)


WRONG = [
    ("2025-06-30", "déjà saisi"),
    ("2028-12-31", "celui clos en 2026"),
    ("2023-12-31", "celui clos en 2024"),
    ("2002-12-31", "avant 2003"),
    ("hier", "date"),
]


@pytest.mark.parametrize(("closing", "words"), WRONG)
def test_a_closing_that_cannot_be_is_told_at_its_field(page, company, closing, words):
    typed(company, N, 1)
    answer = page("exercise-new", closes_on=closing, turnover_cents="12 000")
    assert answer.status_code == 422
    assert words in answer.context["form"].errors["closes_on"][0]
    assert 'value="12 000"' in answer.content.decode()
    assert Exercise.objects.count() == 1


def test_a_year_that_has_not_begun_is_refused(page, company):
    typed(company, N, 1)
    typed(company, N1, 1)
    answer = page("exercise-new", closes_on="2027-12-31", turnover_cents="1")
    assert "pas encore commencé" in answer.context["form"].errors["closes_on"][0]
    answer = page("exercise-new", closes_on="2027-12-31", turnover_cents="-1", tax_cents="beaucoup")
    assert answer.context["form"].errors.keys() == {"closes_on", "turnover_cents", "tax_cents"}


def test_a_year_is_corrected_and_only_an_end_is_removed(page, company):
    """A year that changes its closing takes the gifts of its days; each act leaves one line."""
    receipted(company, date(2025, 9, 1), 1_000_00)
    first, middle, last = (typed(company, date(year, 12, 31), 1) for year in (2024, 2025, 2026))
    done = page("exercise-edit", middle.pk, closes_on="2025-06-30", turnover_cents="900 000", tax_cents="10")
    assert done["Location"].endswith("?exercice=2025")
    assert [year.settled.exercise.gifts for year in years(company)] == [1_000_00, 0, 0]
    assert 'value="900 000"' in plain(page("exercise-edit", middle.pk))
    assert page("exercise-remove", middle.pk, sure="1").status_code == 302
    assert Exercise.objects.count() == 3
    page("exercise-remove", first.pk, sure="1")
    assert list(company.exercises.values_list("pk", flat=True)) == [last.pk, middle.pk]
    verbs = Entry.objects.filter(verb__endswith="_exercise").order_by("pk").values_list("verb", flat=True)
    assert list(verbs) == ["type_exercise"] * 3 + ["correct_exercise", "remove_exercise"]


def test_the_firm_alone_reads_it(client, page, excess):
    held = Exercise.objects.first()
    other = firm()
    client.force_login(head(other))
    assert page().status_code == 404
    foreign = reverse("company:exercise-edit", args=[other.pk, held.pk])
    assert client.get(foreign).status_code == 404
    for person in (factories.person(Role.MENTOR, of=excess), factories.person(Role.HOLDER, of=structure())):
        client.force_login(person)
        assert page().status_code == 404
        assert page("exercise-csv", held.pk).status_code == 404


@pytest.mark.parametrize("rows", [1, 3])
def test_the_page_costs_the_same_for_one_and_for_three(page, company, rows, django_assert_num_queries):
    commune()
    for year in range(2027 - rows, 2027):
        receipted(company, date(year, 1, 2), 1_000_00)
        typed(company, date(year, 12, 31), 1)
    with django_assert_num_queries(8):
        assert len(page().context["years"]) == rows


def test_an_empty_statement_says_what_to_type_and_the_gifts_lead_there(page):
    assert "Aucun exercice saisi" in page().content.decode()
    assert reverse("company:statement", args=[page().context["company"].pk]) in page("gifts").content.decode()
