"""What the matching is asked: firms that agreed to be proposed, projects that may be supported, what was answered.

The methods pull numba and scipy: they are imported where they are used.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from django.db.models import Prefetch, Q, QuerySet

from terreau.accounts.models import Organisation
from terreau.engagement.lifecycle import Answer, Because, CommitmentState, NeedState
from terreau.engagement.models import Commitment, CompanyProfile, Need, Proposal
from terreau.engagement.rulebook.matching import Matching
from terreau.funding.lifecycle import AgreementState
from terreau.projects.models import Application
from terreau.projects.queries.coverage import touched
from terreau.projects.queries.public import selected
from terreau.territories.models import Level, Territory

if TYPE_CHECKING:
    from terreau.methods.matching.both_ways import Firm, Match, Taste, Wish, Worth

LEARNS_FROM = 50  # commitments: below, the habits of a sector are noise


@dataclass
class Memory:
    """What one reader answered: who is not proposed again now, and what it refused, each as often as it did."""

    hidden: set[int] = field(default_factory=set)
    forms: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    themes: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    too_far: int = 0

    def taste(self, rules: Matching) -> "Taste":
        from terreau.methods.matching.both_ways import Taste  # noqa: PLC0415 - heavy

        return Taste(
            {key: rules.refused**n for key, n in self.forms.items()},
            {key: rules.refused**n for key, n in self.themes.items()},
            rules.farther**self.too_far,
        )


def supported() -> QuerySet[Application]:
    """The projects that firms may help: selected, announced, not closed yet."""
    return selected().exclude(agreement__state=AgreementState.CLOSED)


def listed() -> QuerySet[CompanyProfile]:
    """The firms that agreed to be proposed."""
    return CompanyProfile.objects.filter(is_listed=True).select_related("organisation__commune__zone")


def firms_for(projects: Collection[Application], rules: Matching, day: date) -> "list[Match]":
    """For each project with an open need, the firms to propose; shared out among them."""
    from terreau.methods.matching import both_ways  # noqa: PLC0415 - heavy

    memories = _memories(Proposal.Reader.PROJECT, "application_id", "company_id", day)
    wishes = [wish for wish in _wishes(projects, memories, rules) if wish.project.seeks]
    firms = [firm for firm in map(_firm, listed()) if firm]
    return both_ways.firms_for(wishes, firms, worth(rules), rules.shown, rules.at_most)


def wish_of(project: Application, rules: Matching, day: date) -> "Wish | None":
    """One project as the method takes it, with what it answered; None where nobody can place it."""
    memories = _memories(Proposal.Reader.PROJECT, "application_id", "company_id", day)
    return next(iter(_wishes([project], memories, rules)), None)


def all_wishes(rules: Matching) -> "list[Wish]":
    """Every supported project, to be proposed to firm after firm."""
    return _wishes(list(supported()), {}, rules)


def projects_for(
    company: Organisation, rules: Matching, day: date, among: "Collection[Wish] | None" = None
) -> "list[Match]":
    """The projects to propose to a firm, whether it agreed to be proposed to them or not; `among` is all of them."""
    from terreau.methods.matching import both_ways  # noqa: PLC0415 - heavy

    profile = CompanyProfile.objects.filter(organisation=company).select_related("organisation__commune__zone").first()
    firm = _firm(profile) if profile else None
    if firm is None:
        return []
    mine = _memories(Proposal.Reader.COMPANY, "company_id", "application_id", day, company)[company.pk]
    wishes = [wish for wish in among or all_wishes(rules) if int(wish.project.name) not in mine.hidden]
    return both_ways.projects_for(firm, wishes, worth(rules), rules.shown, mine.taste(rules))


def _firm(profile: CompanyProfile) -> "Firm | None":
    """The firm as the method takes it; None where nobody knows where it is."""
    from terreau.methods.matching.both_ways import Firm  # noqa: PLC0415 - heavy

    where = profile.organisation.commune
    if where is None or where.latitude is None or where.longitude is None:
        return None
    return Firm(
        f"{profile.organisation_id:012d}",
        where.latitude,
        where.longitude,
        int(profile.naf[:2]) if profile.naf[:2].isdecimal() else None,
        profile.size,
        where.zone.code if where.zone else "",
        frozenset(profile.themes),
        frozenset(profile.offers),
    )


def _wishes(projects: Collection[Application], memories: Mapping[int, Memory], rules: Matching) -> "list[Wish]":
    """The projects as the method takes them; one that nobody can place is left out. Seven queries."""
    from terreau.methods.matching.both_ways import Taste, Wish  # noqa: PLC0415 - heavy
    from terreau.methods.matching.plain import Project  # noqa: PLC0415 - heavy

    placed = Territory.objects.exclude(latitude=None).exclude(longitude=None).order_by("-population")
    chosen = Application.objects.filter(pk__in=[project.pk for project in projects]).select_related(
        "holder__commune__zone"
    )
    open_needs = Need.objects.filter(state=NeedState.OPEN)
    detailed = list(
        chosen.prefetch_related("themes", Prefetch("territories", placed), Prefetch("needs", open_needs, "open_needs"))
    )
    basins = _basins(chosen)
    likeness, affinity = _likeness(detailed), _affinity()
    wishes = []
    for project in detailed:
        where = next(iter(project.territories.all()), project.holder.commune)
        if where is None or where.latitude is None or where.longitude is None:
            continue
        themes = frozenset(theme.key for theme in project.themes.all())
        memory = memories.get(project.pk)
        wishes.append(
            Wish(
                Project(
                    f"{project.pk:012d}",
                    where.latitude,
                    where.longitude,
                    themes=themes,
                    seeks=frozenset(need.form for need in project.open_needs),  # type: ignore[attr-defined]
                ),
                frozenset(basins[project.pk]),
                affinity(themes),
                likeness[project.pk],
                frozenset(f"{pk:012d}" for pk in memory.hidden) if memory else frozenset(),
                memory.taste(rules) if memory else Taste(),
            )
        )
    return wishes


def _basins(projects: QuerySet[Application]) -> dict[int, set[str]]:
    """The labour basins that each project reaches, by code; that of its seat where it names no place."""
    reached = touched(projects, Level.ZONE)
    codes = dict(Territory.objects.filter(pk__in=reached).values_list("pk", "code"))
    found: dict[int, set[str]] = defaultdict(set)
    for zone, those in reached.items():
        for pk in those:
            found[pk].add(codes[zone])
    for project in projects:
        seat = project.holder.commune
        if not found[project.pk] and seat and seat.zone:
            found[project.pk].add(seat.zone.code)
    return found


def _likeness(projects: Collection[Application]) -> dict[int, dict[int, float]]:
    """How like each project's own words are to what firms of each NAF division do."""
    from terreau.methods.matching.divisions import DIVISIONS_IN_WORDS  # noqa: PLC0415 - heavy
    from terreau.methods.matching.texts import likeness  # noqa: PLC0415 - heavy

    if not projects:
        return {}
    texts = [f"{project.title} {project.summary}" for project in projects]
    alike = likeness(texts, [(told,) for told in DIVISIONS_IN_WORDS.values()])
    return {
        project.pk: dict(zip(DIVISIONS_IN_WORDS, row.tolist(), strict=True))
        for project, row in zip(projects, alike, strict=True)
    }


