import pytest
from django.core import mail as outbox
from tests import factories

from terreau.accounts import actions, queries
from terreau.accounts.models import JoinRequest, Membership, Organisation, Role, User
from terreau.core import journal

pytestmark = pytest.mark.django_db


def verbs(subject):
    return [e.verb for e in journal.history(subject)]


def test_joining_gives_a_role_once_and_writes_a_line():
    user, association = factories.user(), factories.organisation()
    first = actions.join(user, association, Role.HOLDER, by=user)
    assert actions.join(user, association, Role.HOLDER, by=user) == first
    assert user.has_role(Role.HOLDER)
    assert verbs(association) == ["member_joined"]


def test_roles_of_the_funder_stay_with_the_funder():
    with pytest.raises(actions.Refused, match="type d’organisation"):
        actions.join(factories.user(), factories.organisation(), Role.OFFICER, by=None)
    with pytest.raises(actions.Refused, match="type d’organisation"):
        actions.join(factories.user(), factories.funder(), Role.HOLDER, by=None)


def test_a_delegate_s_regions_change_and_the_journal_says_from_what_to_what():
    east, south = factories.region(), factories.region("93", "Provence-Alpes-Côte d’Azur")
    delegate = actions.join(factories.user(), factories.funder(), Role.DELEGATE, regions=[east], by=None)
    assert delegate.user.region_ids() == {east.pk}
    actions.change_regions(delegate, [south], by=None)
    assert delegate.user.region_ids() == {south.pk}
    assert journal.history(delegate.organisation).first().details["changed"] == [["44"], ["93"]]


def test_leaving_ends_every_access_at_once():
    mine = factories.membership()
    factories.membership(of=mine.organisation)
    user = mine.user
    assert user.has_perm("accounts.see_organisation", mine.organisation)
    actions.leave(mine, by=user)
    assert not User.objects.get(pk=user.pk).has_perm("accounts.see_organisation", mine.organisation)
    assert not user.has_role(Role.HOLDER)
    assert list(queries.organisations(user)) == []
    assert verbs(mine.organisation) == ["member_left"]
    with pytest.raises(actions.NotOpen):
        actions.leave(mine, by=user)


def test_the_last_person_names_a_successor_before_leaving():
    mine = factories.membership()
    mentor = factories.membership(Role.MENTOR, of=mine.organisation)
    stranger = factories.membership()
    with pytest.raises(actions.NeedsSuccessor):
        actions.leave(mine, by=mine.user)
    with pytest.raises(actions.NeedsSuccessor):
        actions.leave(mine, by=mine.user, successor=stranger)
    assert Membership.objects.get(pk=mine.pk).left_at is None
    actions.leave(mine, by=mine.user, successor=mentor)
    assert mentor.user.has_role(Role.HOLDER)


def test_the_last_officer_stays_even_beside_an_administrator():
    officer = factories.membership(Role.OFFICER)
    factories.membership(Role.ADMINISTRATOR)
    assert queries.is_last(officer)
    factories.membership(Role.OFFICER)
    assert not queries.is_last(officer)


def test_whoever_is_sent_away_is_told(django_capture_on_commit_callbacks):
    mine, colleague = factories.membership(), None
    colleague = factories.membership(of=mine.organisation, person=factories.user(language="en"))
    with django_capture_on_commit_callbacks(execute=True):
        actions.leave(colleague, by=mine.user)
    assert [m.to for m in outbox.outbox] == [[colleague.user.email]]


def test_an_organisation_that_is_known_asks_its_members(django_capture_on_commit_callbacks):
    member = factories.membership()
    user = factories.user()
    with django_capture_on_commit_callbacks(execute=True):
        request = actions.ask_to_join(user, member.organisation, message="Bonjour", by=user)
        assert actions.ask_to_join(user, member.organisation, by=user) == request
    assert [m.to for m in outbox.outbox] == [[member.user.email]]
    assert "/compte/demandes/" in outbox.outbox[0].body
    assert not user.has_role(Role.HOLDER)
    assert list(queries.requests_to_answer(member.user)) == [request]
    with django_capture_on_commit_callbacks(execute=True):
        actions.answer_request(request, granted=True, by=member.user)
    assert user.has_role(Role.HOLDER)
    assert outbox.outbox[1].to == [user.email]
    with pytest.raises(actions.NotOpen):
        actions.answer_request(request, granted=False, by=member.user)


def test_a_refused_request_opens_nothing():
    member, user = factories.membership(), factories.user()
    request = actions.ask_to_join(user, member.organisation, by=user)
    actions.answer_request(request, granted=False, by=member.user)
    assert not user.has_role(Role.HOLDER)
    assert verbs(member.organisation) == ["join_answered", "join_requested"]


def test_where_nobody_is_left_the_officers_answer():
    officer, deserted = factories.person(Role.OFFICER), factories.organisation()
    user = factories.user()
    request = actions.ask_to_join(user, deserted, by=user)
    assert list(queries.answerers(deserted)) == [officer]
    assert list(queries.requests_to_answer(officer)) == [request]
    other = actions.ask_to_join(user, factories.membership().organisation, by=user)
    assert other not in queries.requests_to_answer(officer)
    assert JoinRequest.objects.count() == 2


def test_an_organisation_enters_once():
    user = factories.user()
    made = actions.create_organisation(
        kind=Organisation.Kind.ASSOCIATION,
        name=" Les Passerelles ",
        legal_form="association",
        siret="732 829 320 00074",
        by=user,
    )
    assert (made.name, made.siret, made.rna) == ("Les Passerelles", "73282932000074", None)
    with pytest.raises(actions.AlreadyKnown) as known:
        actions.create_organisation(kind="company", name="X", legal_form="company", siret="73282932000074", by=user)
    assert known.value.organisation == made


def test_an_association_of_alsace_moselle_needs_no_rna():
    made = actions.create_organisation(
        kind=Organisation.Kind.ASSOCIATION,
        name="Maison de Mulhouse",
        legal_form="local_association",
        register="Mulhouse, volume 87,  folio 12",
        by=None,
    )
    assert (made.siret, made.rna, made.register) == (None, None, "Mulhouse, volume 87, folio 12")
    assert queries.known(register="mulhouse, volume 87, folio 12") == made


def test_a_correction_is_checked_and_leaves_what_was():
    made, other = factories.organisation(name="Avant"), factories.organisation()
    actions.correct_organisation(made, by=None, name="Après", siret=made.siret)
    assert journal.history(made).get().details["changed"] == {"name": ["Avant", "Après"]}
    with pytest.raises(ValueError, match="14 chiffres"):
        actions.correct_organisation(made, by=None, siret="12")
    with pytest.raises(actions.AlreadyKnown):
        actions.correct_organisation(made, by=None, siret=other.siret)
