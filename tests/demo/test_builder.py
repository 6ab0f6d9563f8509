"""A small edition played through the actions, as the whole one is."""

from collections import Counter
from dataclasses import replace
from functools import partial

import pytest
from django.core.management import call_command
from django.db.models import Sum
from django.utils import timezone
from stdnum import iban
from tests.engagement import stock as files

from terreau.accounts.models import Invitation, Organisation, Role, User
from terreau.calls.models import Call, Window
from terreau.core.models import Entry, Mail
from terreau.demo import builder
from terreau.demo.accounts import ACCOUNTS, PASSWORD
from terreau.demo.before import SIZE
from terreau.demo.builder import firms, play
from terreau.demo.builder.cast import COMPANY
from terreau.demo.edition import Size
from terreau.demo.places import places
from terreau.engagement.lifecycle import CommitmentState, Form
from terreau.engagement.models import BarometerEdition, Commitment, CompanyProfile, Gift, Proposal, Receipt, Work
from terreau.engagement.queries import commitments as engaged
from terreau.engagement.queries.matching import supported
from terreau.engagement.queries.needs import needs_of
from terreau.engagement.reference import directory, stock
from terreau.engagement.reference.home import folder
from terreau.funding.lifecycle import (
    SOURCES,
    Account,
    AgreementState,
    AmendmentState,
    ClawbackState,
    InstalmentState,
    PaymentState,
    ReportState,
    RunState,
)
from terreau.funding.models import (
    Agreement,
    Amendment,
    BankAccount,
    Clawback,
    Instalment,
    Payment,
    PaymentRun,
    Report,
    Signature,
    Visit,
)
from terreau.funding.queries import balances
from terreau.funding.queries.published import grants
from terreau.funding.queries.reconciliation import Tally, differences
from terreau.funding.queries.reports import is_late
from terreau.projects.lifecycle import FILED, State
from terreau.projects.models import Application, Submission
from terreau.selection import queries
from terreau.selection.lifecycle import ReviewState
from terreau.selection.models import JurorProfile, Letter, Review
from terreau.territories.models import Level, Territory
from terreau.web.member.views import identity
from terreau.web.office.basin import national

SMALL = Size(filed=20, selected=11, granted_cents=110_000_000, participants=3_300, ineligible=2, drafts=2, jurors=10)
BEFORE = replace(SIZE, filed=6, selected=3, granted_cents=21_000_000, participants=800, ineligible=1)
LISTED = 900  # firms of the directory
MONEY = set(Account) - SOURCES - {Account.REQUESTED}  # where the money of an envelope may stand


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
            latitude=43 + rank % 60 / 10,
            longitude=rank % 70 / 10,
        )
        for rank, p in enumerate(places())
    )


@pytest.fixture
def demonstration(db, settings, tmp_path):
    settings.HOME = tmp_path
    geography()
    told = []
    show = lambda label, share: told.append((label, share))  # noqa: E731
    builder.build(show, size=SMALL, earlier=BEFORE, scale=0.3, in_directory=LISTED)
    return told


def test_a_small_demonstration_keeps_its_promises(demonstration):
    past, now = Call.objects.get(edition=2025), Call.objects.get(edition=2026)
    filed = past.applications.filter(state__in=FILED)
    assert filed.count() == 20
    assert Counter(filed.values_list("state", flat=True))[State.SELECTED] == 11
    assert filed.aggregate(total=Sum("granted_cents"))["total"] == 110_000_000
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
    projects_live_on(past)
    the_edition_before_is_over()
    the_money_adds_up()
    firms_keep_their_promises()
    firms_are_committed()
    the_directory_is_loaded_around_the_projects()


def each_step_left_its_date_and_its_trace(past):
    for window in past.windows.all():
        for submission in Submission.objects.filter(application__window=window, number=1):
            assert window.opens_at <= submission.at <= window.deadline
    assert {r.rendered_at.year for r in Review.objects.filter(state=ReviewState.DONE, application__call=past)} == {2025}
    assert Entry.objects.order_by("at")[0].at.year == 2023
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