def _affinity() -> Callable[[frozenset[str]], dict[int, float]]:
    """Themes → value of each division, learned from what firms committed to; nothing while there is too little."""
    from terreau.methods.matching.affinity import by_division, learned  # noqa: PLC0415 - heavy

    kept = Commitment.objects.exclude(state=CommitmentState.WITHDRAWN).exclude(company__company_profile__naf="")
    rows = kept.order_by("pk").values_list("company__company_profile__naf", "application__themes__key")
    seen = [(int(naf[:2]), theme) for naf, theme in rows if naf and theme]
    table = learned(seen) if len(seen) >= LEARNS_FROM else {}
    return lambda themes: dict(enumerate(by_division(table, themes).tolist()))


def worth(rules: Matching) -> "Worth":
    """The parameters as the method takes them."""
    from terreau.methods.matching.both_ways import Worth  # noqa: PLC0415 - heavy

    parts = ("distance", "sector", "theme", "offers", "size", "basin", "text")
    names = (*parts, "scale_km", "least", "least_km", "farthest_km")
    return Worth(size_values=rules.size_values, **{name: getattr(rules, name) for name in names})


def _memories(reader: str, mine: str, other: str, day: date, company: Organisation | None = None) -> dict[int, Memory]:
    """What each reader answered, and the pairs that need no proposal: a no of the other side, a commitment at work."""
    found: dict[int, Memory] = defaultdict(Memory)
    answered = Proposal.objects.exclude(answer="").exclude(company=None)
    committed = Commitment.objects.exclude(state=CommitmentState.WITHDRAWN)
    if company:
        answered, committed = answered.filter(company=company), committed.filter(company=company)
    for proposal in answered.filter(Q(reader=reader) | Q(answer=Answer.NO)):
        memory = found[getattr(proposal, mine)]
        if proposal.answer != Answer.LATER or (proposal.again_on and proposal.again_on > day):
            memory.hidden.add(getattr(proposal, other))
        if proposal.reader == reader and proposal.answer == Answer.NO:
            _refused(memory, proposal)
    for row in committed.values(mine, other).distinct():
        found[row[mine]].hidden.add(row[other])
    return found


def _refused(memory: Memory, proposal: Proposal) -> None:
    if proposal.because == Because.FORM:
        memory.forms[proposal.about] += 1
    elif proposal.because == Because.THEME:
        memory.themes[proposal.about] += 1
    elif proposal.because == Because.FAR:
        memory.too_far += 1


def pairs_of(matches: "Iterable[Match]") -> "dict[tuple[int, int], Match]":
    """(application, company) → match, in the order of the matches."""
    return {(int(match.project), int(match.firm)): match for match in matches}
