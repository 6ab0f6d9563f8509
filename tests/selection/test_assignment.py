"""Who could read what: every rule that forbids, what stays, what moves; then the writing of it all."""

import pytest
from tests import factories

from terreau.accounts.models import Role
from terreau.core import journal
from terreau.core.moves import Refused
from terreau.projects.lifecycle import State
from terreau.selection import actions, queries
from terreau.selection.lifecycle import ReviewState
from terreau.selection.models import JurorProfile, Recusal, Review

pytestmark = pytest.mark.django_db


@pytest.fixture
def window():
    return factories.call().windows.get()


@pytest.fixture
def officer():
    return factories.person(Role.OFFICER)


def file_of(window, **fields):
    return factories.application(of=window.call, **{"state": State.ADMITTED} | fields)


def jury(number):
    return [factories.membership(Role.JUROR) for _n in range(number)]


def profile(juror, regions=(), **fields):
    made = JurorProfile.objects.create(membership=juror, **fields)
    made.regions.set(regions)
    return made


def forbidden(window, **terms):
    q = queries.assignment_instance(window, queries.Terms(**terms))
    found = q.instance.forbidden
    return {(q.files[f].pk, q.jurors[j].pk) for f in range(len(q.files)) for j in range(len(q.jurors)) if found[f, j]}


def test_whom_the_file_touches_does_not_read_it(window):
    file, other = file_of(window), file_of(window)
    partner = factories.siret()
    file.partners.create(name="Un partenaire", siret=partner[:9] + "99999")
    member, colleague, declared, recused, left, free = jury(6)
    factories.membership(Role.HOLDER, person=member.user, of=file.holder)
    factories.membership(Role.CONTACT, person=colleague.user, of=factories.organisation(siret=partner))
    profile(declared, sirens=[file.holder.siren])
    Review.objects.create(application=file, juror=recused, state=ReviewState.RECUSED)
    Recusal.objects.create(application=file, member=left)
    assert forbidden(window) == {(file.pk, one.pk) for one in (member, colleague, declared, recused, left)}
    assert queries.conflicts([file, other])[other.pk] == set()
    assert free.user_id not in queries.conflicts([file])[file.pk]


def test_being_a_juror_of_a_funder_that_is_a_partner_binds_to_nothing(window):
    file = file_of(window)
    file.partners.create(name="Le financeur", siret=factories.funder().siret)
    jury(2)
    assert forbidden(window) == set()


def test_neighbours_are_kept_away_only_when_asked(window):
    places = factories.region("44")
    commune = type(places).objects.create(level="commune", code="52121", name="Chaumont", region=places)
    file = file_of(window, holder=factories.organisation(commune=commune))
    here, elsewhere = jury(2)
    profile(here, commune=commune)
    assert forbidden(window) == set()
    assert forbidden(window, commune=True) == {(file.pk, here.pk)}
    factories.membership(Role.CONTACT, person=elsewhere.user, of=factories.organisation(commune=commune))
    assert forbidden(window, commune=True) == {(file.pk, here.pk), (file.pk, elsewhere.pk)}


def test_affinity_follows_what_jurors_say(window):
    region = factories.region()
    file_of(window, themes=["mentoring"], publics={"cadre": 10}, region=region, summary="Parrainage de cadres seniors")
    silent, theme, everything = jury(3)
    profile(theme, themes=["mentoring"])
    profile(everything, [region], themes=["mentoring"], publics=["cadre"], expertise="parrainage des cadres seniors")
    (row,) = queries.assignment_instance(window, queries.Terms()).instance.affinity.tolist()
    assert 0 < row[1] < row[2] <= 1
    assert row[0] == pytest.approx((row[1] + row[2]) / 2, abs=1e-3)
    assert [silent.pk, theme.pk, everything.pk] == [j.pk for j in queries.jurors(window)]


