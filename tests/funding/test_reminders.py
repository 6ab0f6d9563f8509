"""Reminders: before, on the day, late; each once, to whoever writes, in their language."""

from datetime import date, timedelta

import pytest
import time_machine
from tests import factories
from tests.funding import reported

from terreau.accounts.models import Role
from terreau.cli import serving
from terreau.core import journal
from terreau.core.models import Mail
from terreau.funding.actions import reports as actions
from terreau.funding.actions.reminders import remind
from terreau.funding.lifecycle import ReportState
from terreau.projects.models import Collaborator

pytestmark = pytest.mark.django_db


@pytest.fixture
def report():
    return reported.report("milestone", schedule=[("milestone", 800_000, date(2026, 7, 1))])


def told(report):
    return list(
        Mail.objects.filter(key__startswith=f"report:{report.pk}:").order_by("pk").values_list("subject", flat=True)
    )


def test_each_reminder_leaves_once_though_the_task_runs_every_day_twice(report):
    days = [report.due_on + timedelta(day) for day in range(-40, 60) for _twice in range(2)]
    assert sum(remind(day) for day in days) == 5
    assert told(report) == [
        "Votre point d’étape est attendu le 1 juin 2026",
        "Votre point d’étape est attendu le 1 juin 2026",
        "Votre point d’étape est attendu aujourd’hui",
        "Votre point d’étape est en retard",
        "Votre point d’étape est en retard",
    ]
    assert journal.history(report).filter(verb="remind").count() == 5


def test_a_task_that_slept_sends_the_last_reminder_alone(report):
    assert remind(report.due_on + timedelta(10)) == 1
    assert "il y a 10 jours" in Mail.objects.get(key__startswith=f"report:{report.pk}:").body


def test_writers_are_told_in_their_language_and_readers_are_not(report):
    application = report.agreement.application
    for role, language in (("editor", "en"), ("reader", "fr")):
        person = factories.user(language=language)
        member = factories.membership(Role.HOLDER, of=application.holder, person=person)
        Collaborator.objects.create(application=application, membership=member, role=role)
    assert remind(report.due_on) == 2
    assert set(told(report)) == {"Votre point d’étape est attendu aujourd’hui", "Your milestone report is due today"}


def test_nobody_is_reminded_of_what_was_sent_or_of_a_date_that_moved(report):
    day = report.due_on
    assert remind(day) == 1
    instalment = report.agreement.instalments.get(condition="milestone")
    instalment.due_on += timedelta(60)
    instalment.save()
    assert remind(day) == 0
    report.refresh_from_db()
    assert report.due_on == day + timedelta(60)
    assert remind(report.due_on) == 1
    actions.open_report(report, by=None)
    type(report).objects.filter(pk=report.pk).update(state=ReportState.SUBMITTED)
    assert remind(report.due_on + timedelta(7)) == 0


def test_the_server_asks_once_a_day_from_seven_on(report, monkeypatch):
    monkeypatch.setattr("django.db.close_old_connections", lambda: None)  # the test's own would be too old
    with time_machine.travel(report.due_on.isoformat() + "T06:59:00+02:00", tick=False):
        assert serving.daily("") == ""
    with time_machine.travel(report.due_on.isoformat() + "T07:00:00+02:00", tick=False):
        assert serving.daily("") == report.due_on.isoformat()
        assert serving.daily(report.due_on.isoformat()) == report.due_on.isoformat()
    assert len(told(report)) == 1
