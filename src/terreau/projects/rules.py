"""Who may do what with an application, and when. What exists for each person is a queryset in `queries`."""

from typing import Any

import rules

from terreau.accounts.models import Role
from terreau.projects.lifecycle import FILED, State, allows
from terreau.projects.models import Application


@rules.predicate
def is_officer(user: Any) -> bool:
    return bool(user.is_authenticated and user.has_role(Role.OFFICER))


@rules.predicate
def is_delegate(user: Any) -> bool:
    return bool(user.is_authenticated and user.has_role(Role.DELEGATE))


@rules.predicate
def oversees(user: Any) -> bool:
    """The chair and the administrator read what the office reads."""
    return bool(user.is_authenticated and user.has_role(Role.CHAIR, Role.ADMINISTRATOR))


@rules.predicate
def is_filed(_user: Any, application: Application | None) -> bool:
    return application is not None and application.state in FILED


@rules.predicate
def in_their_regions(user: Any, application: Application | None) -> bool:
    """The file concerns a région that this delegate looks after, or was shared with it."""
    if application is None:
        return False
    concerned = {application.region_id} | {r.pk for r in application.regions.all()}
    return bool(user.region_ids() & concerned)


@rules.predicate
def awaits_admissibility(_user: Any, application: Application | None) -> bool:
    return application is not None and application.state in {State.SUBMITTED, State.INCOMPLETE}


def allowing(verb: str) -> rules.predicates.Predicate:
    """The table of moves lets this verb start from the file's state."""

    @rules.predicate(f"allows_{verb}")
    def predicate(_user: Any, application: Application | None) -> bool:
        return application is not None and allows(application.state, verb)

    return predicate


is_office = is_officer | is_delegate | oversees
works_on = is_officer | (is_delegate & in_their_regions)

rules.add_perm("projects.see_in_office", is_office)
rules.add_perm("projects.export", is_office)
rules.add_perm("projects.decide_admissibility", is_officer & awaits_admissibility)
for _verb in ("admit", "ask_for_missing", "declare_ineligible", "reconsider", "reopen", "start_review"):
    rules.add_perm(f"projects.{_verb}", is_officer & allowing(_verb))
rules.add_perm("projects.share_with_regions", works_on & is_filed)
rules.add_perm("projects.message", works_on & is_filed)
