"""The office follows: lists by région, a report beside its plan, visits, parameters, the end of the money."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from tests import factories
from tests.funding import reported

from terreau.accounts.models import Role
from terreau.funding.actions import reports as actions
from terreau.funding.lifecycle import ReportState
from terreau.funding.models import Clawback, Report, ReportingRules
from terreau.funding.queries import reports as queries

pytestmark = pytest.mark.django_db


def sent(agreement, kind="milestone", **figures):
    report = agreement.reports.select_related("agreement__application").get(kind=kind)
    by = agreement.application.collaborators.get().membership.user
    actions.open_report(report, by=by)
    texts = {s.key: ("Deux ateliers.", None) for s in queries.rules_of(report).asked(kind)}
    people = ({c.public: "3" for c in report.counts.all()}, None)
    actions.save(report, texts | {"_figures": (reported.told(report, **figures), None), "_participants": people}, by=by)
    actions.submit(report, by=by)
    return report


@pytest.fixture
def officer(client):
    client.force_login(factories.person(Role.OFFICER))
    return client


@pytest.mark.parametrize("number", [1, 3])
def test_reports_to_read_in_a_constant_number_of_queries(officer, django_assert_num_queries, number):
    for _ in range(number):
        sent(reported.agreement())
    where = reverse("office:follow")
    officer.get(where)
    with django_assert_num_queries(7):
        page = officer.get(where)
    assert len(page.context["rows"]) == number


@pytest.mark.parametrize("number", [1, 3])
def test_projects_at_risk_in_a_constant_number_of_queries(officer, django_assert_num_queries, number):
    today = timezone.localdate()
    for _ in range(number):
        agreement = reported.agreement(starts_on=today - timedelta(300), ends_on=today + timedelta(60))
        sent(agreement, l1="0", l2="100")
    where = reverse("office:follow-risks")
    officer.get(where)
    with django_assert_num_queries(10):
        page = officer.get(where)
    assert len(page.context["page"]) == number
    assert [r.kind for r in page.context["page"][0].risks] == ["spending", "visit", "participants"]


def test_a_delegate_follows_their_regions_only_and_never_settles_a_grant(client):
    here, there = factories.region(), factories.region("53", "Bretagne")
    client.force_login(factories.person(Role.DELEGATE, regions=[here]))
    mine, other = sent(reported.agreement(region=here), "final"), sent(reported.agreement(region=there))
    page = client.get(reverse("office:follow"))
    assert [row["report"] for row in page.context["rows"]] == [mine]
    assert client.get(reverse("office:follow-report", args=[other.pk])).status_code == 404
    shown = client.get(reverse("office:follow-report", args=[mine.pk]))
    assert shown.context["may"] == {"return": True, "accept": False}
    assert client.post(shown.wsgi_request.path, {"verb": "accept"}).status_code == 403


def test_filters_by_stage_kind_and_region(officer):
    agreement = reported.agreement(region=factories.region("53", "Bretagne"))
    sent(agreement)
    Report.objects.filter(kind="final").update(due_on=timezone.localdate() - timedelta(3))
    where = reverse("office:follow")

    def listed(query):
        return [row["report"].kind for row in officer.get(where + query).context["rows"]]

    assert listed("?etat=en-retard") == ["final"]
    assert listed("?etat=attendus&nature=follow_up") == ["follow_up", "follow_up"]
    assert listed("?etat=tous&region=44") == []
    assert listed("?etat=inconnu") == ["milestone"]


def test_an_officer_sends_back_with_a_message_and_sees_what_is_wrong(officer):
    report = sent(reported.agreement())
    where = reverse("office:follow-report", args=[report.pk])
    page = officer.get(where).content.decode()
    assert "Deux ateliers." in page
    assert "3 pour 40 attendus" in page
    assert officer.post(where, {"verb": "return", "message": ""}).status_code == 422
    wrong = officer.post(where, {"verb": "accept", "refused-l1": "beaucoup", "reason-l1": "Motif"})
    assert "n’est pas un montant" in wrong.content.decode()
    assert 'value="beaucoup"' in wrong.content.decode()
    assert officer.post(where, {"verb": "return", "message": "Et les comptes ?"}).status_code == 302
    report.refresh_from_db()
    assert report.state == ReportState.RETURNED


def test_the_balance_is_shown_before_anybody_decides(officer):
    told = {"l1": "17600", "l2": "70400", "l5": "42800"}
    report = sent(reported.agreement(), "final", **told, **{f"{key}-why": "Expliqué." for key in told})
    page = officer.get(reverse("office:follow-report", args=[report.pk]))
    assert page.context["balance"].due == 3_520_000
    assert "35\u00a0200\u00a0€" in page.content.decode()


def test_a_visit_is_noted_or_refused_with_a_reason(client):
    here = factories.region()
    agreement = reported.agreement(region=here)
    client.force_login(factories.person(Role.DELEGATE, regions=[here]))
    where = reverse("office:follow-project", args=[agreement.application.reference])
    said = {"on": timezone.localdate().isoformat(), "met": "La directrice", "note": "Un lieu ouvert."}
    early = client.post(where, said | {"on": "2099-01-01"})
    assert "une fois faite" in early.content.decode()
    assert client.post(where, said).status_code == 302
    assert "Un lieu ouvert." in client.get(where).content.decode()


def test_parameters_are_dated_and_what_cannot_hold_is_told(officer):
    where = reverse("office:follow-rules")
    form = officer.get(where).context["form"]
    said = {name: bound.initial for name, bound in form.fields.items()} | form.initial
    said |= {
        "applies_from": "2026-01-01",
        "source": "Délibération du 4 mai",
        "final_months": "3",
        "explain_cents": "500",
        "questions-TOTAL_FORMS": "0",
        "questions-INITIAL_FORMS": "0",
    }
    wrong = officer.post(where, said | {"final_months": "cent", "remind_days": "1, deux"})
    assert set(wrong.context["form"].errors) == {"final_months", "remind_days"}
    assert officer.post(where, said).status_code == 302
    rules = ReportingRules.objects.get()
    assert (rules.values["final_months"], rules.values["explain_cents"]) == (3, 50_000)


def test_the_questions_of_the_reports_are_the_funders(officer):
    where = reverse("office:follow-rules")
    page = officer.get(where)
    form, questions = page.context["form"], page.context["questions"]
    said = {name: bound.initial for name, bound in form.fields.items()} | form.initial
    said |= {"applies_from": timezone.localdate().isoformat(), "source": "Comité de mai"}
    said |= {"questions-TOTAL_FORMS": len(questions.forms), "questions-INITIAL_FORMS": 8}
    for n, question in enumerate(questions.initial):
        said |= {f"questions-{n}-{name}": value for name, value in question.items()}
    said |= {"questions-0-title": "", "questions-8-title": "Les alliances nouées"}
    refused = officer.post(where, said)
    assert refused.status_code == 422
    assert "Cochez au moins un rapport." in refused.content.decode()
    assert officer.post(where, said | {"questions-8-kinds": ["final"]}).status_code == 302
    asked = queries.rules_on(ReportingRules.objects.get().funder_id, timezone.localdate()).sections
    assert [section.key for section in asked][:2] == ["participants", "results"]
    assert (asked[-1].key, asked[-1].title, asked[-1].kinds) == (
        "q-les-alliances",
        "Les alliances nouées",
        ("final",),
    )


def test_a_claim_is_settled_by_a_question_and_its_answer(officer):
    agreement = reported.agreement()
    clawback = Clawback.objects.create(
        agreement=agreement, amount_cents=100_000, reason="Trop versé.", due_on=timezone.localdate()
    )
    where = reverse("office:follow-recover", args=[clawback.pk])
    assert "Trop versé." in officer.get(where).content.decode()
    refused = officer.post(where, {"amount": "2000", "on": timezone.localdate().isoformat()})
    assert refused.status_code == 422
    assert "1\u00a0000\u00a0€" in refused.content.decode()
    close = officer.post(reverse("office:follow-close", args=[agreement.application.reference]), follow=True)
    assert "Le bilan final n’est pas accepté." in close.content.decode()
