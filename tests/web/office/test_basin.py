import pytest
from tests import factories
from tests.engagement import stock as small
from tests.geography import grand_est

from terreau.accounts.models import Invitation, Organisation, Role
from terreau.engagement.models import Acquaintance, CompanyProfile, Need, Note, Proposal
from terreau.engagement.reference import stock
from terreau.projects.lifecycle import State

pytestmark = pytest.mark.django_db


@pytest.fixture
def places():
    return grand_est()


@pytest.fixture
def delegate(client, places):
    client.force_login(factories.person(Role.DELEGATE, regions=[places["region:44"]]))
    return client


def firm(places, town="commune:52121", **fields):
    made = factories.organisation(kind="company", legal_form="company", commune=places[town], **fields)
    CompanyProfile.objects.create(organisation=made, offers=["visit"], themes=["mobility"])
    return made


@pytest.mark.parametrize("count", [1, 3])
def test_the_basin_asks_as_much_of_the_base_for_one_row_as_for_three(
    delegate, places, count, django_assert_num_queries
):
    factories.call()
    for number in range(count):
        firm(places, name=f"Scierie {number}")
    with django_assert_num_queries(11):
        page = delegate.get("/bureau/bassin/").content.decode()
    assert page.count("Scierie ") == count


@pytest.mark.parametrize(
    ("query", "seen"),
    [
        ("", {"A", "B"}),
        ("?offer=visit", {"A", "B"}),
        ("?offer=money", set()),
        ("?theme=mobility&kind=company", {"A", "B"}),
        ("?kind=association", set()),
        ("?territory=commune:52121", {"A"}),
        ("?territory=departement:51", {"B"}),
        ("?q=vitry", {"B"}),
    ],
)
def test_each_filter_narrows_the_list(delegate, places, query, seen):
    factories.call()
    firm(places, name="A")
    firm(places, "commune:51649", name="B")
    page = delegate.get(f"/bureau/bassin/{query}")
    assert {row["organisation"].name for row in page.context["rows"]} == seen


def test_notes_and_acquaintances_are_kept_and_stay_in_the_region(delegate, client, places):
    one, other = firm(places, name="A"), firm(places, name="B")
    where = f"/bureau/bassin/{other.pk}/"
    delegate.post(f"{where}note/", {"text": "Rencontrée au salon."})
    delegate.post(f"{where}connaissance/", {"other": "a", "how": "même zone"})
    assert Note.objects.get().region == places["region:44"]
    known = Acquaintance.objects.get()
    assert (known.first, known.second, known.how) == (one, other, "même zone")
    assert "Rencontrée au salon." in delegate.get(where).content.decode()
    for wrong in (other.name, "Inconnue", ""):
        assert delegate.post(f"{where}connaissance/", {"other": wrong}).status_code == 422
    client.force_login(factories.person(Role.DELEGATE, regions=[factories.region("53", "Bretagne")]))
    assert client.get(where).status_code == 404
    client.force_login(factories.person(Role.CHAIR))
    assert client.get(where).status_code == 403


def test_a_delegate_introduces_a_firm_and_the_invitation_leaves(delegate, places):
    company = firm(places)
    project = factories.application(state=State.SELECTED, region=places["region:44"])
    where = f"/bureau/bassin/{company.pk}/presenter/"
    assert delegate.post(where, {"project": project.pk}).status_code == 422, "nobody acts for the firm yet"
    assert delegate.post(where, {"project": project.pk, "email": "chef@exemple.fr"}).status_code == 302
    assert Invitation.objects.get().organisation == company
    assert Proposal.objects.get().parts == {"introduced": True}
    elsewhere = factories.application(state=State.SELECTED, region=factories.region("53", "Bretagne"))
    assert delegate.post(where, {"project": elsewhere.pk, "email": "a@exemple.fr"}).status_code == 422


@pytest.mark.parametrize("count", [1, 3])
def test_a_project_and_its_firms_ask_as_much_of_the_base_for_one_as_for_three(
    delegate, places, count, django_assert_num_queries
):
    project = factories.application(state=State.SELECTED, region=places["region:44"])
    for number in range(count):
        company = firm(places, name=f"Scierie {number}")
        for reader, said in (("company", "yes"), ("project", "")):
            Proposal.objects.create(application=project, company=company, reader=reader, answer=said, score=60)
    with django_assert_num_queries(7):
        page = delegate.get(f"/bureau/bassin/projets/{project.reference}/").content.decode()
    assert page.count("pas encore répondu") == count


def test_a_firm_of_the_directory_is_shown_to_the_delegate_alone(delegate, client, places, settings, tmp_path):
    settings.HOME = tmp_path / "home"
    stock.load(small.write(tmp_path / "files", "parquet"), lambda _label, _share: None)
    owner = factories.membership(Role.HOLDER)
    project = factories.application(owner=owner, state=State.SELECTED, region=places["region:44"])
    project.territories.add(places["commune:52121"])
    Need.objects.create(application=project, form="visit", title="Une visite")
    where = f"/bureau/bassin/projets/{project.reference}/"
    (row,) = delegate.get(where).context["firms"]
    assert (row["firm"].siret, row["why"][:22]) == ("73282932000074", "À moins d’un kilomètre")
    invite = f"{where}annuaire/{row['firm'].siret}/"
    assert delegate.post(invite, {"email": "chef"}).status_code == 422
    assert not Organisation.objects.filter(kind="company").exists()
    assert delegate.post(invite, {"email": "chef@exemple.fr"}).status_code == 302
    company = Organisation.objects.get(siret="73282932000074")
    assert (company.commune, Invitation.objects.get().organisation) == (places["commune:52121"], company)
    page = delegate.get(where)
    assert page.context["firms"] == [], "it has an account now"
    assert delegate.get(f"{where}annuaire/73282932000082/").status_code == 404, "closed"
    client.force_login(owner.user)
    board = f"/dossiers/{project.reference}/partenaires/"
    client.post(f"{board}chercher/")
    assert "MENUISERIE" not in client.get(board).content.decode()


def test_a_relay_is_found_by_place_public_theme_and_words_and_nothing_is_kept(delegate, places):
    call = factories.call()
    told = {"of": call, "state": State.SELECTED, "region": places["region:44"]}
    near = factories.application(themes=["mobility"], publics={"graduate": 10}, title="Permis pour tous", **told)
    near.territories.add(places["departement:52"])
    far = factories.application(title="Loin", **told)
    far.territories.add(places["commune:51649"])
    asked = {"place": "Chaumont", "theme": "mobility", "public": "graduate", "text": "passer le permis de conduire"}
    page = delegate.post("/bureau/bassin/relais/", asked)
    assert [row["project"] for row in page.context["found"]] == [near, far]
    assert page.context["found"][0]["why"].startswith("Intervient dans cette commune, le sujet")
    assert delegate.post("/bureau/bassin/relais/", {"place": "Nulle-Part"}).status_code == 422
    assert not Note.objects.exists()
    delegate.logout()
    assert delegate.post("/bureau/bassin/relais/", asked).status_code == 302
    assert "unsent" not in delegate.session, "nor does a session that ended keep it"