def projects_live_on(call):
    """Every agreement of the edition is signed; each turn that an office meets is there, told at a past date."""
    ours = Agreement.objects.filter(application__call=call)
    assert Counter(ours.values_list("state", flat=True)) == {AgreementState.SIGNED: 10, AgreementState.TERMINATED: 1}
    assert {a.state for a in Amendment.objects.all()} == {AmendmentState.SIGNED, AmendmentState.DRAFT}
    reports = Report.objects.filter(agreement__in=ours)
    today = timezone.localdate()
    late = [r for r in reports.select_related("agreement__application") if is_late(r, today)]
    assert "Tremplin vers l’autonomie" in {r.agreement.application.title for r in late}
    assert reports.filter(state=ReportState.SUBMITTED, agreement__application__title="Boostes Ton Job").exists()
    assert Visit.objects.filter(agreement__in=ours).exists()
    assert not Signature.objects.filter(signed_at__gt=timezone.now()).exists()
    assert not Instalment.objects.filter(paid_on__gt=today).exists()
    assert all(a.signed_on > a.application.window.committee_on for a in ours.select_related("application__window"))


def the_edition_before_is_over():
    ours = Agreement.objects.filter(application__call__edition=2024)
    assert {a.state for a in ours} == {AgreementState.CLOSED}
    assert Counter(Report.objects.filter(agreement__in=ours).values_list("kind", "state")) == {
        ("milestone", ReportState.ACCEPTED): 3,
        ("final", ReportState.ACCEPTED): 2,
        ("final", ReportState.PARTIAL): 1,
        ("follow_up", ReportState.ACCEPTED): 6,
    }
    assert Clawback.objects.get(agreement__in=ours).state == ClawbackState.RECOVERED


def the_money_adds_up():
    """To the cent by window; every rejected payment went out again; half of what was claimed of a stopped project."""
    assert list(differences(None, Tally())) == []
    for window in Window.objects.filter(call__edition__lt=2026):
        held = balances(window)
        assert sum(cents for account, cents in held.items() if account in MONEY) == window.envelope_cents
    assert list(differences(None, Tally())) == []
    assert len(list(grants())) == len(list(grants(2025))) + 3 == 14
    rejected = Payment.objects.filter(state=PaymentState.REJECTED)
    assert [p.rejection for p in rejected] == ["compte clos"]
    assert Payment.objects.filter(instalment=rejected[0].instalment, state=PaymentState.SETTLED).count() == 1
    stopped = Clawback.objects.filter(agreement__state=AgreementState.TERMINATED).values_list("state", "amount_cents")
    states, amounts = zip(*stopped, strict=True)
    assert set(states) == {ClawbackState.CLAIMED, ClawbackState.RECOVERED}
    assert amounts[0] == amounts[1]
    assert PaymentRun.objects.latest("pk").state == RunState.PREPARED
    assert Instalment.objects.filter(state=InstalmentState.DUE).count() == 1
    ibans = BankAccount.objects.values_list("iban", flat=True)
    assert all(iban.is_valid(number) and number[4:9] == "99999" for number in ibans)


def nothing_leaves():
    assert not Mail.objects.exclude(state=Mail.State.SENT).exists()
    assert Letter.objects.count() == 23


def test_it_is_built_once_and_not_over_other_data(db, settings, tmp_path):
    from factories import call

    settings.HOME = tmp_path
    call()
    with pytest.raises(Exception, match="une base à elle"):
        call_command("build_demo")
    assert not Application.objects.exists()
    assert not builder.already_built()


def firms_keep_their_promises():
    """Firms near every living project, proposed both ways, a part of it answered."""
    profiles = CompanyProfile.objects.select_related("organisation__commune")
    assert profiles.count() == round(play.FIRMS * 0.3) + 1
    assert all(p.organisation.commune and p.naf and p.size and p.offers for p in profiles)
    assert 0.7 < sum(p.is_listed for p in profiles) / len(profiles) < 1
    living = supported()
    assert all(2 <= project.needs.count() <= 4 for project in living)
    answers = Counter(Proposal.objects.values_list("reader", "answer"))
    assert {reader for reader, _said in answers} == {"company", "project"}
    assert answers["project", ""] > answers["project", "yes"] > 0
    in_force = Receipt.objects.filter(state="issued")
    assert in_force.count() == round(play.FIRMS * 0.3) * firms.RECEIPTS // firms.FIRMS
    for series in Receipt.objects.values_list("issuer", "year").distinct():
        numbers = Receipt.objects.filter(issuer=series[0], year=series[1]).order_by("number")
        assert list(numbers.values_list("number", flat=True)) == list(range(1, numbers.count() + 1))
    assert Gift.objects.filter(confirmed_at=None).exists()
    assert Gift.objects.filter(donor__name=COMPANY, receipts__state="issued").exists()
    assert BarometerEdition.objects.count() == 1


