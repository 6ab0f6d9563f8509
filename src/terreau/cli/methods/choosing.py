"""From the question to the answer: the best portfolio, then, where asked, its reasons and its robustness."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console

from terreau.cli.methods import ballots
from terreau.cli.methods.answer import Answer
from terreau.cli.methods.explaining import explained, redrawn
from terreau.cli.methods.question import Question
from terreau.methods.selection.ballots import Ballots
from terreau.methods.selection.outcome import Outcome, Status

type Step = Callable[[str], None]


@dataclass(frozen=True)
class Work:
    """What is asked beyond the choice itself."""

    explain: bool = False
    draws: int = 0
    seed: int = 0
    ballots: Path | None = None


@contextmanager
def working() -> Iterator[Step]:
    """Says what is being done, on a terminal alone."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield lambda _words: None
        return
    with console.status("Choix des dossiers…") as status:
        yield status.update


def optimal(posed: Question, step: Step, work: Work) -> Answer:
    """The portfolio of greatest merit under every rule; reasons and draws where they are asked."""
    from terreau.methods.selection.select import select

    if work.ballots:
        raise ValueError("--ballots ne sert qu’avec --rule equal-shares.")
    step("Choix des dossiers…")
    found = Answer(posed, select(posed.instance))
    if found.outcome.status == Status.INFEASIBLE:
        return found
    if work.explain:
        found = explained(found, step)
    return redrawn(found, step, draws=work.draws, seed=work.seed) if work.draws else found


def by_equal_shares(posed: Question, step: Step, work: Work) -> Answer:
    """The projects that voters buy, each with the same part of the envelope. Only the envelope is a rule here."""
    it = posed.instance
    if asked := _beyond_the_envelope(posed, work):
        raise ValueError(f"--rule equal-shares ne connaît que l’enveloppe et les votes : retirez {asked}.")
    votes = _ballots(posed, work)
    from terreau.methods.selection.equal_shares import equal_shares

    step("Achats des votants…")
    bought = equal_shares(it.requested, it.budget, votes, names=it.ids)
    chosen = sorted(bought.selected)
    granted = {it.ids[i]: int(it.requested[i]) for i in chosen}
    merit = float(it.merit[chosen].sum())
    return Answer(posed, Outcome(Status.FEASIBLE, granted, merit, merit), proved=False)


def _beyond_the_envelope(posed: Question, work: Work) -> str:
    it = posed.instance
    given = {
        "--at-least et --at-most": it.rules,
        "--one-per": it.one_per,
        "--together": it.together,
        "--either": it.either,
        "--force": it.forced,
        "--exclude": it.excluded,
        "--balance": it.balance,
        "--minimum": it.minimum is not None,
        "--explain": work.explain,
        "--draws": work.draws,
    }
    return ", ".join(option for option, value in given.items() if value)


def _ballots(posed: Question, work: Work) -> Ballots:
    if work.ballots:
        return ballots.read(work.ballots, posed.instance.ids)[0]
    if posed.poll is None:
        raise ValueError("--rule equal-shares a besoin des votes : donnez-les avec --ballots.")
    return posed.poll.ballots


RULES: dict[str, Callable[[Question, Step, Work], Answer]] = {"optimal": optimal, "equal-shares": by_equal_shares}
