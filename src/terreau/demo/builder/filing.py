"""A file from the first word to its submission, as its holder would do it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from terreau.accounts import actions as accounts
from terreau.accounts.models import Membership, Role, User
from terreau.calls import rulebook
from terreau.calls.models import Call
from terreau.demo import special
from terreau.demo.builder.cast import commune, user
from terreau.demo.clock import at
from terreau.demo.papers import paper
from terreau.demo.parts import Project
from terreau.projects import actions, queries
from terreau.projects.models import Application, Collaborator
from terreau.territories.actions import draw_basin
from terreau.territories.models import Level, Territory


@dataclass(frozen=True)
class Filed:
    """A file in the database, with who owns it."""

    project: Project
    application: Application
    owner: User


def settle_holder(project: Project, owner: User | None = None) -> Membership:
    """The organisation and its owner; a colleague joins too."""
    structure = project.structure
    person = owner or user(structure.owner)
    organisation = accounts.create_organisation(**structure.facts, commune=commune(structure.place.code), by=person)
    accounts.join(user(structure.colleague), organisation, Role.HOLDER, by=person)
    return accounts.join(person, organisation, Role.HOLDER, by=person)


def write(call: Call, project: Project, membership: Membership, moment: datetime, *, share: float = 1.0) -> Filed:
    """Open a file and write in it. A `share` below one leaves the end of the form blank, as drafts are."""
    owner = membership.user
    with at(moment - timedelta(days=6)):
        application = actions.start(call, membership.organisation, by=owner, membership=membership)
        _call_in_a_colleague(application, membership, project)
    with at(moment - timedelta(hours=3)):
        answers = list(_answers(project, owner).items())
        kept = answers[: max(2, round(len(answers) * share))]
        actions.save_answers(application, {key: (value, None) for key, value in kept}, by=owner)
        if share > 0.5:
            actions.save_budget(application, project.budget, by=owner)
        if share >= 0.8:
            actions.save_partners(application, project.partners, by=owner)
    if share == 1:
        with at(moment - timedelta(hours=1)):
            _add_documents(application, project, by=owner)
    return Filed(project, application, owner)


def submit(filed: Filed, moment: datetime) -> Filed:
    with at(moment):
        actions.submit(filed.application, by=filed.owner)
    return filed


def _answers(project: Project, by: User) -> dict[str, Any]:
    if project.plan.concept != "boostes":
        return project.answers
    return project.answers | {"territories": [f"{Level.BASIN}:{basin(by).code}"]}


def basin(by: User) -> Territory:
    """The basin drawn across two départements: three towns and the communes around them."""
    drawn = Territory.objects.filter(level=Level.BASIN, name=special.BASIN["name"]).first()
    if drawn:
        return drawn
    towns = Territory.objects.filter(level=Level.COMMUNE, code__in=special.BASIN["communes"]).select_related("epci")
    return draw_basin(special.BASIN["name"], [town.epci or town for town in towns], by=by)


def _call_in_a_colleague(application: Application, membership: Membership, project: Project) -> None:
    """Two files in five have a second pair of hands."""
    if project.plan.number % 5 < 2:
        others = membership.organisation.memberships.exclude(pk=membership.pk).order_by("pk")
        for other in others[:1]:
            actions.share(application, other, Collaborator.Role.EDITOR, by=membership.user)


def _add_documents(application: Application, project: Project, *, by: User) -> None:
    """Every document that the call requires of this file."""
    rules = queries.rules_of(application)
    asked = rulebook.asked(rules, queries.answers(application))
    for wanted in asked.documents:
        if wanted.required:
            actions.add_document(
                application, wanted.key, paper(wanted.label, project.structure.name, wanted.key), by=by
            )
