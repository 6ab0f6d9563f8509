"""The list of files: what it shows, what it filters, and what it costs."""

import factories
import pytest
from django.urls import reverse

from terreau.accounts.models import Role
from terreau.core.models import Entry
from terreau.projects.lifecycle import State

pytestmark = pytest.mark.django_db
URL = "/bureau/dossiers/"


@pytest.fixture
def call():
    return factories.call()


@pytest.fixture
def officer(client):
    officer = factories.person(Role.OFFICER)
    client.force_login(officer)
    return officer


def make(call, **fields):
    defaults = {"of": call, "state": State.SUBMITTED, "region": factories.region(), "themes": ["mobility"]}
    return factories.application(**defaults | fields)


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_costs_the_same_whatever_it_holds(client, officer, call, count, django_assert_num_queries):
    for _ in range(count):
        make(call, publics={"cadre": 10})
    with django_assert_num_queries(18):
        page = client.get(URL)
    assert page.content.decode().count('<span class="reference">') == count


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("q=ecole", {"École buissonnière"}),
        ("q=T25 ecole", {"École buissonnière"}),
        ("q=introuvable", set()),
        ("kind=scaling", {"Mobilité"}),
        ("theme=mentoring", {"École buissonnière"}),
        ("theme=mentoring&theme=mobility", {"École buissonnière", "Mobilité"}),
        ("public=cadre", {"Mobilité"}),
        ("region=53", {"Mobilité"}),
        ("region=44&region=53", {"École buissonnière", "Mobilité"}),
        ("state=admitted", {"Mobilité"}),
        ("state=admitted&theme=mentoring", set()),
        ("call=0", set()),
        ("window=abc&sort=nonsense&page=zzz", set()),
    ],
)
def test_filters_narrow_the_list(client, officer, call, query, titles):
    make(call, title="École buissonnière", themes=["mentoring"])
    bretagne = factories.region("53", "Bretagne")
    make(call, title="Mobilité", kind="scaling", state=State.ADMITTED, region=bretagne, publics={"cadre": 3})
    page = client.get(f"{URL}?{query}")
    assert {file.title for file in page.context["page"]} == titles


def test_every_column_sorts_both_ways(client, officer, call):
    first = make(call, title="Abeilles", requested_cents=100)
    last = make(call, title="Zèbres", requested_cents=None)
    for key in ("reference", "title", "holder", "region", "requested", "state", "submitted"):
        up, down = (list(client.get(f"{URL}?sort={sign}{key}").context["page"]) for sign in ("", "-"))
        assert set(up) == set(down) == {first, last}
    assert list(client.get(f"{URL}?sort=-title").context["page"]) == [last, first]
    assert list(client.get(f"{URL}?sort=-requested").context["page"]) == [first, last]


def test_active_filters_are_shown_and_can_be_removed(client, officer, call):
    make(call)
    page = client.get(f"{URL}?state=submitted&q=projet&theme=mobility")
    assert [str(value) for _title, value, _rest in page.context["chips"]] == ["Mobilité", "déposé", "projet"]
    assert {rest for _title, _value, rest in page.context["chips"]} == {
        "state=submitted&q=projet",
        "q=projet&theme=mobility",
        "state=submitted&theme=mobility",
    }


def test_counts_say_what_each_filter_would_leave(client, officer, call):
    make(call, themes=["mobility", "mentoring"])
    make(call, state=State.ADMITTED)
    groups = {key: options for key, _title, options, _chosen in client.get(f"{URL}?state=admitted").context["groups"]}
    assert {o.value: o.count for o in groups["theme"]} == {"mobility": 1, "mentoring": 0}
    assert {o.value: (o.count, o.chosen) for o in groups["state"]} == {"submitted": (1, False), "admitted": (1, True)}


def test_htmx_receives_the_list_alone_with_fresh_counts(client, officer, call):
    make(call, themes=["mobility", "mentoring"])
    page = client.get(URL, headers={"HX-Request": "true", "HX-Target": "files"}).content.decode()
    assert page.lstrip().startswith('<div id="files">')
    assert "hx-swap-oob" in page
    assert "<html" not in page


def test_a_delegate_sees_their_region_alone(client, call):
    grand_est, bretagne = factories.region(), factories.region("53", "Bretagne")
    mine, other = make(call, region=grand_est), make(call, region=bretagne)
    client.force_login(factories.person(Role.DELEGATE, regions=[grand_est]))
    assert list(client.get(URL).context["page"]) == [mine]
    assert client.get(reverse("office:file", args=[mine.reference])).status_code == 200
    assert client.get(reverse("office:file", args=[other.reference])).status_code == 404


@pytest.mark.parametrize("role", [Role.JUROR, Role.HOLDER, Role.CONTACT])
@pytest.mark.parametrize("page", ["", "dossiers/", "dossiers/export.csv", "dossiers/export.xlsx", "vues/", "messages/"])
def test_who_is_not_of_the_office_finds_nothing(client, role, page):
    client.force_login(factories.person(role))
    assert client.get(f"/bureau/{page}").status_code == 404


def test_a_visitor_is_asked_to_sign_in(client):
    assert client.get(URL).status_code == 302


def test_a_view_is_kept_renamed_and_deleted(client, officer, call):
    make(call)
    client.post("/bureau/vues/", {"name": "  À   admettre ", "query": "state=submitted&page=&sort=title"})
    (view,) = officer.saved_views.all()
    assert (view.name, view.query) == ("À admettre", "state=submitted&sort=title")
    assert "À admettre" in client.get(URL).content.decode()
    client.post(f"/bureau/vues/{view.pk}/renommer/", {"name": "Déposés"})
    assert officer.saved_views.get().name == "Déposés"
    client.post(f"/bureau/vues/{view.pk}/supprimer/")
    assert not officer.saved_views.exists()
    verbs = Entry.objects.filter(subject_type="projects.savedview").order_by("pk").values_list("verb", flat=True)
    assert list(verbs) == ["save_view", "rename_view", "delete_view"]


def test_a_view_needs_a_name_and_belongs_to_one_person(client, officer):
    page = client.post("/bureau/vues/", {"name": " ", "query": ""}, follow=True)
    assert "Donnez un nom" in page.content.decode()
    other = factories.person(Role.OFFICER).saved_views.create(name="À moi", query="")
    assert client.post(f"/bureau/vues/{other.pk}/supprimer/").status_code == 404
