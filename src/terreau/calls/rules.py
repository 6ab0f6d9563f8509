"""Who may prepare, publish and move a call: the officers and administrators of its funder."""

import rules

from terreau.accounts.models import Role, User
from terreau.calls.lifecycle import MOVES, State
from terreau.calls.models import Call

WRITERS = (Role.OFFICER, Role.ADMINISTRATOR)


@rules.predicate
def prepares_calls(user: User, call: Call | None) -> bool:
    """Somebody of the funder's programme team; of any funder where no call is named yet."""
    if not user.is_authenticated:
        return False
    return any(
        m.role in WRITERS and (call is None or m.organisation_id == call.funder_id) for m in user.active_memberships
    )


@rules.predicate
def not_archived(_user: User, call: Call | None) -> bool:
    return call is None or call.state != State.ARCHIVED


def _can(verb: str) -> rules.Predicate:
    return rules.Predicate(lambda _user, call: call is not None and call.state in MOVES[verb][0], name=f"can_{verb}")


@rules.predicate
def published(_user: User, call: Call | None) -> bool:
    return call is not None and call.current is not None


rules.add_perm("calls.list", prepares_calls)
rules.add_perm("calls.view_draft", prepares_calls)
rules.add_perm("calls.write", prepares_calls & not_archived)
rules.add_perm("calls.publish", prepares_calls & not_archived)
rules.add_perm("calls.duplicate", prepares_calls)
rules.add_perm("calls.open", prepares_calls & _can("open") & published)
rules.add_perm("calls.close", prepares_calls & _can("close"))
rules.add_perm("calls.archive", prepares_calls & _can("archive"))
