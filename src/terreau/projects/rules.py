"""Who may do what with an application, and when. What exists for each person is a queryset in `queries`."""

from typing import Any

import rules

from terreau.accounts.models import Role
from terreau.projects.lifecycle import FILED, WRITABLE, State, allows
from terreau.projects.models import Application, Collaborator


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


def allowing(verb: str) -> Any:
    """The table of moves lets this verb start from the file's state."""

    @rules.predicate(f"allows_{verb}")
    def predicate(_user: Any, application: Application | None) -> bool:
        return application is not None and allows(application.state, verb)

    return predicate


def role_of(user: Any, application: Application) -> str:
    """The role of a person on a file, through a membership still in force; "" for a stranger.

    `queries.for_holder` brings it with the row; a file loaded otherwise costs one query.
    """
    if getattr(application, "viewer_id", None) == user.pk:
        return str(getattr(application, "viewer_role", ""))
    held = Collaborator.objects.filter(
        application=application, membership__user_id=user.pk, membership__left_at=None
    ).values_list("role", flat=True)
    return min(held, key=Collaborator.Role.values.index, default="")


def having(role: str) -> Any:
    """The person has this role on the file."""

    @rules.predicate(f"is_{role}")
    def predicate(user: Any, application: Application | None) -> bool:
        return application is not None and role_of(user, application) == role

    return predicate


@rules.predicate
def is_writable(_user: Any, application: Application | None) -> bool:
    return application is not None and application.state in WRITABLE


@rules.predicate
def seems_withdrawable(_user: Any, application: Application | None) -> bool:
    """By the state that the holder may know: a button that vanished would tell a secret decision."""
    return application is not None and allows(application.shown_state, "withdraw")


is_owner, is_editor, is_reader = (having(role) for role in ("owner", "editor", "reader"))
may_edit = is_owner | is_editor
is_collaborator = may_edit | is_reader
is_office = is_officer | is_delegate | oversees
works_on = is_officer | (is_delegate & in_their_regions)

rules.add_perm("projects.see_in_office", is_office)
rules.add_perm("projects.see_everywhere", is_officer | oversees)
rules.add_perm("projects.export", is_office)
rules.add_perm("projects.decide_admissibility", is_officer & awaits_admissibility)
for _verb in ("admit", "ask_for_missing", "declare_ineligible", "reconsider", "reopen", "start_review"):
    rules.add_perm(f"projects.{_verb}", is_officer & allowing(_verb))
rules.add_perm("projects.share_with_regions", works_on & is_filed)
rules.add_perm("projects.message", works_on & is_filed | may_edit)
rules.add_perm("projects.view", is_collaborator)
rules.add_perm("projects.write", may_edit & is_writable)
rules.add_perm("projects.submit", may_edit & allowing("submit"))
rules.add_perm("projects.complete", may_edit & allowing("complete"))
rules.add_perm("projects.withdraw", is_owner & seems_withdrawable)
rules.add_perm("projects.share", is_owner)
