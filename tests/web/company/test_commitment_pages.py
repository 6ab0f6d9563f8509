"""A firm's commitments, its hours and its agenda, and the structure's side of them, as pages."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone
from tests import factories
from tests.engagement import gifted

from terreau.accounts.models import Role
from terreau.engagement.actions import commitments as actions
from terreau.engagement.lifecycle import CommitmentState
from terreau.engagement.models import Commitment, CompanyProfile, Need
from terreau.projects.lifecycle import State

pytestmark = pytest.mark.django_db
VISIT = {
    "place": "12 rue du Port",
    "capacity": "12",
    "accessibility": "De plain-pied.",
    "briefing": "Chaussures fermées.",
}


@pytest.fixture
def firm():
    made = gifted.firm()
    CompanyProfile.objects.create(organisation=made, offers=["visit"])
    return made


@pytest.fixture
def project():
    return factories.application(owner=factories.membership(), state=State.SELECTED, title="Passerelle")


@pytest.fixture
def head(client, firm):
    found = gifted.head(firm)
    client.force_login(found)
    return found


def offered(firm, project, head, form="visit", title="Une visite"):
    return actions.propose(firm, project, actions.Offer(form, title), by=head)


def holder_of(project):
    return project.collaborators.get().membership.user


def soon(hour):
    return (timezone.localtime() + timedelta(10)).strftime(f"%Y-%m-%dT{hour:02}:00")


def test_a_need_is_answered_by_an_offer(client, firm, project, head):
    need = Need.objects.create(application=project, form="visit", title="Deux visites")
    where = f"/entreprise/{firm.pk}/engagements/nouveau/{project.reference}/"
    assert client.get(f"{where}?besoin={need.pk}").context["form"]["title"].value() == "Deux visites"
    said = {"form": "visit", "title": "Une visite de l’atelier", "value": "300"}
    assert client.post(f"{where}?besoin={need.pk}", said).status_code == 302
    made = Commitment.objects.get()
    assert (made.need, made.form, made.value_cents) == (need, "visit", None)  # a visit is worth nothing to the tax


def test_an_offer_that_says_nothing_is_told_at_its_fields(client, firm, project, head):
    page = client.post(f"/entreprise/{firm.pk}/engagements/nouveau/{project.reference}/", {"value": "-1"})
    assert page.status_code == 422
    assert set(page.context["form"].errors) == {"form", "title", "value"}


def test_both_sides_move_a_visit_page_after_page(client, firm, project, head):
    made = offered(firm, project, head)
    ours, theirs = (
        f"/entreprise/{firm.pk}/engagements/{made.pk}/",
        f"/dossiers/{project.reference}/partenaires/engagements/{made.pk}/",
    )
    assert client.get(f"{ours}accepter/").status_code == 403
    client.force_login(holder_of(project))
    assert client.post(f"{theirs}accepter/").status_code == 302
    short = client.post(f"{theirs}programmer/", {"starts_at": soon(9)})
    assert short.status_code == 422
    assert set(short.context["form"].errors) == {"ends_at", *VISIT}
    when = {"starts_at": soon(9), "ends_at": soon(12)}
    assert client.post(f"{theirs}programmer/", VISIT | when).status_code == 302
    made.refresh_from_db()
    assert (made.state, timezone.localtime(made.starts_at).hour) == (CommitmentState.PLANNED, 9)
    assert client.get(f"{theirs}programmer/").context["form"]["place"].value() == "12 rue du Port"
    early = client.post(f"{theirs}realiser/", {"attendance": "8", "is_list_kept": "on"})
    assert early.context["form"].non_field_errors() == ["La date n’est pas encore passée."]
    assert client.get(f"{theirs}danser/").status_code == 404
    client.force_login(head)
    assert "12 rue du Port" in client.get(ours).content.decode()
    assert client.post(f"{ours}retirer/", {"reason": " "}).status_code == 422
    assert client.post(f"{ours}retirer/", {"reason": "L’atelier ferme."}).status_code == 302
    assert "L’atelier ferme." in client.get(ours).content.decode()


def test_a_page_says_whether_it_is_a_gift_and_leads_to_declaring_it(client, firm, project, head):
    made = offered(firm, project, head, "money", "Financer les trajets")
    Commitment.objects.filter(pk=made.pk).update(state=CommitmentState.DONE, value_cents=500_00)
    page = client.get(f"/entreprise/{firm.pk}/engagements/{made.pk}/")
    assert "C’est un don" in page.content.decode()
    form = client.get(page.context["gift_url"]).context["form"]
    assert (form["amount_cents"].value(), form["description"].value()) == ("500", "Financer les trajets")
    client.force_login(holder_of(project))
    theirs = client.get(f"/dossiers/{project.reference}/partenaires/engagements/{made.pk}/")
    assert client.get(theirs.context["gift_url"]).context["form"]["siret"].value() == firm.siret_shown
    visit = offered(firm, project, head)
    client.force_login(head)
    assert "Ce n’est pas un don" in client.get(f"/entreprise/{firm.pk}/engagements/{visit.pk}/").content.decode()


def test_hours_are_logged_counted_prefilled_in_the_gift_and_taken_back(client, firm, project, head):
    made = offered(firm, project, head, "skills", "Un conseil en gestion")
    Commitment.objects.filter(pk=made.pk).update(state=CommitmentState.DONE)
    where, today = f"/entreprise/{firm.pk}/engagements/{made.pk}/", timezone.localdate()
    wrong = client.post(f"{where}heures/", {"on": today, "hours": "-2"})
    assert (wrong.status_code, set(wrong.context["hours_form"].errors)) == (422, {"hours"})
    for day, hours in ((today - timedelta(3), "1,5"), (today, "2")):
        assert client.post(f"{where}heures/", {"on": day, "hours": hours, "on_working_time": "on"}).status_code == 302
    page = client.get(where)
    assert page.context["hours"] == 3.5
    gift = client.get(page.context["gift_url"]).context["form"]
    assert (gift["hours"].value(), gift["given_on"].value()) == ("3,5", today - timedelta(3))
    line = made.log.first()
    assert client.post(f"{where}heures/{line.pk}/retirer/").status_code == 302
    assert made.log.get().minutes == 120


def test_a_mentor_logs_and_moves_nothing(client, firm, project, head):
    made = offered(firm, project, head, "mentoring")
    Commitment.objects.filter(pk=made.pk).update(state=CommitmentState.PLANNED)
    client.force_login(factories.person(Role.MENTOR, of=firm))
    where = f"/entreprise/{firm.pk}/engagements/{made.pk}/"
    page = client.get(where)
    assert (page.context["acts"], page.status_code) == ([], 200)
    assert client.post(f"{where}heures/", {"on": timezone.localdate(), "hours": "1"}).status_code == 302
    assert client.get(f"{where}retirer/").status_code == 403
    assert client.get(f"/entreprise/{firm.pk}/engagements/nouveau/{project.reference}/").status_code == 404


def test_a_structure_asks_a_firm_that_said_yes(client, firm, project, head):
    client.force_login(holder_of(project))
    where = f"/dossiers/{project.reference}/partenaires/engagements/avec/{firm.pk}/"
    assert client.get(where).status_code == 404  # it agreed to nothing yet
    CompanyProfile.objects.update(is_listed=True)
    assert client.post(where, {"form": "visit", "title": "Une visite"}).status_code == 302
    client.force_login(head)
    made = Commitment.objects.get()
    assert client.post(f"/entreprise/{firm.pk}/engagements/{made.pk}/accepter/").status_code == 302
    made.refresh_from_db()
    assert made.state == CommitmentState.AGREED


def test_another_firm_sees_nothing(client, firm, project, head):
    made = offered(firm, project, head)
    client.force_login(gifted.head(gifted.firm(name="Scierie du Nord")))
    for word in ("", "retirer/"):
        assert client.get(f"/entreprise/{firm.pk}/engagements/{made.pk}/{word}").status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_lists_ask_as_much_of_the_base_for_one_row_as_for_three(
    client, firm, project, head, count, django_assert_num_queries
):
    for number in range(count):
        made = offered(firm, project, head, title=f"Visite {number}")
        at = datetime(2031, 5, 2 + number, 9, tzinfo=UTC)
        Commitment.objects.filter(pk=made.pk).update(state=CommitmentState.PLANNED, starts_at=at)
        made.log.create(on=timezone.localdate(), minutes=60, logged_by=head)
    with django_assert_num_queries(8):
        page = client.get(f"/entreprise/{firm.pk}/engagements/?etat=planned")
    assert page.content.decode().count("Visite ") == count
    with django_assert_num_queries(7):
        page = client.get(f"/entreprise/{firm.pk}/agenda/")
    assert page.content.decode().count("Visite ") == count
    assert "Mai 2031" in page.content.decode()


def test_the_address_of_the_agenda_changes_when_it_leaks(client, firm, head):
    before = client.get(f"/entreprise/{firm.pk}/agenda/").context["feed"]
    assert client.post(f"/entreprise/{firm.pk}/agenda/adresse/").status_code == 302
    after = client.get(f"/entreprise/{firm.pk}/agenda/").context["feed"]
    assert before != after
    assert [client.get(address).status_code for address in (before, after)] == [404, 200]


def test_the_first_page_says_what_waits_and_what_comes(client, firm, project, head):
    firm.company_profile.is_listed = True
    offer = actions.Offer("visit", "Une visite demandée")
    actions.propose(firm, project, offer, by=holder_of(project), by_company=False)
    coming = offered(firm, project, head, title="Une visite prévue")
    Commitment.objects.filter(pk=coming.pk).update(
        state=CommitmentState.PLANNED, starts_at=timezone.now() + timedelta(5)
    )
    page = client.get(f"/entreprise/{firm.pk}/").content.decode()
    assert page.index("Une visite demandée") < page.index("attend votre réponse") < page.index("Une visite prévue")


def test_what_waits_for_an_answer_and_what_has_begun_stand_first(client, firm, project, head):
    firm.company_profile.is_listed = True
    holder, first = holder_of(project), timezone.now() - timedelta(days=30)
    actions.propose(firm, project, actions.Offer("awareness", "Une séance"), by=holder, by_company=False)
    pair = actions.agree(offered(firm, project, head, "mentoring", "Être mentor"), by=holder)
    actions.plan(pair, actions.Plan(first, first + timedelta(180), hours_a_month=2, months=6), by=head)
    home = client.get(f"/entreprise/{firm.pk}/")
    assert [[one.title for one in home.context[kept]] for kept in ("asked", "coming")] == [
        ["Une séance"],
        ["Être mentor"],
    ]
    agenda = client.get(f"/entreprise/{firm.pk}/agenda/")
    assert ([one.title for one in agenda.context["begun"]], agenda.context["coming"]) == (["Être mentor"], [])
    acts = client.get(f"/entreprise/{firm.pk}/engagements/{pair.pk}/").content.decode()
    assert "Changer la date" in acts
    assert "C’est fait" in acts


def test_what_is_to_come_is_not_said_to_be_done(client, firm, project, head):
    holder, first = holder_of(project), timezone.now() + timedelta(days=9)
    met = actions.agree(offered(firm, project, head, "network", "Trois rencontres"), by=holder)
    actions.plan(met, actions.Plan(first), by=head)
    assert "realiser/" not in client.get(f"/entreprise/{firm.pk}/engagements/{met.pk}/").content.decode()