def firms_are_committed():
    """Each firm to one project at least, at every state; dates to come, hours noted, and the visitors see theirs."""
    made = Commitment.objects.select_related("immersion", "company")
    assert made.values("company").distinct().count() == round(play.FIRMS * 0.3) + 1
    assert all(made.filter(state=state).count() >= 5 for state in CommitmentState)
    assert {one.form for one in made} >= {Form.VISIT, Form.MENTORING, Form.IMMERSION, Form.AWARENESS, Form.SKILLS}
    assert made.filter(proposed_by_company=False).count() >= 5
    coming = made.filter(state=CommitmentState.PLANNED, starts_at__gt=timezone.now())
    assert coming.filter(form=Form.VISIT).count() >= 3
    pairs = made.filter(form=Form.MENTORING, state=CommitmentState.PLANNED, starts_at__lt=timezone.now())
    assert any(pair.log.count() > 1 for pair in pairs)
    assert not Work.objects.filter(on__gt=timezone.localdate()).exists()
    assert not Entry.objects.filter(at__gt=timezone.now()).exists()
    assert all(need.answered <= need.wanted for project in supported() for need in needs_of(project))
    own = engaged.of_company(Organisation.objects.get(name=COMPANY))
    assert {one.state for one in own} == set(CommitmentState)
    project = own[0].application
    assert project.title == "Tremplin vers l’autonomie"
    asked = own.get(state=CommitmentState.PROPOSED)
    head, holder, mentor = (
        User.objects.get(email=f"{key}@demo.example") for key in ("entreprise", "porteuse", "mentor")
    )
    assert head.has_perm("engagement.agree_commitment", asked)
    assert holder.has_perm("engagement.acknowledge_commitment", own.get(state=CommitmentState.DONE))
    assert set(own.get(form=Form.MENTORING).log.values_list("logged_by", flat=True)) == {mentor.pk}
    immersion = own.get(form=Form.IMMERSION).immersion
    assert [on is None for on in engaged.signatures(immersion).values()] == [False, True, False]
    assert Mail.objects.filter(key__startswith="commitment:", to=head.email).exists()
    assert not Mail.objects.filter(key__startswith="commitment:").exclude(state=Mail.State.SENT).exists()


def the_directory_is_loaded_around_the_projects():
    """A SIRET fills an identity, with or without an account; each project has firms that no account has, with why."""
    codes = [place.code for place in places()]
    asked = directory.Asked(codes, kind="firm")
    assert LISTED <= directory.count(asked) < LISTED * 1.5
    around = directory.search(asked)
    assert all(one.siren.startswith("999") for one in around)
    unknown = next(one for one in around if not Organisation.objects.filter(siret=one.siret).exists())
    found, _said = identity.looked_up(unknown.siret, "")
    assert found["name"].endswith("FICTIVE)")
    klein, _said = identity.looked_up(Organisation.objects.get(name=COMPANY).siret, "")
    assert (klein["name"], klein["legal_form"]) == (COMPANY, "company")
    invited = Proposal.objects.filter(reader="company", parts={"introduced": True})
    assert {(one.application.title, one.company.name[-8:]) for one in invited} == {
        ("Tremplin vers l’autonomie", "FICTIVE)")
    }
    assert Invitation.objects.filter(organisation__in=invited.values("company")).count() == len(invited) == 2
    accounts = set(Organisation.objects.exclude(siret=None).values_list("siret", flat=True))
    proposed = [national.firms(project, timezone.localdate()) for project in supported()]
    assert sum(map(bool, proposed)) > len(proposed) / 2
    assert not accounts & {row["firm"].siret for rows in proposed for row in rows}
    assert all(row["why"] and row["firm"].name.endswith("FICTIVE)") for rows in proposed for row in rows)


def test_a_directory_that_is_not_ours_is_left_as_it_is(db, settings, tmp_path, monkeypatch):
    """A demonstration built before gets its own; ours is made anew; one real number is enough to leave the rest."""
    settings.HOME, settings.DATA_PACK = tmp_path, None
    geography()
    small = partial(builder.settle_directory, seed=1, number=50)
    monkeypatch.setattr(builder, "already_built", lambda: True)
    monkeypatch.setattr(builder, "settle_directory", lambda tell, **_options: small(tell))
    call_command("build_demo")
    before = folder("companies").resolve(strict=True)
    told = []
    assert small(told.append).places > 50
    assert told == sorted(told)
    assert folder("companies").resolve(strict=True) != before
    stock.load(files.write(tmp_path / "official", "parquet"), lambda _label, _share: None)
    real = folder("companies").resolve(strict=True)
    assert small(told.append) is None
    assert folder("companies").resolve(strict=True) == real
