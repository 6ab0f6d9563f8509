"""Handing in: complete, in time, frozen for good."""

import hashlib
from datetime import timedelta

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.utils import timezone
from tests import factories

from terreau.core.models import Mail
from terreau.core.moves import WrongMoment
from terreau.projects import actions, queries
from terreau.projects.models import Submission

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


def pdf(name="statuts.pdf", content=PDF):
    return SimpleUploadedFile(name, content, content_type="application/pdf")


@pytest.fixture
def owner():
    return factories.membership()


@pytest.fixture
def draft(owner):
    return actions.start(factories.call(), owner.organisation, by=owner.user, membership=owner)


def fill(draft, by):
    """Everything that the call of the factories asks."""
    factories.region()
    answers = {
        "title": "Boostes Ton Job",
        "summary": "Des visites d’entreprises pour retrouver un emploi près de chez soi.",
        "kind": "pilot",
        "domain": "inclusion",
        "themes": ["mentoring"],
        "publics": {"cadre": 40},
        "territories": ["region:44"],
        "need": "Trop peu d’offres visibles.",
    }
    actions.save_answers(draft, {k: (v, None) for k, v in answers.items()}, by=by)
    lines = [
        {"rubric": "64", "label": "Salaires", "amount_cents": 2_000_000},
        {"rubric": "74", "label": "Ce financeur", "amount_cents": 1_000_000, "status": "sought", "requested": True},
        {"rubric": "74", "label": "Région", "amount_cents": 1_000_000, "status": "obtained"},
    ]
    actions.save_budget(draft, lines, by=by)
    actions.add_document(draft, "statutes", pdf(), by=by)
    return draft


def test_everything_missing_is_told_with_its_step(draft):
    steps = {(m.step, m.key) for m in queries.missing(draft)}
    wanted = {("project", "title"), ("section-project", "need"), ("budget", "balanced"), ("documents", "statutes")}
    assert steps >= wanted | {("territory", "territories"), ("publics", "publics")}
    with pytest.raises(actions.NotReady):
        actions.submit(draft, by=None)
    draft.refresh_from_db()
    assert draft.state == "draft"


def test_a_complete_file_is_frozen_with_its_digest(draft, owner, django_capture_on_commit_callbacks):
    fill(draft, owner.user)
    assert queries.missing(draft) == []
    with django_capture_on_commit_callbacks(execute=True):
        submission = actions.submit(draft, by=owner.user)
    assert (draft.state, submission.number) == ("submitted", 1)
    kept = Submission.objects.get(pk=submission.pk)
    assert hashlib.sha256(queries.canonical(kept.content)).hexdigest() == kept.digest
    assert kept.content["budget"][0]["amount_cents"] == 2_000_000
    assert kept.content["sections"][0]["answers"][0]["text"] == "Trop peu d’offres visibles."
    assert kept.content["documents"][0]["digest"] == hashlib.sha256(PDF).hexdigest()
    letter = Mail.objects.get(key__startswith="submission-")
    assert letter.to == owner.user.email
    assert kept.digest in letter.body
    assert all(check.ok for check in queries.checks(draft) if check.key != "eligibility:seat")


@pytest.mark.parametrize("change", [{"digest": "0" * 64}, {"number": 9}, {"content": {}}])
def test_what_was_handed_in_never_changes(draft, owner, change):
    fill(draft, owner.user)
    submission = actions.submit(draft, by=owner.user)
    with pytest.raises(IntegrityError), transaction.atomic():
        Submission.objects.filter(pk=submission.pk).update(**change)
    with pytest.raises(IntegrityError), transaction.atomic():
        Submission.objects.filter(pk=submission.pk).delete()
    Submission.objects.filter(pk=submission.pk).update(by=None)  # an erased account leaves the snapshot as it is


def test_the_deadline_is_the_servers_to_the_second(draft, owner):
    fill(draft, owner.user)
    deadline = draft.window.deadline
    with time_machine.travel(deadline + timedelta(seconds=1), tick=False), pytest.raises(actions.TooLate):
        actions.submit(draft, by=owner.user)
    draft.refresh_from_db()
    assert draft.state == "draft"
    assert not Submission.objects.exists()
    with time_machine.travel(deadline, tick=False):
        assert actions.submit(draft, by=owner.user).number == 1


def test_a_file_that_the_office_reopened_is_not_late(draft, owner):
    fill(draft, owner.user)
    actions.submit(draft, by=owner.user)
    actions.reopen(draft, reason="Une pièce illisible", by=None)
    with time_machine.travel(draft.window.deadline + timedelta(days=3), tick=False):
        assert actions.submit(draft, by=owner.user).number == 2
    assert [s.number for s in draft.submissions.all()] == [2, 1]


def test_handing_in_twice_is_refused(draft, owner):
    fill(draft, owner.user)
    actions.submit(draft, by=owner.user)
    with pytest.raises(WrongMoment):
        actions.submit(draft, by=owner.user)


def test_completing_freezes_the_file_again(draft, owner):
    fill(draft, owner.user)
    actions.submit(draft, by=owner.user)
    actions.ask_for_missing(
        draft, items=["Statuts"], message="Illisible", due_on=timezone.localdate() + timedelta(10), by=None
    )
    actions.add_document(draft, "statutes", pdf("nouveaux statuts.pdf"), by=owner.user)
    submission = actions.send_back(draft, by=owner.user)
    assert (draft.state, submission.number) == ("submitted", 2)
    assert len(submission.content["documents"]) == 2
    assert draft.missing_requests.get().answered_at


def test_withdrawing(draft, owner):
    actions.withdraw(draft, by=owner.user, reason="Projet abandonné")
    assert draft.state == "withdrawn"
    assert queries.history(draft)[0].detail == "Projet abandonné"


@pytest.mark.parametrize(
    ("upload", "why"),
    [
        (pdf(content=b""), "vide"),
        (pdf("page.pdf", b"<!doctype html><script>alert(1)</script>"), "type"),
        (pdf("gros.pdf", PDF + b"0" * 2000), "dépasse"),
    ],
)
def test_a_wrong_upload_is_refused_in_words(draft, owner, settings, upload, why):
    settings.UPLOAD_LIMIT = 1000
    with pytest.raises(ValueError, match=why):
        actions.add_document(draft, "statutes", upload, by=owner.user)
    assert not draft.documents.exists()


def test_a_document_taken_out_no_longer_counts(draft, owner):
    fill(draft, owner.user)
    actions.remove_document(draft.documents.get(), by=owner.user)
    assert [m.key for m in queries.missing(draft)] == ["statutes"]
