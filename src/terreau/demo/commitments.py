"""What firms commit to for a project near them, from a seed: the form, how far it has come, and when. Plain values."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from terreau.demo.clock import moment
from terreau.demo.gifts import AMOUNTS
from terreau.demo.words import engaged, person

DAY = timedelta(days=1)
SATURDAY = 5
PROPOSED, AGREED, PLANNED, DONE, ATTESTED, WITHDRAWN = STATES = (
    "proposed", "agreed", "planned", "done", "acknowledged", "withdrawn",
)  # fmt: skip
SHARES = (14, 12, 30, 10, 26, 8)
STARTED = {  # when it was proposed, as a share of the time since the firm is here
    PROPOSED: (0.93, 0.99), AGREED: (0.84, 0.92), PLANNED: (0.7, 0.85), DONE: (0.45, 0.55), ATTESTED: (0.02, 0.4),
    WITHDRAWN: (0.2, 0.8),
}  # fmt: skip
LASTED = {DONE: (0.3, 0.4), ATTESTED: (0.01, 0.2)}  # the same, for what takes two months
UNDATED = {"money", "goods"}  # given without a meeting
LASTING = {"skills", "mentoring", "governance_seat"}  # whole days, for months
COUNTED = {"visit", "awareness"}
WORTH = {"money", "goods", "skills"}
PARTIES = ("company", "referrer", "person")
PURPOSES = ("discover", "discover", "confirm", "recruit")


@dataclass(frozen=True)
class Hours:
    on: date
    minutes: int
    note: str
    by_mentor: bool = False


@dataclass(frozen=True)
class Engagement:
    """A commitment and its steps, each with its day; a step without a day has not come. `plan`: arguments of `Plan`."""

    form: str
    title: str
    text: str
    proposed_on: date
    by_company: bool = True
    value_cents: int | None = None
    agreed_on: date | None = None
    planned_on: date | None = None
    plan: dict[str, Any] | None = None
    signed: tuple[tuple[str, date], ...] = ()
    log: tuple[Hours, ...] = ()
    done_on: date | None = None
    attendance: int | None = None
    attested_on: date | None = None
    withdrawn_on: date | None = None
    withdrawal: str = ""
    withdrawn_by_company: bool = True


@dataclass(frozen=True)
class Offering:
    """The firm as it stands beside one project: what both have in mind, since when it is here."""

    offers: tuple[str, ...]
    sought: frozenset[str]
    size: str
    address: str
    is_listed: bool
    since: date


def number(rng: Random) -> int:
    """How many commitments a firm has taken: most have one."""
    return rng.choices((1, 2, 3), (94, 5, 1))[0]


def engagement(rng: Random, firm: Offering, today: date) -> Engagement:
    """One commitment, of a form that the firm offers and, where it can be, that the project seeks."""
    form = rng.choice([f for f in firm.offers if f in firm.sought] or firm.offers)
    state, texts = rng.choices(STATES, SHARES)[0], engaged()[form]
    said: dict[str, Any] = {
        "form": form,
        "title": rng.choice(texts["titles"]),
        "text": rng.choice([*texts["texts"], ""]),
        "by_company": not firm.is_listed or rng.random() < 0.7,
        "value_cents": _value(rng, firm.size) if form in WORTH else None,
        "proposed_on": _proposed(rng, form, state, firm.since, today),
    }
    if state == PROPOSED:
        return Engagement(**said)
    said["agreed_on"] = said["proposed_on"] + rng.randint(1, 4) * DAY
    if state == WITHDRAWN:
        return Engagement(**_withdrawn(rng, said))
    if state == AGREED or (form in UNDATED and state == PLANNED):
        return Engagement(**said)
    if form not in UNDATED:
        said |= _planned(rng, form, state, said["agreed_on"], firm, today)
    if state in {DONE, ATTESTED}:
        said |= _done(rng, said, state, today)
    return Engagement(**said)


def weekday(day: date) -> date:
    """The same day, or the Monday after a weekend's."""
    return day + (7 - day.weekday()) * DAY if day.weekday() >= SATURDAY else day


def _proposed(rng: Random, form: str, state: str, since: date, today: date) -> date:
    first, last = STARTED[state]
    if form in LASTING and state in LASTED:
        first, last = LASTED[state]
    return since + timedelta(days=int((today - since).days * rng.uniform(first, last)))


def _value(rng: Random, size: str) -> int:
    least, most = AMOUNTS[size]
    return round(rng.triangular(least, most, least) / 50) * 5_000 or 5_000


