"""What a project seeks among firms: written, filled, withdrawn, sought again."""

from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from terreau.accounts.models import User
from terreau.core import journal
from terreau.core.moves import Refused
from terreau.engagement.lifecycle import Form, NeedState, after
from terreau.engagement.models import Need
from terreau.projects.models import Application


@transaction.atomic
def add_need(application: Application, *, by: User | None, **said: Any) -> Need:
    """A new need, open at once. Refused, in words, where its dates or its number make no sense."""
    told = _checked(**said)
    need = Need.objects.create(application=application, made_by=by, **told)
    journal.record(application, "need_added", by=by, need=need.pk, form=need.form, title=need.title)
    return need


@transaction.atomic
def change_need(need: Need, *, by: User | None, **said: Any) -> Need:
    for name, value in _checked(**said).items():
        setattr(need, name, value)
    need.save()
    journal.record(need.application, "need_changed", by=by, need=need.pk, form=need.form, title=need.title)
    return need


@transaction.atomic
def move_need(need: Need, verb: str, *, by: User | None) -> Need:
    """`fill`, `close` or `reopen`, as the table of moves has it."""
    locked = Need.objects.select_for_update().get(pk=need.pk)
    need.state = after(NeedState, locked.state, verb)
    need.save(update_fields=["state"])
    journal.record(need.application, f"need_{verb}", by=by, need=need.pk, title=need.title)
    return need


def _checked(
    *,
    form: str,
    title: str,
    text: str = "",
    starts_on: date | None = None,
    ends_on: date | None = None,
    wanted: int = 1,
) -> dict[str, Any]:
    reasons = []
    if form not in Form:
        reasons.append(_("Choisissez une forme d’engagement."))
    if not title.strip():
        reasons.append(_("Donnez un intitulé à ce que vous cherchez."))
    if starts_on and ends_on and ends_on < starts_on:
        reasons.append(_("La fin est avant le début."))
    if not 1 <= wanted <= 1000:
        reasons.append(_("Le nombre cherché va de 1 à 1 000."))
    if reasons:
        raise Refused(*reasons)
    return {
        "form": form,
        "title": title.strip(),
        "text": text.strip(),
        "starts_on": starts_on,
        "ends_on": ends_on,
        "wanted": wanted,
    }
