"""A year of gifts, published once, with nothing that a subtraction gives back."""

import csv
from datetime import date

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from tests import factories
from typer.testing import CliRunner

from terreau.accounts.models import Organisation
from terreau.cli.main import app
from terreau.core.moves import Refused
from terreau.engagement.actions.barometer import close_edition
from terreau.engagement.models import BarometerEdition, CompanyProfile, Exercise, Gift, Receipt
from terreau.engagement.queries import barometer

pytestmark = pytest.mark.django_db


def firm(size="micro"):
    made = factories.organisation(kind=Organisation.Kind.COMPANY, legal_form="company")
    CompanyProfile.objects.create(organisation=made, size=size)
    return made


def gift(donor, euros, *, recipient, kind="money", on=date(2025, 6, 1), confirmed=True):
    return Gift.objects.create(
        donor=donor,
        recipient=recipient,
        kind=kind,
        amount_cents=euros * 100,
        given_on=on,
        confirmed_at=timezone.now() if confirmed else None,
    )


def receipt(of, *, voided=False):
    number = Receipt.objects.filter(issuer=of.recipient, year=2025).count() + 1
    made = Receipt.objects.create(
        issuer=of.recipient,
        year=2025,
        number=number,
        gift=of,
        content={},
        digest="",
        token=f"jeton{number}",
        issued_at=timezone.now(),
    )
    if voided:
        made.state, made.voided_at, made.void_reason = "voided", timezone.now(), "Erreur de montant."
        made.save()


@pytest.fixture
def year():
    """Six small firms and four medium ones; a large one alone; one gift of 2026, one that nobody confirmed."""
    recipient = factories.organisation()
    for number in range(6):
        of = gift(firm(), 100 + number, recipient=recipient)
        if number < 5:
            receipt(of)
        if number == 5:
            receipt(of, voided=True)
    for number in range(4):
        donor = firm("sme")
        receipt(gift(donor, 1_000 + number, recipient=recipient, confirmed=False))
        gift(donor, 500, recipient=recipient, kind="goods")
        Exercise.objects.create(company=donor, closes_on=date(2025, 12, 31), turnover_cents=1)
    gift(firm("large"), 900, recipient=recipient)
    gift(firm(), 50_000, recipient=recipient, on=date(2026, 1, 1))
    gift(firm(), 70_000, recipient=recipient, confirmed=False)


def test_gifts_are_added_up_by_the_database(year, django_assert_num_queries):
    with django_assert_num_queries(3):
        system = barometer.system(2025)
    values = dict(zip(system.cells, system.tallies, strict=True))
    assert (values[()].value, values[()].contributors) == (752_100, 11)
    assert values[(("declaration", "statement"),)].contributors == 4
    assert values[(("declaration", "receipt"),)].contributors == 5
    assert values[(("declaration", "none"),)].contributors == 2  # a voided receipt is none
    assert values[(("kind", "goods"),)].value == 200_000


def test_what_tells_too_much_is_hidden_and_never_stored(year):
    edition = close_edition(2025, by=None)
    cells = {tuple(sorted(cell["of"].items())): cell for cell in edition.content["cells"]}
    large = cells[(("size", "large"),)]
    assert large == {"of": {"size": "large"}, "cents": None, "donors": None, "hidden": True}
    assert cells[(("size", "midcap"),)]["cents"] == 0  # a zero is a zero
    sizes = [cells[(("size", size),)] for size in ("micro", "sme", "midcap", "large", "unknown")]
    assert sum(cell["hidden"] for cell in sizes) >= 2 or cells[()]["hidden"]
    assert "reason" not in str(edition.content)


def test_a_year_is_published_once_and_stays(year):
    edition = close_edition(2025, by=None)
    with pytest.raises(Refused, match="déjà publiée"):
        close_edition(2025, by=None)
    with pytest.raises(IntegrityError), transaction.atomic():
        BarometerEdition.objects.filter(pk=edition.pk).update(content={})
    with pytest.raises(IntegrityError), transaction.atomic():
        edition.delete()
    with pytest.raises(Refused, match="pas finie"):
        close_edition(timezone.localdate().year, by=None)
    with pytest.raises(Refused, match="rien à publier"):
        close_edition(2019, by=None)


def test_the_command_says_what_it_hid(year):
    done = CliRunner().invoke(app, ["publish", "barometer", "2025"])
    assert done.exit_code == 0
    assert "Baromètre 2025 publié" in done.output
    assert isinstance(CliRunner().invoke(app, ["publish", "barometer", "2025"]).exception, ValueError)


def test_the_page_and_its_table_say_the_same(client, year, django_assert_num_queries):
    assert "Pas encore d’année publiée" in client.get("/barometre/").content.decode()
    close_edition(2025, by=None)
    with django_assert_num_queries(3):
        page = client.get("/barometre/").content.decode()
    assert '<abbr title="Secret statistique">s</abbr>' in page
    assert "97,0\u00a0%" in page
    text = client.get("/barometre/2025.csv").content.decode("utf-8-sig")
    rows = {tuple(list(r.values())[1:5]): r for r in csv.DictReader(text.splitlines(), delimiter=";")}
    assert rows["large", "", "", ""] | {"annee": "2025"} == rows["large", "", "", ""]
    assert (rows["large", "", "", ""]["montant_eur"], rows["large", "", "", ""]["statut"]) == ("", "s")
    assert (rows["midcap", "", "", ""]["montant_eur"], rows["midcap", "", "", ""]["statut"]) == ("0.00", "publie")
    assert client.get("/barometre/2024/").status_code == 404
