"""Firms and projects proposed to each other, and what an answer changes."""

from datetime import date, timedelta

import pytest
from django.core import mail
from django.db import connection
from tests import factories
from tests.geography import grand_est

from terreau.accounts.models import Invitation, Organisation, Role
from terreau.core.models import Mail
from terreau.core.moves import Refused
from terreau.engagement.actions import proposals as actions
from terreau.engagement.actions.companies import save_profile
from terreau.engagement.models import Need, Proposal
from terreau.engagement.queries import proposals as queries
from terreau.engagement.rulebook import matching as rulebook
from terreau.projects.lifecycle import State

pytestmark = pytest.mark.django_db
DAY = date(2026, 12, 1)


@pytest.fixture
def places():
    return grand_est()


def firm(commune, *, offers=("visit",), themes=("mobility",), is_listed=True, contact=True):
    company = factories.organisation(kind=Organisation.Kind.COMPANY, legal_form="company", commune=commune)
    if contact:
        factories.membership(Role.CONTACT, of=company)
    save_profile(company, themes=themes, offers=offers, is_listed=is_listed, by=None)
    return company


def project(commune, *, seeks=("visit",), themes=("mobility",), **fields):
    holder = factories.organisation(commune=commune)
    owner = factories.membership(Role.HOLDER, of=holder)
    made = factories.application(owner=owner, state=State.SELECTED, themes=themes, **fields)
    made.territories.add(commune)
    Need.objects.bulk_create(Need(application=made, form=form, title=form) for form in seeks)
    return made


def proposed(reader, **scope):
    rows = Proposal.objects.filter(reader=reader, answer="", **scope).order_by("-score")
    return [row.company if reader == "project" else row.application for row in rows]


def test_the_nearest_firm_that_offers_what_is_sought_comes_first(places):
    near, far = places["commune:52121"], places["commune:51649"]
    best, elsewhere = firm(near), firm(far)
    firm(near, is_listed=False)
    asked = project(near)
    assert actions.propose_matches(DAY, only=asked) == 2
    assert proposed("project") == [best, elsewhere]
    assert "distance" in Proposal.objects.get(company=best).parts["telling"]


def test_a_no_is_not_proposed_again_and_its_form_counts_less(places):
    here = places["commune:52121"]
    company = firm(here, offers=["visit", "money"])
    asked, other = project(here, seeks=["visit"]), project(here, seeks=["visit"])
    actions.propose_projects(company, DAY)
    before = Proposal.objects.get(application=other).score
    one = Proposal.objects.get(application=asked)
    actions.answer(one, "no", day=DAY, because="form", about="visit", by=None)
    actions.propose_projects(company, DAY + timedelta(400))
    assert proposed("company") == [other]
    after = Proposal.objects.get(application=other).score
    assert after == pytest.approx(before - rulebook.MATCHING[0].offers / 2)
    assert actions.propose_matches(DAY, only=asked) == 0, "nor is the firm proposed to the project it refused"


def test_later_comes_back_at_its_date(places):
    company, asked = firm(places["commune:52121"]), project(places["commune:52121"])
    actions.propose_projects(company, DAY)
    one = Proposal.objects.get()
    actions.answer(one, "later", day=DAY, by=None)
    actions.propose_projects(company, one.again_on - timedelta(1))
    assert proposed("company") == []
    actions.propose_projects(company, one.again_on)
    assert proposed("company") == [asked]


def test_a_ranking_holds_nobody_up_and_what_is_answered_meanwhile_stands(places, monkeypatch):
    company, asked = firm(places["commune:52121"]), project(places["commune:52121"])
    actions.propose_projects(company, DAY)
    actions.propose_matches(DAY)
    outside = len(connection.savepoint_ids)
    ranked = {name: getattr(actions.matching, name) for name in ("projects_for", "firms_for")}

    def while_people_answer(name):
        def rank(*told):
            assert len(connection.savepoint_ids) == outside, "no transaction is open for it"
            found = ranked[name](*told)
            for one in Proposal.objects.filter(answer=""):
                actions.answer(one, "no", day=DAY, because="far", by=None)
            return found

        return rank

    for name in ranked:
        monkeypatch.setattr(actions.matching, name, while_people_answer(name))
    actions.propose_projects(company, DAY)
    actions.propose_matches(DAY, only=asked)
    assert set(Proposal.objects.values_list("reader", "answer")) == {("company", "no"), ("project", "no")}


def test_the_same_firm_is_not_proposed_to_all(places, monkeypatch):
    monkeypatch.setattr(rulebook, "MATCHING", (rulebook.Matching(date(2026, 1, 1), "essai", shown=1, at_most=1),))
    here = places["commune:52121"]
    best, second = firm(here), firm(here, themes=[])
    first, other = project(here), project(here)
    actions.propose_matches(DAY)
    assert {row.application: row.company for row in Proposal.objects.all()} in (
        {first: best, other: second}, {first: second, other: best}
    )  # fmt: skip


def test_a_yes_of_the_project_reaches_the_firm_and_back(places, django_capture_on_commit_callbacks):
    company, asked = firm(places["commune:52121"]), project(places["commune:52121"])
    actions.propose_matches(DAY, only=asked)
    with django_capture_on_commit_callbacks(execute=True):
        actions.answer(Proposal.objects.get(), "yes", day=DAY, by=None)
    told = Proposal.objects.get(reader="company")
    assert told.parts["wanted"]
    actions.propose_projects(company, DAY)
    told.refresh_from_db()
    assert told.parts["wanted"], "the ranking does not take away what the project wants"
    actions.answer(told, "yes", day=DAY, by=None)
    assert list(queries.willing(asked)) == [told]
    assert Mail.objects.count() == 2
    assert asked.title in mail.outbox[0].subject


@pytest.mark.parametrize(("said", "because"), [("maybe", ""), ("no", ""), ("no", "mood"), ("", "far")])
def test_an_answer_that_makes_no_sense_changes_nothing(places, said, because):
    firm(places["commune:52121"])
    actions.propose_matches(DAY, only=project(places["commune:52121"]))
    one = Proposal.objects.get()
    with pytest.raises(Refused):
        actions.answer(one, said, day=DAY, because=because, by=None)
    assert Proposal.objects.get().answer == ""


def test_a_delegate_introduces_a_firm_that_nobody_acts_for_by_inviting_somebody(places):
    company, asked = firm(places["commune:52121"], is_listed=False, contact=False), project(places["commune:52121"])
    delegate = factories.person(Role.DELEGATE)
    with pytest.raises(Refused):
        actions.introduce(asked, company, by=delegate)
    actions.introduce(asked, company, email="chef@exemple.fr", by=delegate)
    assert Invitation.objects.get().organisation == company
    assert proposed("company") == [asked]
    assert list(queries.to_project(asked)) == [], "the project cannot contact it"


def test_a_firm_of_the_directory_alone_is_never_shown_to_the_project(places):
    asked = project(places["commune:52121"])
    Proposal.objects.create(application=asked, siren="732829320", reader="project", score=90)
    assert list(queries.to_project(asked)) == []
