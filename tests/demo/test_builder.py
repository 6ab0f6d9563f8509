"""A small edition played through the actions, as the whole one is."""

from collections import Counter

import pytest
from django.core.management import call_command
from django.db.models import Sum

from terreau.accounts.models import Role, User
from terreau.calls.models import Call, Window
from terreau.core.models import Entry, Mail
from terreau.demo import builder
from terreau.demo.accounts import ACCOUNTS, PASSWORD
from terreau.demo.edition import Size
from terreau.demo.places import places
from terreau.projects.lifecycle import FILED, State
from terreau.projects.models import Application, Submission
from terreau.selection import queries
from terreau.selection.lifecycle import ReviewState
from terreau.selection.models import JurorProfile, Letter, Review
from terreau.territories.models import Level, Territory

SMALL = Size(filed=14, selected=3, granted_cents=30_000_000, participants=900, ineligible=2, drafts=2, jurors=10)


def geography():
    """The places of the demonstration at every level, without shapes."""
    made = {}
    for level, codes in {
        Level.REGION: {p.region for p in places()},
        Level.DEPARTEMENT: {p.departement for p in places()},
        Level.EPCI: {p.epci for p in places()} - {""},
    }.items():
        rows = [Territory(level=level, code=code, name=f"{level} {code}") for code in sorted(codes)]
        made[level] = {t.code: t for t in Territory.objects.bulk_create(rows)}
    Territory.objects.bulk_create(
        Territory(
            level=Level.COMMUNE,
            code=p.code,
            name=p.name,
            population=p.population,
            region=made[Level.REGION][p.region],
            departement=made[Level.DEPARTEMENT][p.departement],
            epci=made[Level.EPCI].get(p.epci),
        )
        for p in places()
    )


@pytest.fixture
def demonstration(db, settings, tmp_path):
    settings.HOME = tmp_path
    geography()
    told = []
    builder.build(lambda label, share: told.append((label, share)), size=SMALL, scale=0.3)
    return told


def test_a_small_demonstration_keeps_its_promises(demonstration):
    past, now = Call.objects.get(edition=2025), Call.objects.get(edition=2026)
    filed = past.applications.filter(state__in=FILED)
    assert filed.count() == 14
    assert Counter(filed.values_list("state", flat=True))[State.SELECTED] == 3
    assert filed.aggregate(total=Sum("granted_cents"))["total"] == 30_000_000
    assert not filed.filter(state=State.SELECTED, announced_at=None).exists()
    assert all(queries.envelope(w).remaining_cents == 0 for w in Window.objects.filter(call=past))
    assert {a.state for a in now.applications.all()} >= {
        State.DRAFT, State.SUBMITTED, State.INCOMPLETE, State.INELIGIBLE, State.ADMITTED, State.IN_REVIEW,
    }  # fmt: skip
    shares = [share for _label, share in demonstration]
    assert shares == sorted(shares)
    assert shares[-1] == 1.0
    each_step_left_its_date_and_its_trace(past)
    visitors_can_sign_in()
    nothing_leaves()
    jurors_are_known(now)


def each_step_left_its_date_and_its_trace(past):
    for window in past.windows.all():
        for submission in Submission.objects.filter(application__window=window, number=1):
            assert window.opens_at <= submission.at <= window.deadline
    assert {r.rendered_at.year for r in Review.objects.filter(state=ReviewState.DONE, application__call=past)} == {2025}
    assert not Entry.objects.filter(at__lt=past.created_at.replace(day=1)).exists()
    reviews = Counter(Review.objects.filter(application__call=past, state=ReviewState.DONE).values_list("application"))
    assert set(reviews.values()) == {3}


def jurors_are_known(call):
    """Each has a profile whose words are those of the calls, so that a file meets jurors who suit it more or less."""
    rules = call.rules
    for profile in JurorProfile.objects.prefetch_related("regions"):
        assert set(profile.themes) <= {choice.key for choice in rules.themes}
        assert set(profile.publics) <= {choice.key for choice in rules.publics}
        assert profile.commune.region in profile.regions.all()
        assert profile.expertise
    assert JurorProfile.objects.count() == SMALL.jurors
    affinity = queries.assignment_instance(call.windows.first(), queries.Terms(reviews=2)).instance.affinity
    assert affinity.std() > 0.05


def visitors_can_sign_in():
    for account in ACCOUNTS:
        visitor = User.objects.get(email=account.email)
        assert visitor.check_password(PASSWORD)
        assert roles_of(account.key) <= {m.role for m in visitor.active_memberships}


def roles_of(key):
    return {
        "programme": {Role.OFFICER},
        "delegation": {Role.DELEGATE},
        "jury": {Role.JUROR},
        "presidence": {Role.CHAIR},
        "administration": {Role.ADMINISTRATOR},
        "porteuse": {Role.HOLDER},
        "redaction": {Role.HOLDER},
        "lecture": {Role.HOLDER},
        "entreprise": {Role.CONTACT},
        "mentor": {Role.MENTOR},
        "participante": set(),
    }[key]


def nothing_leaves():
    assert not Mail.objects.exclude(state=Mail.State.SENT).exists()
    assert Letter.objects.count() == 12


def test_it_is_built_once_and_not_over_other_data(db, settings, tmp_path):
    from factories import call

    settings.HOME = tmp_path
    call()
    with pytest.raises(Exception, match="une base à elle"):
        call_command("build_demo")
    assert not Application.objects.exists()
    assert not builder.already_built()
