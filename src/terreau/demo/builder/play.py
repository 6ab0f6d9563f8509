"""Plays the edition that is over, that of 2025 and what follows, then the open call, in the order of the calendar."""

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
from terreau.calls.rulebook import Rulebook, presets
from terreau.core.models import Mail
from terreau.demo import before
from terreau.demo.builder import filing, judging
from terreau.demo.builder.cast import Cast, gather
from terreau.demo.builder.directory import NUMBER, invite_some, settle_directory
from terreau.demo.builder.earlier import close_earlier, open_earlier
from terreau.demo.builder.filing import Filed
from terreau.demo.builder.firms import settle_firms
from terreau.demo.builder.living import Living, Selected
from terreau.demo.builder.panel import introduce
from terreau.demo.builder.today import play_today
from terreau.demo.clock import at, moment
from terreau.demo.edition import Author, Size, edition
from terreau.demo.following import following
from terreau.demo.parts import Edition, Project
from terreau.demo.profiles import profiles
from terreau.demo.turns import Course, closed, courses, selected
from terreau.projects import actions as projects
from terreau.projects.models import Collaborator

SLUG, TITLE = "innovation-sociale-2025", "Innovation sociale et transformations du travail 2025"
SUMMARY = (
    "Le programme cofinance des projets d’innovation sociale liés aux transformations du travail, pour les jeunes "
    "diplômés, les cadres et les TPE-PME. Appel fictif, modelé sur un appel réel ; les montants marqués « paramètre "
    "fictif » sont des exemples."
)
PRESET = "novapec-2025"
FIRMS = 400  # that take part, near the projects
READ = {"reviewed", "ineligible"}  # fates of the files that were submitted
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


def build(
    tell: Progress,
    *,
    seed: int = 2025,
    size: Size | None = None,
    earlier: Size = before.SIZE,
    scale: float = 1.0,
    in_directory: int = NUMBER,
) -> None:
    """Play the edition that is over, that of 2025 with what follows, and the open call. The geography must be there."""
    tell("les textes", 0.0)
    author, today = Author(seed), timezone.localdate()
    plan = edition(seed, size, author=author)
    coming = following(author, plan.jurors, today=today, scale=scale)
    past = before.before(author, plan.jurors, earlier)
    with transaction.atomic(), at(moment(date(2023, 11, 6))):
        cast = gather(Random(f"cast:{seed}"), plan.jurors)
    rules = presets.load(PRESET).rules
    first = Stage(past, cast, open_earlier(cast, rules, earlier), tell)
    chosen = _play_earlier(first)
    with transaction.atomic():
        call = _open(cast, rules, size or Size())
        introduce(cast, profiles(seed, len(cast.jurors)))
    stage = Stage(plan, cast, call, tell)
    files = _file_all(stage, 0.08, 0.42)
    for window, start in zip(call.windows.all(), (0.42, 0.6), strict=True):
        _select(stage, window, files, start, start + 0.18)
    with transaction.atomic(), at(moment(date(2025, 10, 27))):
        calls.close_call(call, by=cast.officer)
    chosen += _selected(stage, files, courses(selected(plan), today))
    _live_on(stage, chosen, today)
    tell("l’appel en cours", 0.94)
    home = next(f for f in files if f.project.plan.concept == "tremplin")
    play_today(call, cast, coming, home=home, today=today)
    firms = round(FIRMS * scale)
    settle_firms(cast, chosen, today, firms, lambda share: tell("les entreprises", 0.95 + 0.03 * share))
    if settle_directory(lambda share: tell("l’annuaire", 0.98 + 0.02 * share), seed=seed, number=in_directory):
        invite_some(cast, home.application, today)
    _empty_the_post()
    tell("terminé", 1.0)


def _play_earlier(stage: Stage) -> list[Selected]:
    """The edition of the year before, up to its letters."""
    files = _file_all(stage, 0.01, 0.05, "les dossiers de 2024")
    _select(stage, stage.call.windows.get(), files, 0.05, 0.08)
    with transaction.atomic():
        close_earlier(stage.call, stage.cast)
    return _selected(stage, files, closed(selected(stage.plan)))


def _selected(stage: Stage, files: list[Filed], known: dict[int, Course]) -> list[Selected]:
    """The selected files with the day of their committee, in the order of the files."""
    decided = {w.key: w.committee_on or w.deadline.date() for w in stage.call.windows.all()}
    ours = [f for f in files if f.project.plan.number in known]
    return [Selected(f, decided[f.project.plan.window], known[f.project.plan.number]) for f in ours]


def _live_on(stage: Stage, chosen: list[Selected], today: date) -> None:
    """Agreements, payments and reports of both editions, day after day."""
    start = min(file.decided_on for file in chosen)
    for when in Living(stage.cast, today).play(chosen):
        share = (when.date() - start) / (today - start)
        stage.tell(f"les conventions, {when.year}", 0.78 + 0.16 * min(1, share))


def _open(cast: Cast, rules: Rulebook, size: Size) -> Call:
    """Prepare, publish and open the 2025 call, with the envelopes of the edition."""
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


def _file_all(stage: Stage, start: float, end: float, label: str = "les dossiers") -> list[Filed]:
    """Every holder writes; most submit, a few leave a draft or withdraw it."""
    drawn = sorted(stage.plan.projects.values(), key=lambda p: (p.filed_on, p.plan.number))
    return [_file(stage, project) for project in stage.scene(label, drawn, start, end)]


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


def _select(stage: Stage, window: Window, files: list[Filed], start: float, end: float) -> None:
    """One window: admissibility, reviews, opinions, committee, letters."""
    plan, cast, day = stage.plan, stage.cast, window.deadline.date()
    filed = [f for f in files if f.project.plan.window == window.key and f.project.plan.fate in READ]
    read_from, decided_from = start + (end - start) * 0.2, start + (end - start) * 0.9
    for f in stage.scene(f"la recevabilité, {window.label}", filed, start, read_from):
        if f.project.plan.fate == "ineligible":
            judging.exclude(f, cast, day + timedelta(days=11))
        else:
            judging.admit(f, cast, day + timedelta(days=12), late=f.project.plan.number % judging.INCOMPLETE == 0)
    reviewed = [f for f in filed if f.project.plan.fate == "reviewed"]
    for f in stage.scene(f"le jury, {window.label}", reviewed, read_from, decided_from):
        judging.read(f, plan.readings[f.project.plan.number], cast, day + READ_AFTER)
        judging.advise(f, plan.advice[f.project.plan.number], cast, day + timedelta(days=20))
        if f.project.plan.number % 9 == 0:
            judging.exchange(f, cast, day + timedelta(days=18))
    stage.tell(f"le comité, {window.label}", decided_from)
    with transaction.atomic():
        judging.decide(window, reviewed, plan.verdicts, cast)


def _empty_the_post() -> None:
    """What was written while the edition was played counts as sent on its day: nothing of it leaves."""
    Mail.objects.filter(state=Mail.State.QUEUED).update(state=Mail.State.SENT, sent_at=F("created_at"))
    DBTaskResult.objects.all().delete()
