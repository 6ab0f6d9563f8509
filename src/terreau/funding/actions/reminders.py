"""Reminders of reports: before, on the day, late; each leaves once, whatever is run again."""

from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils import formats, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from terreau.core import journal, mail
from terreau.core.models import Mail
from terreau.funding.actions.calendar import keep_calendar
from terreau.funding.lifecycle import AWAITED_REPORTS, AgreementState
from terreau.funding.models import Agreement, Report
from terreau.funding.queries.reports import FOLLOWED, rules_on
from terreau.funding.rulebook.calendar import reminder
from terreau.funding.rulebook.reporting import Reporting
from terreau.projects.queries import writers

FARTHEST = timedelta(days=365)  # no funder reminds earlier (`reporting.BOUNDS`)


def remind(day: date) -> int:
    """Post the reminders that `day` calls for, to everybody who writes in each file. How many were new.

    The calendar of each signed agreement is brought up to date first. A reminder is keyed by report, date due, stage
    and person: a second run sends nothing, a date moved by an amendment is reminded again.
    """
    for agreement in Agreement.objects.filter(state=AgreementState.SIGNED):
        keep_calendar(agreement, by=None)
    awaited = Report.objects.filter(
        state__in=AWAITED_REPORTS, agreement__state__in=FOLLOWED, due_on__lte=day + FARTHEST
    ).select_related("agreement__application__call")
    rules: dict[int, Reporting] = {}
    sent = 0
    for report in awaited:
        funder = report.agreement.application.call.funder_id
        if funder not in rules:
            rules[funder] = rules_on(funder, day)
        stage = reminder(report.due_on, day, rules[funder])
        if stage is not None:
            sent += _remind(report, stage, day)
    return sent


@transaction.atomic
def _remind(report: Report, stage: int, day: date) -> int:
    about = f"report:{report.pk}:{report.due_on}:{stage}"
    people = {f"{about}:{person.pk}": person for person in writers(report.agreement.application)}
    told = set(Mail.objects.filter(key__in=people).values_list("key", flat=True))
    for key, person in people.items():
        if key not in told:
            with translation.override(person.language):
                subject, body = _words(report, day)
                mail.post(key, to=person.email, subject=subject, body=body)
    new = len(people) - len(told)
    if new:
        journal.record(report, "remind", by=None, stage=stage, people=new)
    return new


def _words(report: Report, day: date) -> tuple[Any, Any]:
    application = report.agreement.application
    days = abs((report.due_on - day).days)
    said = {
        "kind": report.title,
        "title": application.title or application.reference,
        "due_on": formats.date_format(report.due_on, "DATE_FORMAT"),
        "days": days,
        "link": mail.link(reverse("applicant:follow", args=[application.reference])),
    }
    if day < report.due_on:
        subject = _("Votre %(kind)s est attendu le %(due_on)s")
        body = ngettext(
            "Bonjour,\n\nPour le projet « %(title)s », votre %(kind)s est attendu le %(due_on)s, dans %(days)s jour. "
            "Il est déjà prérempli avec ce que nous savons.\n\n%(link)s\n",
            "Bonjour,\n\nPour le projet « %(title)s », votre %(kind)s est attendu le %(due_on)s, dans %(days)s jours. "
            "Il est déjà prérempli avec ce que nous savons.\n\n%(link)s\n",
            days,
        )
    elif day == report.due_on:
        subject = _("Votre %(kind)s est attendu aujourd’hui")
        body = _("Bonjour,\n\nPour le projet « %(title)s », votre %(kind)s est attendu aujourd’hui.\n\n%(link)s\n")
    else:
        subject = _("Votre %(kind)s est en retard")
        body = ngettext(
            "Bonjour,\n\nPour le projet « %(title)s », votre %(kind)s était attendu le %(due_on)s, il y a "
            "%(days)s jour. Une difficulté ? Écrivez-nous depuis la messagerie du dossier.\n\n%(link)s\n",
            "Bonjour,\n\nPour le projet « %(title)s », votre %(kind)s était attendu le %(due_on)s, il y a "
            "%(days)s jours. Une difficulté ? Écrivez-nous depuis la messagerie du dossier.\n\n%(link)s\n",
            days,
        )
    return subject % said, body % said
