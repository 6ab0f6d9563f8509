"""From admissibility to the letters: the office, the jury, the delegates and the committee play their part."""

from collections import Counter
from datetime import date, datetime, timedelta
from random import Random

from terreau.calls.models import Window
from terreau.demo.builder.cast import Cast
from terreau.demo.builder.filing import Filed
from terreau.demo.clock import at, moment
from terreau.demo.parts import Advice, Reading, Verdict
from terreau.demo.verdicts import LARGEST_SHARE
from terreau.demo.words import fragments
from terreau.projects import actions as projects
from terreau.projects import queries
from terreau.selection import actions
from terreau.selection import queries as selection
from terreau.selection.models import Committee, Letter, Review
from terreau.selection.rulebook import Line, Parameters

INCOMPLETE = 14  # one file in so many is first sent back for a missing piece


def admit(filed: Filed, cast: Cast, day: date, *, late: bool = False) -> None:
    """The office says that a file may be read; `late` ones first had something missing."""
    if late:
        ask(filed, cast, day - timedelta(days=9))
        with at(moment(day - timedelta(days=3), 17)):
            projects.send_back(filed.application, by=filed.owner)
    with at(moment(day, 9, filed.project.plan.number)):
        projects.admit(filed.application, by=cast.officer)


def ask(filed: Filed, cast: Cast, day: date) -> None:
    """Ask the holder for one missing piece."""
    with at(moment(day, 11)):
        projects.ask_for_missing(
            filed.application,
            items=["Comptes du dernier exercice clos"],
            message="Le document joint ne porte pas le compte de résultat. Merci de le compléter.",
            due_on=day + timedelta(days=10),
            by=cast.officer,
        )


def exclude(filed: Filed, cast: Cast, day: date) -> None:
    """Stop a file on the rule of the call that it does not meet."""
    failed = [c for c in queries.checks(filed.application) if c.key.startswith("eligibility") and c.ok is False]
    with at(moment(day, 9, filed.project.plan.number)):
        projects.declare_ineligible(
            filed.application,
            rule=failed[0].label if failed else "Structures admises",
            reason="L’appel ne nous permet pas de retenir une demande qui ne remplit pas cette condition.",
            by=cast.officer,
        )


def read(filed: Filed, readings: tuple[Reading, ...], cast: Cast, day: date, *, rendered: int | None = None) -> None:
    """Assign the jurors and let them read. `rendered` limits how many reviews are handed in so far."""
    with at(moment(day, 14)):
        jurors = [cast.jurors[r.juror] for r in readings]
        made = actions.assign_reviewers(filed.application, jurors, by=cast.officer)
        filed.application.refresh_from_db(fields=["state"])
    by_juror = {review.juror_id: review for review in made}
    for rank, reading in enumerate(readings):
        review = by_juror[cast.jurors[reading.juror].pk]
        if rendered is not None and rank > rendered:
            continue
        _read_one(review, reading, moment(day + timedelta(days=8 + rank * 4), 18, rank * 7), rendered == rank)


def _read_one(review: Review, reading: Reading, when: datetime, unfinished: bool) -> None:
    by = review.juror.user
    with at(when):
        if reading.recusal:
            actions.recuse(review, reading.recusal, by=by)
        elif unfinished:
            some = dict(list(reading.scores.items())[:3])
            actions.save_review(review, some, None, by=by)
        else:
            actions.save_review(review, reading.scores, reading.comment, by=by)
            actions.render_review(review, by=by)


def advise(filed: Filed, advice: Advice, cast: Cast, day: date) -> None:
    """The delegate of the région gives a reasoned opinion on the grid."""
    delegate = cast.delegates[filed.project.plan.place.region]
    with at(moment(day, 16, filed.project.plan.number)):
        actions.record_opinion(
            filed.application,
            delegate,
            verdict=advice.verdict,
            scores=advice.scores,
            text=advice.text,
            by=delegate.user,
        )


def decide(window: Window, files: list[Filed], verdicts: dict[int, Verdict], cast: Cast) -> None:
    """The committee decides every file, its chair seals; letters are read, and leave five days later."""
    day = window.committee_on or window.deadline.date()
    rng = Random(f"votes:{window.key}")
    with at(moment(day, 9)):
        committee = actions.convene(window, by=cast.chair)
    for rank, filed in enumerate(files):
        verdict = verdicts[filed.project.plan.number]
        against = rng.choice((0, 0, 0, 1, 2))
        with at(moment(day, 9 + rank * 7 // len(files), rank)):
            actions.propose(
                committee,
                filed.application,
                verdict.outcome,
                amount_cents=verdict.granted_cents,
                reason=verdict.reason,
                votes=(9 - against, against, rng.choice((0, 0, 1))),
                by=cast.chair,
            )
    with at(moment(day, 17)):
        committee = refer(window, cast, name="Référence du comité")
    with at(moment(day, 18)):
        actions.seal(committee, reasons=_reasons(committee), by=cast.chair)
    letters = list(Letter.objects.filter(decision__committee=committee))
    with at(moment(day + timedelta(days=4), 10)):
        actions.approve_letters(letters, by=cast.officer)
    with at(moment(day + timedelta(days=5), 9)):
        actions.post_letters(letters, by=cast.officer)


def refer(window: Window, cast: Cast, *, name: str) -> Committee:
    """The optimum that the committee holds its choice against: points by euro, no région over its share."""
    content = selection.selection_input(window)
    regions = Counter(file["region"] for file in content["files"])
    most = max(2, round(LARGEST_SHARE * len(content["files"]) / 6))
    rules = tuple(Line("region", region, "count", most, is_floor=False) for region in sorted(regions) if region)
    scenario = actions.run_selection(window, Parameters(rules, by_euro=True), by=cast.chair)
    actions.keep_scenario(scenario, name=name, kept=True, by=cast.chair)
    return actions.refer_to(actions.convene(window, by=cast.chair), scenario, by=cast.chair)


def _reasons(committee: Committee) -> dict[str, str]:
    """Why the committee decides otherwise than the optimum: the words of each decision, and of the amounts."""
    said = {gap.reference: gap.decision.reason for gap in selection.gaps(committee)}
    return said | {"": "Montants ajustés aux dépenses éligibles."}


def exchange(filed: Filed, cast: Cast, day: date) -> None:
    """A question of the office and its answer, in the messages of the file."""
    texts = fragments()["messages"]
    number = filed.project.plan.number % len(texts["questions"])
    with at(moment(day, 10)):
        projects.write_message(filed.application, texts["questions"][number], by=cast.officer, from_office=True)
    with at(moment(day + timedelta(days=2), 15)):
        projects.write_message(filed.application, texts["answers"][number], by=filed.owner, from_office=False)
