"""Who may draw a basin, and change one. Roles are read from the person: accounts come after territories."""

from typing import Any

import rules

STAFF = ("officer", "delegate", "chair", "administrator")


@rules.predicate
def is_staff(user: Any) -> bool:
    return bool(user.is_active and user.has_role(*STAFF))


@rules.predicate
def is_holder(user: Any) -> bool:
    return bool(user.is_active and user.has_role("holder"))


@rules.predicate
def is_author(user: Any, basin: Any) -> bool:
    return basin is not None and basin.author_id == user.pk


rules.add_perm("territories.draw_basin", is_staff | is_holder)
rules.add_perm("territories.redraw_basin", is_staff | (is_holder & is_author))
