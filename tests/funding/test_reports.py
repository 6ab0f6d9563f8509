"""A report from its opening to its sending: what it starts from, how it is saved, what it must say."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from tests import factories
from tests.funding import reported

from terreau.accounts.models import Role
from terreau.core import journal
from terreau.core.moves import WrongMoment
from terreau.funding.actions import reports as actions
from terreau.funding.actions.calendar import keep_calendar
from terreau.funding.lifecycle import AgreementState, ReportState
from terreau.funding.models import Report, ReportingRules
from terreau.funding.queries import reports as queries
from terreau.projects import queries as projects

pytestmark = pytest.mark.django_db


@pytest.fixture
def report():
    return reported.report()


@pytest.fixture
def by(report):
    return report.agreement.application.collaborators.get().membership.user


def fill(report, by, **figures):
    """Everything that a report needs."""
    actions.open_report(report, by=by)
    texts = {s.key: (f"Texte de {s.key}.", None) for s in queries.rules_of(report).asked(report.kind)}
    people = {c.public: "12" for c in report.counts.all()}
    changes = {"_figures": (reported.told(report, **figures), None), "_participants": (people, None)}
    actions.save(report, texts | (changes if queries.has_figures(report) else {}), by=by)
    report.refresh_from_db()


def test_the_calendar_of_an_agreement_is_kept_once(report):
    agreement = report.agreement
    dates = [(r.kind, r.due_on) for r in agreement.reports.all()]
    assert dates == [
        ("milestone", date(2026, 6, 1)),
        ("final", date(2027, 6, 30)),
        ("follow_up", date(2027, 6, 30)),
        ("follow_up", date(2027, 12, 31)),
    ]
    assert agreement.reports.get(kind="milestone").instalment.number == 2
    assert keep_calendar(agreement, by=None) == []
    assert journal.history(agreement).filter(verb="keep_calendar").count() == 1


def test_a_longer_project_moves_its_dates_and_a_terminated_one_owes_nothing(report):
    agreement = report.agreement
    agreement.ends_on = date(2027, 3, 31)
    agreement.save()
    changed = keep_calendar(agreement, by=None)
    assert {(r.kind, r.due_on) for r in changed} == {
        ("final", date(2027, 9, 30)),
        ("follow_up", date(2027, 9, 30)),
        ("follow_up", date(2028, 3, 31)),
    }
    agreement.state = AgreementState.TERMINATED
    agreement.save()
    keep_calendar(agreement, by=None)
    assert set(agreement.reports.values_list("state", flat=True)) == {ReportState.CANCELLED}


def test_a_funder_sets_its_own_rules_from_a_day_on(report):
    funder = report.agreement.application.call.funder
    ReportingRules.objects.create(funder=funder, applies_from=date(2020, 1, 1), values={"final_months": 3})
    ReportingRules.objects.create(funder=funder, applies_from=date(2090, 1, 1), values={"final_months": 1})
    keep_calendar(report.agreement, by=None)
    report.refresh_from_db()
    assert report.due_on == date(2027, 3, 31)


def test_a_report_opens_with_what_is_known(report, by):
    actions.open_report(report, by=by)
    report.refresh_from_db()
    assert report.state == ReportState.DRAFT
    lines = [(x.rubric, x.planned_cents, x.actual_cents, x.status, x.ours) for x in queries.lines(report)]
    assert lines[:4] == [
        ("60", 2_000_000, None, "", False),
        ("64", 8_000_000, None, "", False),
        ("70", 1_000_000, None, "", False),
        ("74", 4_000_000, 0, "", True),
    ]
    assert ("74", 5_000_000, None, "obtained", False) in lines
    assert [(c.public, c.expected) for c, _label in queries.counts(report)] == [("cadre", 40), ("firm", 10)]
    actions.open_report(report, by=by)
    assert report.lines.count() == 7
    assert journal.history(report).count() == 1


def test_the_final_report_takes_over_what_the_milestone_told(report, by):
    milestone = report.agreement.reports.get(kind="milestone")
    fill(milestone, by, l1="7000", x1="300", **{"x1-rubric": "62", "x1-label": "Transports"})
    actions.submit(milestone, by=by)
    actions.open_report(report, by=by)
    told = {x.label: x.actual_cents for x in queries.lines(report)}
    assert told["Achats"] == 700_000
    assert told["Transports"] == 30_000
    assert queries.answers(report)["activities"].value == "Texte de activities."
    assert "next" not in queries.answers(report)
    assert {c.reached for c, _label in queries.counts(report)} == {12}
    assert {m.step for m in queries.missing(report)} == {"texte", "chiffres"}


def test_two_people_write_at_once_and_nothing_is_lost(report, by):
    actions.open_report(report, by=by)
    other = factories.user()
    actions.save(report, {"_figures": ({"l1": "100"}, 0)}, by=by)
    version = queries.answers(report)["_figures"].version
    actions.save(report, {"_figures": ({"l1": "100", "l2": "200"}, version)}, by=by)
    (saved,) = actions.save(report, {"_figures": ({"l1": "150"}, version)}, by=other)
    assert saved.status == "merged"
    assert {x.key: x.actual_cents for x in queries.lines(report) if x.key in {"l1", "l2"}} == {
        "l1": 15_000,
        "l2": 20_000,
    }
    actions.save(report, {"activities": ("Un texte.", 0)}, by=by)
    (saved,) = actions.save(report, {"activities": ("Un autre.", 0)}, by=other)
    assert saved.status == "conflict"
    assert "choix" in {m.step for m in queries.missing(report)}
    revision = projects.unmerged(report.agreement.application, report.prefix).get()
    assert not projects.unmerged(report.agreement.application).exists()
    actions.reconcile(report, revision, "Les deux.", base=saved.version, by=by)
    assert queries.answers(report)["activities"].value == "Les deux."


def test_an_amount_that_cannot_be_read_stays_as_typed_and_is_told(report, by):
    fill(report, by, l1="vingt")
    assert queries.answers(report)["_figures"].value["l1"] == "vingt"
    with pytest.raises(actions.NotReady) as refused:
        actions.submit(report, by=by)
    assert [(m.anchor, m.detail) for m in refused.value.args[0]] == [("line-l1", "« vingt » n’est pas un montant.")]


def test_a_line_that_nobody_planned_comes_and_goes(report, by):
    actions.open_report(report, by=by)
    typed = reported.told(report, x1="500", **{"x1-rubric": "62", "x1-label": "Traduction"})
    actions.save(report, {"_figures": (typed, None)}, by=by)
    assert report.lines.get(key="x1").actual_cents == 50_000
    actions.save(report, {"_figures": (reported.told(report), None)}, by=by)
    assert not report.lines.filter(key="x1").exists()


def test_a_gap_of_twelve_per_cent_is_explained_before_the_final_report_leaves(report, by):
    fill(report, by, l1="17600", l2="70400")
    with pytest.raises(actions.NotReady) as refused:
        actions.submit(report, by=by)
    assert [m.label for m in refused.value.args[0]] == ["60 Achats", "64 Personnel"]
    why = {"l1-why": "Moins de déplacements.", "l2-why": "Un poste vacant deux mois."}
    actions.save(report, {"_figures": (reported.told(report, l1="17600", l2="70400", **why), None)}, by=by)
    submission = actions.submit(report, by=by)
    assert submission.digest == projects.digest(submission.content)
    assert report.state == ReportState.SUBMITTED
    assert [x["explanation"] for x in submission.content["lines"][:2]] == list(why.values())
    with pytest.raises(WrongMoment):
        actions.save(report, {"activities": ("Trop tard.", None)}, by=by)
    with pytest.raises(IntegrityError), transaction.atomic():
        report.submissions.update(digest="1" * 64)


def test_a_milestone_shows_its_gaps_and_explains_none(by, report):
    milestone = report.agreement.reports.get(kind="milestone")
    fill(milestone, by, l1="100", l2="100")
    assert queries.missing(milestone) == []


def test_a_follow_up_is_told_in_words(report, by):
    follow = report.agreement.reports.get(kind="follow_up", number=6)
    fill(follow, by)
    assert follow.lines.count() == 0
    assert actions.submit(follow, by=by).number == 1


def test_what_a_report_keeps_stays_out_of_the_application(report, by):
    fill(report, by)
    pdf = SimpleUploadedFile("liste.pdf", b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n")
    document = actions.attach(report, pdf, by=by)
    application = report.agreement.application
    assert list(queries.attachments(report)) == [document]
    assert not projects.papers(application).exists()
    assert not [key for key in projects.answers(projects.loaded(application)) if "/" in key]
    actions.detach(report, document, by=by)
    assert not queries.attachments(report).exists()


def test_a_question_that_is_not_asked_and_a_count_that_is_none(report, by):
    actions.open_report(report, by=by)
    with pytest.raises(ValueError, match="pas posée"):
        actions.save(report, {"since": ("Texte", None)}, by=by)
    actions.save(report, {"_participants": ({"cadre": "beaucoup", "firm": "1 200"}, None)}, by=by)
    assert {c.public: c.reached for c in report.counts.all()} == {"cadre": None, "firm": 1200}


def test_reports_exist_for_living_agreements_only(report):
    files = projects.for_holder(report.agreement.application.collaborators.get().membership.user)
    assert queries.reports_of(files).count() == 4
    assert not queries.reports_of(projects.for_holder(factories.person(Role.HOLDER))).exists()
    Report.objects.filter(pk=report.pk).update(state=ReportState.CANCELLED)
    assert queries.reports_of(files).count() == 3