def test_started_and_rendered_readings_stay_and_a_recusal_moves_one(window, officer):
    files, jurors = [file_of(window) for _n in range(4)], jury(4)
    first = queries.assignment_proposal(window, queries.Terms(reviews=2, load=3))
    actions.assign_all(first, by=officer)
    before = set(Review.objects.values_list("application", "juror"))
    leaving = files[0].reviews.first()
    actions.recuse(leaving, "Je les connais.", by=leaving.juror.user)
    second = queries.assignment_proposal(window, queries.Terms(reviews=2, load=3))
    assert (len(second.added), second.dropped) == (1, [])
    actions.assign_all(second, by=officer)
    kept = Review.objects.exclude(state=ReviewState.RECUSED)
    assert before - {(leaving.application_id, leaving.juror_id)} < set(kept.values_list("application", "juror"))
    assert {review.application.reviews.exclude(state="recused").count() for review in kept} == {2}
    started = kept.first()
    Review.objects.filter(pk=started.pk).update(state=ReviewState.STARTED)
    afresh = queries.assignment_proposal(window, queries.Terms(reviews=1, load=1, afresh=True))
    pairs = {(afresh.question.files[f].pk, afresh.question.jurors[j].pk) for f, j in afresh.pairs}
    assert (started.application_id, started.juror_id) in pairs
    assert len(pairs) == 4
    assert len({j for _f, j in pairs}) == len(jurors)


def test_a_juror_who_left_keeps_what_they_rendered_and_gets_no_more(window, officer):
    file = file_of(window, state=State.IN_REVIEW)
    gone, here = jury(2)
    Review.objects.create(application=file, juror=gone, state=ReviewState.DONE, total=50.0)
    unfinished = file_of(window, state=State.IN_REVIEW)
    Review.objects.create(application=unfinished, juror=gone, state=ReviewState.STARTED)
    gone.left_at = file.created_at
    gone.save()
    found = queries.assignment_proposal(window, queries.Terms(reviews=1, load=5))
    added = [(found.question.files[f].pk, found.question.jurors[j].pk) for f, j in found.added]
    assert added == [(unfinished.pk, here.pk)]
    assert actions.assign_all(found, by=officer).added == 1


def test_nothing_is_written_where_anything_changed(window, officer):
    file = file_of(window)
    one, _two = jury(2)
    found = queries.assignment_proposal(window, queries.Terms(reviews=2, load=5))
    factories.membership(Role.HOLDER, person=one.user, of=file.holder)
    with pytest.raises(Refused, match="ont changé"):
        actions.assign_all(found, by=officer)
    assert not Review.objects.exists()
    assert not journal.history(window).exists()


def test_nothing_to_write_is_refused(window, officer):
    file_of(window)
    found = queries.assignment_proposal(window, queries.Terms(reviews=1, load=1, local=True)) if jury(1) else None
    infeasible = queries.assignment_proposal(window, queries.Terms(reviews=0, load=1))
    assert found.added
    with pytest.raises(Refused, match="Aucune répartition"):
        actions.assign_all(infeasible, by=officer)


def test_the_journal_keeps_the_terms(window, officer):
    file = file_of(window)
    jury(1)
    actions.assign_all(queries.assignment_proposal(window, queries.Terms(reviews=1, load=2)), by=officer)
    entry = journal.history(window).get()
    assert (entry.verb, entry.details["terms"]["load"], entry.details["added"]) == ("assign_all", 2, 1)
    assert set(journal.history(file).values_list("verb", flat=True)) == {"start_review", "assign_reviewers"}


def test_only_a_juror_has_a_profile(officer):
    empty = {"themes": [], "publics": [], "regions": [], "commune": None, "expertise": "", "wanted_load": None}
    with pytest.raises(Refused):
        actions.save_profile(factories.membership(Role.CHAIR), sirens=[], **empty, by=officer)
    with pytest.raises(ValueError, match="SIREN"):
        actions.save_profile(factories.membership(Role.JUROR), sirens=["1"], **empty, by=officer)
