"""How solid a selection is: computed aside, told as it comes, kept; jurors one by one for the chair alone."""

from datetime import timedelta

import pytest
from django.utils import timezone
from tests import factories
from tests.web.office.room.setting import HTMX, at, run, text

from terreau.accounts.models import Role
from terreau.projects.lifecycle import State
from terreau.selection import queries
from terreau.selection.lifecycle import AnalysisKind, ReviewState
from terreau.selection.models import Analysis, Review

pytestmark = pytest.mark.django_db


def test_redraws_are_computed_aside_told_as_they_come_and_kept(
    client, chair, window, files, django_capture_on_commit_callbacks
):
    scenario, address = run(window, chair), at("committee-robustness", window)
    with django_capture_on_commit_callbacks() as waiting:
        page = text(client.get(address))
        assert "Le calcul commence dans un instant" in page
        assert 'hx-trigger="load delay:1s"' in page
        assert "Recharger la page" in page
        client.get(address, **HTMX)
    assert len(waiting) == len(AnalysisKind)
    Analysis.objects.filter(kind="redraws").update(state="running", done=4000, total=10_000)
    assert "4\xa0000 tirages sur 10\xa0000" in text(client.get(address, **HTMX)).replace("\u202f", "\xa0")
    Analysis.objects.update(state="queued")
    for callback in waiting:
        callback()
    part = text(client.get(address, **HTMX))
    assert "<html" not in part
    assert "hx-trigger" not in part
    assert "10\xa0000 fois" in part.replace("\u202f", "\xa0")
    assert "solide<" in text(client.get(at("committee-room", window)))
    found = queries.robustness(scenario)
    assert found == queries.robustness_at_hand(scenario)


def test_what_failed_is_asked_again(client, chair, window, files, monkeypatch, django_capture_on_commit_callbacks):
    run(window, chair)
    address = at("committee-robustness", window)
    monkeypatch.setattr(queries, "robustness", lambda *_: 1 / 0)
    with django_capture_on_commit_callbacks(execute=True):
        client.get(address)
    assert "Ce calcul s’est arrêté" in text(client.get(address))
    monkeypatch.undo()
    with django_capture_on_commit_callbacks(execute=True):
        client.post(address)
    assert "000 fois" in text(client.get(address))


def test_what_a_dead_worker_left_is_taken_up_again(client, chair, window, files, django_capture_on_commit_callbacks):
    run(window, chair)
    address = at("committee-robustness", window)
    client.get(address)
    Analysis.objects.update(state="running", touched_at=timezone.now() - timedelta(hours=1))
    with django_capture_on_commit_callbacks(execute=True):
        client.get(address)
    assert set(Analysis.objects.values_list("state", flat=True)) == {"done"}


def test_without_each_juror_for_the_chair_alone(client, chair, window, django_capture_on_commit_callbacks):
    lone, others = factories.membership(Role.JUROR), [factories.membership(Role.JUROR) for _n in range(3)]
    made = [factories.application(of=window.call, state=State.IN_REVIEW, region=factories.region()) for _n in range(4)]
    for file, score in zip(made, (80.0, 70.0, 60.0, 50.0), strict=True):
        for juror in others:
            Review.objects.create(application=file, juror=juror, state=ReviewState.DONE, total=score)
    for file, score in ((made[1], 20.0), (made[2], 100.0)):
        Review.objects.create(application=file, juror=lone, state=ReviewState.DONE, total=score)
    scenario, address = run(window, chair), at("committee-robustness", window)
    assert made[2].reference in scenario.outcome["granted"]
    officer = factories.membership(Role.OFFICER)
    with django_capture_on_commit_callbacks(execute=True):
        client.get(address)
    page = text(client.get(address))
    table = page[page.index("Sans les lectures de") :]
    assert str(lone.user) in table
    assert f"{made[1].title} ({made[1].reference})" in table
    assert f"{made[2].title} ({made[2].reference})" in table
    client.force_login(officer.user)
    page = text(client.get(address))
    assert str(lone.user) not in page
    assert "Sans les lectures de" not in page
    Review.objects.filter(juror=others[0]).first().delete()
    client.force_login(chair.user)
    page = text(client.get(address))
    assert str(lone.user) not in page
    assert "Membre n° " in page


def test_rates_by_group_claim_nothing_on_few_files(client, chair, window, files):
    run(window, chair)
    page = text(client.get(at("committee-robustness", window)))
    assert "trop peu de dossiers pour conclure" in page
    assert "Grand Est" in page
