"""Who may review, propose, seal and send, and when. What exists for each person is a queryset in `queries`."""

from typing import Any

import rules

from terreau.accounts.rules import is_administrator, is_chair, is_delegate, is_officer
from terreau.projects.lifecycle import State
from terreau.projects.models import Application
from terreau.selection.lifecycle import WRITABLE, LetterState
from terreau.selection.models import Committee, Letter, Review

sits = is_officer | is_chair | is_administrator


@rules.predicate
def is_theirs(user: Any, review: Review | None) -> bool:
    return review is not None and review.juror.user_id == user.pk and review.juror.left_at is None


@rules.predicate
def is_unfinished(_user: Any, review: Review | None) -> bool:
    return review is not None and review.state in WRITABLE


@rules.predicate
def is_before_the_decision(_user: Any, review: Review | None) -> bool:
    return review is not None and review.application.state == State.IN_REVIEW


@rules.predicate
def takes_reviewers(_user: Any, application: Application | None) -> bool:
    """Asked of no file in particular, the office's right to assign at all."""
    return application is None or application.state in {State.ADMITTED, State.IN_REVIEW}


@rules.predicate
def is_unsealed(_user: Any, committee: Committee | None) -> bool:
    return committee is not None and committee.sealed_at is None


@rules.predicate
def is_sealed(_user: Any, committee: Committee | None) -> bool:
    return committee is not None and committee.sealed_at is not None


@rules.predicate
def is_in_their_regions(user: Any, application: Application | None) -> bool:
    if application is None:
        return False
    concerned = {application.region_id} | {region.pk for region in application.regions.all()}
    return bool(user.region_ids() & concerned)


@rules.predicate
def has_not_left(_user: Any, letter: Letter | None) -> bool:
    return letter is None or letter.state != LetterState.POSTED


rules.add_perm("selection.write_review", is_theirs & is_unfinished & is_before_the_decision)
rules.add_perm("selection.recuse", is_theirs & is_unfinished)
rules.add_perm("selection.assign", is_officer & takes_reviewers)
rules.add_perm("selection.give_opinion", is_delegate & is_in_their_regions & takes_reviewers)
rules.add_perm("selection.see_committee", sits)
rules.add_perm("selection.select", is_officer | is_chair)
rules.add_perm("selection.propose", (is_officer | is_chair) & is_unsealed)
rules.add_perm("selection.see_jurors", is_chair)
rules.add_perm("selection.seal", is_chair & is_unsealed)
rules.add_perm("selection.settle_reserve", is_chair & is_sealed)
rules.add_perm("selection.see_letters", sits)
rules.add_perm("selection.write_letters", (is_officer | is_chair) & has_not_left)
rules.add_perm("selection.send_letters", is_officer | is_chair)
