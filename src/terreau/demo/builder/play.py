"""Plays a whole edition, then the call that is open today, in the order of the calendar."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from random import Random

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from terreau.accounts import actions as accounts
from terreau.accounts.models import Membership, Role
from terreau.calls import actions as calls
from terreau.calls.models import Call, Window
from terreau.calls.rulebook import presets
from terreau.core.models import Mail
from terreau.demo.builder import filing, judging
from terreau.demo.builder.cast import Cast, gather
from terreau.demo.builder.filing import Filed
from terreau.demo.builder.panel import introduce
from terreau.demo.builder.today import play_today
from terreau.demo.clock import at, moment
from terreau.demo.edition import Author, Size, edition
from terreau.demo.following import following
from terreau.demo.parts import Edition, Project
from terreau.demo.profiles import profiles
from terreau.projects import actions as projects
from terreau.projects.models import Collaborator

SLUG, TITLE = "innovation-sociale-2025", "Innovation sociale et transformations du travail 2025"
SUMMARY = (
    "Le programme cofinance des projets d’innovation sociale liés aux transformations du travail, pour les jeunes "
    "diplômés, les cadres et les TPE-PME. Appel fictif, modelé sur un appel réel ; les montants marqués « paramètre "
    "fictif » sont des exemples."
)
PRESET = "novapec-2025"
READ_AFTER = timedelta(days=16)  # from a deadline to the assignment of the jurors

type Progress = Callable[[str, float], None]


def already_built() -> bool:
    return Call.objects.filter(slug=SLUG).exists()


@dataclass
class Stage:
    """What every scene needs: the plan, the people, and who watches the progress."""

    plan: Edition
    cast: Cast
    call: Call
    tell: Progress

    def scene(self, label: str, items: Iterable, start: float, end: float) -> Iterable:
        """Go through items, one transaction each, telling how far the whole is."""
        todo = list(items)
        for done, item in enumerate(todo):
            self.tell(label, start + (end - start) * done / len(todo))
            with transaction.atomic():
                yield item


def build(tell: Progress, *, seed: int = 2025, size: Size | None = None, scale: float = 1.0) -> None:
    """Play the 2025 edition and the open call. The reference geography must be there."""
    tell("les textes", 0.0)
    author = Author(seed)
    plan = edition(seed, size, author=author)
    with transaction.atomic(), at(moment(date(2024, 11, 18))):
        cast = gather(Random(f"cast:{seed}"), plan.jurors)
    with transaction.atomic():
        call = _open(cast, size or Size())
        introduce(cast, profiles(seed, len(cast.jurors)))
    stage = Stage(plan, cast, call, tell)
    files = _file_all(stage)
    for window, start in zip(call.windows.all(), (0.45, 0.68), strict=True):
        ours = [f for f in files if f.project.plan.window == window.key]
        _select(stage, window, ours, start)
    with transaction.atomic(), at(moment(date(2025, 10, 27))):
        calls.close_call(call, by=cast.officer)
    today = timezone.localdate()
    tell("l’appel en cours", 0.92)
    home = next(f for f in files if f.project.plan.concept == "tremplin")
    play_today(call, cast, following(author, plan.jurors, today=today, scale=scale), home=home, today=today)
    _empty_the_post()
    tell("terminé", 1.0)


def _open(cast: Cast, size: Size) -> Call:
    """Prepare, publish and open the 2025 call, with the envelopes of the edition."""
    rules = presets.load(PRESET).rules
    envelopes = size.envelopes()
    rules = replace(rules, windows=tuple(replace(w, envelope_cents=envelopes[w.key]) for w in rules.windows))
    with at(moment(date(2024, 11, 20))):
        call = calls.create_call(
            funder=cast.funder, title=TITLE, slug=SLUG, edition=2025, summary=SUMMARY, rules=rules, by=cast.officer
        )
    with at(moment(date(2024, 11, 28))):
        calls.publish(call, by=cast.officer)
    with at(moment(date(2024, 12, 2), 9)):
        calls.open_call(call, by=cast.officer)
    return call


def _file_all(stage: Stage) -> list[Filed]:
    """Every holder writes; most submit, a few leave a draft or withdraw it."""
    drawn = sorted(stage.plan.projects.values(), key=lambda p: (p.filed_on, p.plan.number))
    return [_file(stage, project) for project in stage.scene("les dossiers", drawn, 0.02, 0.45)]


def _file(stage: Stage, project: Project) -> Filed:
    fate, number = project.plan.fate, project.plan.number
    when = moment(project.filed_on, 9 + number % 9, number * 7)
    with at(when - timedelta(days=7)):
        membership = _settle(stage, project)
    share = 0.6 if fate in {"draft", "withdrawn"} else 1.0
    filed = filing.write(stage.call, project, membership, when, share=share)
    if fate == "withdrawn":
        with at(when):
            projects.withdraw(filed.application, by=filed.owner, reason="Nous préférons consolider le projet.")
    elif fate != "draft":
        filing.submit(filed, when)
    if project.plan.concept == "tremplin":
        _welcome_visitors(stage.cast, filed, when)
    return filed


def _settle(stage: Stage, project: Project) -> Membership:
    visitor = stage.cast.visitors["porteuse"] if project.plan.concept == "tremplin" else None
    return filing.settle_holder(project, visitor)


def _welcome_visitors(cast: Cast, filed: Filed, when: datetime) -> None:
    """The accounts of the visitors who edit and who read one file."""
    roles = {"redaction": Collaborator.Role.EDITOR, "lecture": Collaborator.Role.READER}
    with at(when):
        for key, role in roles.items():
            member = accounts.join(cast.visitors[key], filed.application.holder, Role.HOLDER, by=filed.owner)
            projects.share(filed.application, member, role, by=filed.owner)


def _select(stage: Stage, window: Window, files: list[Filed], start: float) -> None:
    """One window: admissibility, reviews, opinions, committee, letters."""
    plan, cast, day = stage.plan, stage.cast, window.deadline.date()
    filed = [f for f in files if f.project.plan.fate in {"reviewed", "ineligible"}]
    for f in stage.scene(f"la recevabilité, {window.label}", filed, start, start + 0.04):
        if f.project.plan.fate == "ineligible":
            judging.exclude(f, cast, day + timedelta(days=11))
        else:
            judging.admit(f, cast, day + timedelta(days=12), late=f.project.plan.number % judging.INCOMPLETE == 0)
    reviewed = [f for f in filed if f.project.plan.fate == "reviewed"]
    for f in stage.scene(f"le jury, {window.label}", reviewed, start + 0.04, start + 0.2):
        judging.read(f, plan.readings[f.project.plan.number], cast, day + READ_AFTER)
        judging.advise(f, plan.advice[f.project.plan.number], cast, day + timedelta(days=20))
        if f.project.plan.number % 9 == 0:
            judging.exchange(f, cast, day + timedelta(days=18))
    stage.tell(f"le comité, {window.label}", start + 0.21)
    with transaction.atomic():
        judging.decide(window, reviewed, plan.verdicts, cast)


def _empty_the_post() -> None:
    """What was written while the edition was played counts as sent on its day: nothing of it leaves."""
    Mail.objects.filter(state=Mail.State.QUEUED).update(state=Mail.State.SENT, sent_at=F("created_at"))
    DBTaskResult.objects.all().delete()