def _withdrawn(rng: Random, said: dict[str, Any]) -> dict[str, Any]:
    """Given up by one side, before the yes or after it."""
    by_company = rng.random() < 0.6
    agreed = said["agreed_on"] if rng.random() < 0.6 else None
    return said | {
        "agreed_on": agreed,
        "withdrawn_on": said["agreed_on"] + rng.randint(2, 9) * DAY,
        "withdrawal": rng.choice(engaged()["withdrawn"]["company" if by_company else "project"]),
        "withdrawn_by_company": by_company,
    }


def _planned(rng: Random, form: str, state: str, agreed_on: date, firm: Offering, today: date) -> dict[str, Any]:
    """The date, the place and what the form asks; signatures and hours as far as today."""
    planned_on = agreed_on + rng.randint(1, 4) * DAY
    is_past = state != PLANNED or (form in LASTING and rng.random() < 0.6)
    first = weekday(planned_on + rng.randint(3, 9) * DAY if is_past else today + rng.randint(4, 60) * DAY)
    starts, ends = _when(rng, form, first, is_over=state != PLANNED)
    plan = {"starts_at": starts, "ends_at": ends} | _asked(rng, form, firm)
    if form == "mentoring":
        plan |= {"hours_a_month": rng.choice((1, 2, 2, 4)), "months": max(1, round((ends - starts).days / 30))}
    planned: dict[str, Any] = {"planned_on": planned_on, "plan": plan}
    if form == "immersion":
        kept = PARTIES if is_past else PARTIES[: rng.randint(0, 3)]
        last = min(first - DAY, today)
        planned["signed"] = tuple((party, min(planned_on + rng.randint(0, 2) * DAY, last)) for party in kept)
    if is_past:
        planned["log"] = _log(rng, form, plan, min(ends.date(), today - DAY))
    return planned


def _when(rng: Random, form: str, first: date, *, is_over: bool) -> tuple[datetime, datetime]:
    if form == "immersion":
        return moment(first, 0), moment(first + rng.choice((4, 11)) * DAY, 0)
    if form in LASTING:
        return moment(first, 0), moment(first + (60 if is_over else 30 * rng.choice((3, 6, 6, 9))) * DAY, 0)
    starts = moment(first, rng.choice((9, 10, 14)), rng.choice((0, 0, 30)))
    return starts, starts + timedelta(minutes=rng.choice((90, 120, 150, 180)))


def _asked(rng: Random, form: str, firm: Offering) -> dict[str, Any]:
    """The other fields that the form asks."""
    held = engaged()["held"]
    if form == "visit":
        return {
            "place": firm.address,
            "capacity": rng.choice((8, 10, 12)),
            "accessibility": rng.choice(held["accessibility"]),
            "briefing": rng.choice(held["briefing"]),
        }
    if form == "awareness":
        return {"place": rng.choice(held["rooms"]), "accessibility": rng.choice(held["accessibility"])}
    if form == "immersion":
        tutor = person(rng, "tutorat")
        name = f"{tutor.first_name} {tutor.last_name}"
        return {"place": firm.address, "purpose": rng.choice(PURPOSES), "tutor": name}
    return {"place": rng.choice([firm.address, *held["rooms"]])}


def _log(rng: Random, form: str, plan: dict[str, Any], until: date) -> tuple[Hours, ...]:
    """What was given so far: each fortnight for what lasts, once for what took a day."""
    first, notes = plan["starts_at"].date(), engaged()[form]["notes"]
    if form not in LASTING:
        return (Hours(first, rng.choice((120, 180, 240)), notes[0]),) if rng.random() < 0.5 else ()
    days = [first + 14 * i * DAY for i in range(1 + max(0, (until - first).days) // 14)]
    minutes = plan.get("hours_a_month", rng.choice((4, 7))) * 30
    by_mentor = form == "mentoring" and rng.random() < 0.5
    return tuple(Hours(day, minutes, notes[i % len(notes)], by_mentor) for i, day in enumerate(days) if day <= until)


def _done(rng: Random, said: dict[str, Any], state: str, today: date) -> dict[str, Any]:
    """It took place; the structure attests it some days later."""
    plan = said.get("plan")
    over = plan["ends_at"].date() if plan else said["agreed_on"] + rng.randint(3, 12) * DAY
    done: dict[str, Any] = {"done_on": min(over + DAY, today)}
    if said["form"] in COUNTED:
        done["attendance"] = rng.randint(5, (plan or {}).get("capacity") or 12)
    if state == ATTESTED:
        done["attested_on"] = min(done["done_on"] + rng.randint(1, 6) * DAY, today)
    return done
