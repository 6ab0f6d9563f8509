import pytest
from tests import factories

from terreau.accounts.models import Role
from terreau.core import journal
from terreau.core.models import Mail

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("role", Role)
def test_the_journal_and_the_post_are_for_those_who_run_the_programme(client, role):
    client.force_login(factories.person(role))
    wanted = 200 if role in {Role.OFFICER, Role.ADMINISTRATOR} else 404
    assert client.get("/compte/journal/").status_code == wanted
    assert client.get("/compte/courrier/").status_code == wanted
    mail = Mail.objects.create(key="k", to="a@exemple.fr", subject="s", body="b", state="failed")
    assert client.post(f"/compte/courrier/{mail.pk}/").status_code == (302 if wanted == 200 else 404)


def test_the_journal_is_narrowed_by_verb_and_author(client):
    officer = factories.person(Role.OFFICER)
    ana, bea = factories.user(first_name="Ana"), factories.user(first_name="Béa")
    journal.record(ana, "first_thing", by=ana)
    journal.record(bea, "second_thing", by=bea)
    client.force_login(officer)

    def rows(query):
        return [e.verb for e in client.get(f"/compte/journal/?{query}").context["page"]]

    assert rows("") == ["second_thing", "first_thing"]
    assert rows("verb=first_thing") == ["first_thing"]
    assert rows("actor=Béa") == ["second_thing"]
    assert rows("verb=first_thing&actor=Béa") == []


@pytest.mark.parametrize("count", [1, 3])
def test_the_journal_costs_the_same_whatever_its_length(client, count, django_assert_num_queries):
    officer = factories.person(Role.OFFICER)
    client.force_login(officer)
    for _n in range(count):
        journal.record(officer, "tested", by=officer)
    with django_assert_num_queries(7):
        client.get("/compte/journal/")


def test_a_message_in_trouble_leaves_again_because_a_person_said_so(client, django_capture_on_commit_callbacks):
    client.force_login(factories.person(Role.OFFICER))
    mail = Mail.objects.create(key="k", to="a@exemple.fr", subject="Sujet", body="b", state="failed", error="refusé")
    assert "refusé" in client.get("/compte/courrier/").content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        client.post(f"/compte/courrier/{mail.pk}/", {"act": "retry"})
    mail.refresh_from_db()
    assert mail.state == "sent"
    assert "Aucun message en difficulté" in client.get("/compte/courrier/").content.decode()
