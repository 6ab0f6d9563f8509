import pytest
from tests import factories
from tests.engagement import stock as small
from tests.geography import grand_est

from terreau.accounts.models import Invitation, Organisation, Role
from terreau.engagement.models import Acquaintance, CompanyProfile, Need, Note, Proposal
from terreau.engagement.reference import associations, stock
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


@pytest.fixture
def directory(places, settings, tmp_path):
    """The small stock, and one more firm of it in another département of the région."""
    settings.HOME = tmp_path / "home"

    def load(extra=()):
        units = [*small.UNITS, *({"siren": f"55210055{n}", "denomination": f"ATELIER {n}"} for n in extra)]
        seats = [*small.PLACES, *({"siret": f"55210055{n}00013", "codeCommune": "51649"} for n in extra)]
        stock.load(small.write(tmp_path / "files", "parquet", units=units, places=seats), lambda _label, _share: None)

    return load


WHOLE = "/bureau/bassin/annuaire/"


@pytest.mark.parametrize("count", [1, 3])
def test_the_directory_asks_as_much_of_the_base_for_one_row_as_for_three(
    delegate, places, directory, count, django_assert_num_queries
):
    directory(range(count))
    factories.organisation(
        kind="company", legal_form="company", commune=places["commune:51649"], siret="55210055000013"
    )
    with django_assert_num_queries(10):
        page = delegate.get(f"{WHOLE}?territory=departement:51").content.decode()
    assert page.count("ATELIER ") == count
    assert page.count("a un compte ici") == 1


@pytest.mark.parametrize(
    ("query", "seen"),
    [
        ("", ["LA POSTE", "ATELIER 0", "LE CLUB", "MENUISERIE DE L'ÉTÉ"]),
        ("?territory=commune:52121", ["LA POSTE", "MENUISERIE DE L'ÉTÉ"]),
        ("?territory=departement:51", ["ATELIER 0"]),
        ("?territory=region:53", []),
        ("?q=menuiserie ete", ["MENUISERIE DE L'ÉTÉ"]),
        ("?q=732 829 320", ["MENUISERIE DE L'ÉTÉ"]),
        ("?q=20008495200015", []),
        ("?kind=association&is_sse=on", ["LE CLUB"]),
        ("?division=94", ["LE CLUB"]),
        ("?size=large", ["LA POSTE"]),
        ("?page=99", ["LA POSTE", "ATELIER 0", "LE CLUB", "MENUISERIE DE L'ÉTÉ"]),
    ],
)
def test_each_filter_narrows_the_directory(delegate, directory, query, seen):
    directory([0])
    factories.region("53", "Bretagne")
    page = delegate.get(f"{WHOLE}{query}")
    assert [row["firm"].name for row in page.context["rows"]] == seen
    assert "SECRETE" not in page.content.decode()


def test_the_directory_stays_in_the_region_and_links_to_accounts(delegate, client, places, directory):
    directory([0])
    account = firm(places, siret="73282932000074")
    (row,) = delegate.get(f"{WHOLE}?q=menuiserie").context["rows"]
    assert row["account"] == account
    page = delegate.get(WHOLE).content.decode()
    assert f'href="/bureau/bassin/{account.pk}/"' in page
    assert "43.32A, Travaux de menuiserie bois et PVC" in page
    for role, options, status in (
        (Role.DELEGATE, {"regions": [factories.region("53", "Bretagne")]}, 200),
        (Role.CHAIR, {}, 403),
        (Role.HOLDER, {}, 404),
    ):
        client.force_login(factories.person(role, **options))
        page = client.get(f"{WHOLE}?territory=commune:52121")
        assert page.status_code == status
        assert "MENUISERIE" not in page.content.decode()


def test_the_associations_of_the_rna_have_their_list(delegate, places, directory, tmp_path):
    directory()
    assert "d’après le RNA" not in delegate.get(WHOLE).content.decode()
    file = tmp_path / "rna.csv"
    names = "id,titre,objet,adrs_codeinsee,adrs_libvoie,siret,date_creat,adrs_codepostal,position,rup_mi,adrs_numvoie"
    names += ",adrs_repetition,adrs_typevoie,adrs_libcommune,maj_time"
    blank = "," * 11
    rows = f"W521000001,LE FOYER,lire,52121{blank}\nW521000002,LE JARDIN,semer,52121{blank}\n"
    file.write_text(f"{names}\n{rows}", encoding="utf-8")
    associations.load([file], lambda _label, _share: None)
    known = factories.organisation(rna="W521000002", commune=places["commune:52121"])
    page = delegate.get(f"{WHOLE}?kind=registered")
    assert [(row["firm"].name, row["account"]) for row in page.context["rows"]] == [
        ("LE FOYER", None),
        ("LE JARDIN", known),
    ]
    assert "W521000001" in page.content.decode()


def test_the_national_office_says_where_or_who_first(client, places, directory):
    directory()
    for number in range(10, 14):
        factories.region(str(number), f"Région {number}")
    client.force_login(factories.person(Role.OFFICER))
    assert "Choisissez un territoire" in client.get(WHOLE).content.decode()
    for query in ("territory=departement:52&kind=firm", "q=73282932000074"):
        page = client.get(f"{WHOLE}?{query}")
        assert [row["firm"].name for row in page.context["rows"]][-1] == "MENUISERIE DE L'ÉTÉ"


def test_pages_end_where_narrowing_serves_better(delegate, directory, monkeypatch):
    directory([0])
    monkeypatch.setattr("terreau.engagement.reference.directory.MOST", 2)
    page = delegate.get(WHOLE)
    assert (page.context["total"], len(page.context["rows"])) == (4, 2)
    assert "Les pages en montrent 2" in page.content.decode()


def test_without_a_directory_the_page_says_how_to_load_it(delegate, settings, tmp_path):
    settings.HOME = tmp_path
    assert "terreau companies load" in delegate.get(WHOLE).content.decode()


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
