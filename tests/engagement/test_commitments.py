"""A commitment from its offer to its attestation: who moves it, what it asks, whom it tells, what an agenda reads."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from icalendar import Calendar
from tests import factories
from tests.engagement import gifted

from terreau.accounts.models import Role
from terreau.core.journal import history
from terreau.core.moves import Refused, WrongMoment
from terreau.engagement.actions import commitments, work
from terreau.engagement.actions.agenda import renew_token
from terreau.engagement.actions.commitments import Offer, Plan
from terreau.engagement.lifecycle import CommitmentState, Form
from terreau.engagement.models import CompanyProfile, Proposal
from terreau.engagement.queries import calendar
from terreau.engagement.queries import commitments as queries
from terreau.engagement.rulebook.commitments import last_day
from terreau.projects.lifecycle import State

pytestmark = pytest.mark.django_db
PARIS = ZoneInfo("Europe/Paris")
VISIT = {
    "place": "12 rue du Port",
    "capacity": 12,
    "accessibility": "De plain-pied, sanitaires accessibles.",
    "briefing": "Chaussures fermées.",
}


@pytest.fixture
def firm():
    return gifted.firm()


@pytest.fixture
def head(firm):
    return gifted.head(firm)


@pytest.fixture
def project():
    return factories.application(owner=factories.membership(), state=State.SELECTED)


@pytest.fixture
def holder(project):
    return project.collaborators.get(role="owner").membership.user


def offered(firm, project, head, form="visit", **said):
    return commitments.propose(firm, project, Offer(form, "Une visite de l’atelier", **said), by=head)


def agreed(firm, project, head, holder, form="visit"):
    return commitments.agree(offered(firm, project, head, form), by=holder)


def in_days(days, hour=9):
    return datetime.now(PARIS).replace(hour=hour, minute=0, second=0, microsecond=0) + timedelta(days)


def planned_visit(firm, project, head, holder, days=10):
    plan = Plan(in_days(days), in_days(days, 12), **VISIT)
    return commitments.plan(agreed(firm, project, head, holder), plan, by=head)


def test_a_visit_goes_from_an_offer_to_its_attestation(firm, project, head, holder, monkeypatch):
    visit = planned_visit(firm, project, head, holder)
    later = in_days(11)
    monkeypatch.setattr("django.utils.timezone.now", lambda: later)
    done = commitments.complete(visit, attendance=9, is_list_kept=True, by=holder)
    assert (done.state, done.attendance) == (CommitmentState.DONE, 9)
    assert commitments.acknowledge(done, by=holder).state == CommitmentState.ACKNOWLEDGED
    assert [line.verb for line in history(visit)][::-1] == ["propose", "agree", "plan", "complete", "acknowledge"]


def test_each_side_is_written_to_in_turn_and_a_date_reaches_both_agendas(
    firm, project, head, holder, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        visit = planned_visit(firm, project, head, holder)
    told = [(message.to[0], len(message.attachments)) for message in mail.outbox]
    assert told == [(holder.email, 0), (head.email, 0), (head.email, 1), (holder.email, 1)]
    invited = Calendar.from_ical(mail.outbox[-1].attachments[0].get_payload(decode=True))
    assert mail.outbox[-1].attachments[0]["Content-Type"].startswith('text/calendar; charset="utf-8"; method="REQUEST"')
    (event,) = invited.walk("VEVENT")
    assert (event["SUMMARY"], event["LOCATION"], event["SEQUENCE"]) == (visit.title, "12 rue du Port", 0)
    assert event["DTSTART"].dt == visit.starts_at
    assert "Lieu : 12 rue du Port" in mail.outbox[-1].body


def test_a_mentor_who_answers_for_another_firm_is_not_written_to(
    firm, project, head, holder, django_capture_on_commit_callbacks
):
    mentor = factories.person(Role.MENTOR, of=firm)
    factories.membership(Role.CONTACT, person=mentor)
    with django_capture_on_commit_callbacks(execute=True):
        agreed(firm, project, head, holder)
    assert [message.to[0] for message in mail.outbox] == [holder.email, head.email]


def test_a_date_that_moves_keeps_its_name_in_the_agenda_and_a_withdrawal_cancels_it(firm, project, head, holder):
    visit = planned_visit(firm, project, head, holder)
    moved = commitments.plan(visit, Plan(in_days(20), in_days(20, 12), **VISIT), by=holder)
    left = commitments.withdraw(moved, "L’atelier ferme.", by=head)
    first, second, last = (
        next(iter(Calendar.from_ical(calendar.invitation(one, to="a@example.org", **said)).walk("VEVENT")))
        for one, said in ((visit, {}), (moved, {}), (left, {"is_cancelled": True}))
    )
    assert first["UID"] == second["UID"] == last["UID"]
    assert last["STATUS"] == "CANCELLED"
    assert (moved.sequence, left.sequence) == (1, 2)


def test_a_visit_is_planned_with_all_it_asks(firm, project, head, holder):
    with pytest.raises(Refused) as refusal:
        commitments.plan(agreed(firm, project, head, holder), Plan(in_days(10), in_days(10, 12)), by=head)
    assert refusal.value.reasons == [
        "Il manque le lieu.",
        "Il manque le nombre de places.",
        "Il manque la note d’accessibilité du lieu.",
        "Il manque les consignes de sécurité.",
    ]


def test_a_visit_is_done_with_its_list_its_count_and_no_more_people_than_places(
    firm, project, head, holder, monkeypatch
):
    visit = planned_visit(firm, project, head, holder)
    with pytest.raises(Refused, match="pas encore passée"):
        commitments.complete(visit, attendance=3, is_list_kept=True, by=holder)
    later = in_days(11)
    monkeypatch.setattr("django.utils.timezone.now", lambda: later)
    with pytest.raises(Refused, match="13 personnes présentes pour 12 places"):
        commitments.complete(visit, attendance=13, is_list_kept=True, by=holder)
    with pytest.raises(Refused, match="liste d’émargement"):
        commitments.complete(visit, attendance=3, by=holder)
    visit.refresh_from_db()
    assert (visit.state, visit.attendance) == (CommitmentState.PLANNED, None)


def test_what_took_place_needs_a_date_first(firm, project, head, holder):
    with pytest.raises(Refused, match="Convenez d’abord"):
        commitments.complete(agreed(firm, project, head, holder, "network"), by=head)
    assert commitments.complete(agreed(firm, project, head, holder, "money"), by=head).state == CommitmentState.DONE


def test_no_firm_is_asked_unless_it_agreed(firm, project, holder):
    offer = Offer("visit", "Une visite de votre atelier")
    with pytest.raises(Refused, match="n’a pas demandé à être contactée"):
        commitments.propose(firm, project, offer, by=holder, by_company=False)
    Proposal.objects.create(application=project, company=firm, reader="company", score=1, answer="yes")
    assert not commitments.propose(firm, project, offer, by=holder, by_company=False).proposed_by_company


def test_a_project_that_is_not_supported_receives_nothing(firm, head):
    with pytest.raises(Refused, match="pas parmi les projets soutenus"):
        offered(firm, factories.application(state=State.IN_REVIEW), head)


def test_nobody_agrees_to_ones_own_offer(firm, project, head, holder):
    visit = offered(firm, project, head)
    assert holder.has_perm("engagement.agree_commitment", visit)
    assert not head.has_perm("engagement.agree_commitment", visit)


def test_the_structure_alone_says_that_a_visit_took_place(firm, project, head, holder):
    visit = planned_visit(firm, project, head, holder)
    assert holder.has_perm("engagement.complete_commitment", visit)
    assert not head.has_perm("engagement.complete_commitment", visit)


def test_a_move_out_of_turn_changes_nothing(firm, project, head, holder):
    visit = offered(firm, project, head)
    with pytest.raises(WrongMoment):
        commitments.acknowledge(visit, by=holder)
    assert [line.verb for line in history(visit)] == ["propose"]


@pytest.mark.parametrize(
    ("first", "last"),
    [
        (date(2026, 3, 2), date(2026, 4, 1)),
        (date(2026, 1, 31), date(2026, 2, 28)),
        (date(2027, 1, 1), date(2027, 1, 31)),
        (date(2026, 12, 15), date(2027, 1, 14)),
    ],
)
def test_an_immersion_lasts_a_month_at_most(first, last):
    assert last_day(first) == last


def immersion(firm, project, head, holder, days=10, length=20):
    plan = Plan(in_days(days, 0), in_days(days + length, 0), "12 rue du Port", purpose="discover", tutor="Léa Martin")
    return commitments.plan(agreed(firm, project, head, holder, "immersion"), plan, by=head)


def test_an_immersion_is_signed_by_the_three_before_its_first_day(firm, project, head, holder, monkeypatch):
    planned = immersion(firm, project, head, holder)
    today = datetime.now(PARIS).date()
    for party in ("company", "person"):
        commitments.sign(planned, party, today, by=holder)
    later = in_days(31)
    with monkeypatch.context() as clock:
        clock.setattr("django.utils.timezone.now", lambda: later)
        planned.refresh_from_db()
        with pytest.raises(Refused, match="trois parties"):
            commitments.complete(planned, by=head)
    commitments.sign(planned, "referrer", today, by=holder)
    monkeypatch.setattr("django.utils.timezone.now", lambda: later)
    planned.refresh_from_db()
    assert commitments.complete(planned, by=head).state == CommitmentState.DONE


def test_an_immersion_that_moves_is_signed_again(firm, project, head, holder):
    planned = immersion(firm, project, head, holder)
    commitments.sign(planned, "company", datetime.now(PARIS).date(), by=head)
    plan = Plan(in_days(15, 0), in_days(20, 0), "12 rue du Port", purpose="discover", tutor="Léa Martin")
    moved = commitments.plan(planned, plan, by=head)
    assert set(queries.signatures(moved.immersion).values()) == {None}


@pytest.mark.parametrize(
    ("days", "length", "words"), [(0, 5, "au plus tôt demain"), (10, 40, "un mois au plus"), (10, -2, "avant le début")]
)
def test_an_immersion_out_of_its_bounds_is_refused(firm, project, head, holder, days, length, words):
    with pytest.raises(Refused, match=words):
        immersion(firm, project, head, holder, days, length)


def test_a_signature_of_tomorrow_is_refused(firm, project, head, holder):
    planned = immersion(firm, project, head, holder)
    with pytest.raises(Refused, match="à l’avance"):
        commitments.sign(planned, "company", datetime.now(PARIS).date() + timedelta(1), by=head)


def test_hours_are_noted_once_given_and_a_day_has_24(firm, project, head, holder):
    skills, today = agreed(firm, project, head, holder, "skills"), datetime.now(PARIS).date()
    for minutes, on, words in ((0, today, "une minute"), (60, today + timedelta(1), "à venir"), (1500, today, "24")):
        with pytest.raises(Refused, match=words):
            work.log(skills, on, minutes, by=head)
    work.log(skills, today, 20 * 60, by=head)
    with pytest.raises(Refused, match="24 heures"):
        work.log(skills, today, 5 * 60, by=head)
    assert skills.log.get().minutes == 1200


def test_a_mentor_notes_hours_and_takes_only_ones_own_line_back(firm, project, head, holder):
    pair = agreed(firm, project, head, holder, "mentoring")
    mentor = factories.person(Role.MENTOR, of=firm)
    line = work.log(pair, datetime.now(PARIS).date(), 90, by=mentor)
    assert mentor.has_perm("engagement.log_work", pair)
    assert mentor.has_perm("engagement.strike_work", line)
    assert not head.has_perm("engagement.strike_work", line)
    assert not holder.has_perm("engagement.log_work", pair)
    work.strike(line, by=mentor)
    assert not pair.log.exists()


def test_hours_are_closed_once_attested(firm, project, head, holder):
    given = agreed(firm, project, head, holder, "goods")
    commitments.complete(given, by=head)
    commitments.acknowledge(given, by=holder)
    with pytest.raises(WrongMoment):
        work.log(given, datetime.now(PARIS).date(), 60, by=head)


@pytest.mark.parametrize("form", Form)
def test_each_form_says_whether_it_is_a_gift(firm, project, head, form):
    found = queries.verdict(offered(firm, project, head, form))
    assert found.is_gift == (form in {Form.MONEY, Form.GOODS, Form.SKILLS})


def test_time_off_work_is_no_gift_of_the_firm(firm, project, head, holder):
    skills = agreed(firm, project, head, holder, "skills")
    work.log(skills, datetime.now(PARIS).date(), 60, on_working_time=False, by=head)
    assert queries.verdict(skills).code == "own-time"


def test_the_agenda_shows_what_is_planned_and_its_address_may_change(firm, project, head, holder, client):
    CompanyProfile.objects.create(organisation=firm)
    planned_visit(firm, project, head, holder)
    offered(firm, project, head)
    token = firm.company_profile.calendar_token
    answer = client.get(f"/entreprise/agenda/{token}.ics")
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert [str(event["SUMMARY"]) for event in Calendar.from_ical(answer.content).walk("VEVENT")] == [
        "Une visite de l’atelier"
    ]
    renew_token(firm, by=head)
    assert client.get(f"/entreprise/agenda/{token}.ics").status_code == 404


def test_an_immersion_stands_in_the_agenda_as_whole_days(firm, project, head, holder):
    planned = immersion(firm, project, head, holder, days=10, length=4)
    (event,) = Calendar.from_ical(calendar.feed(firm)).walk("VEVENT")
    first = planned.starts_at.astimezone(PARIS).date()
    assert (event["DTSTART"].dt, event["DTEND"].dt) == (first, first + timedelta(5))
