"""What the committee of a window has before it, what stands in the way of its seal, and what it did."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet, Sum
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from terreau.accounts.models import FUNDER_ROLES, Membership, Role, User
from terreau.calls.models import Window
from terreau.core import journal
from terreau.core.models import Entry
from terreau.core.money import euros
from terreau.projects.lifecycle import State
from terreau.projects.models import Application
from terreau.selection.lifecycle import WRITABLE, Outcome, ReviewState
from terreau.selection.models import Committee, Decision, Recusal, Review

SITTING = frozenset({Role.OFFICER, Role.CHAIR, Role.ADMINISTRATOR})


def funders_of(user: User, roles: Iterable[str] = SITTING) -> list[int]:
    """The funders for which this person holds one of these roles today."""
    return [m.organisation_id for m in user.active_memberships if m.role in roles]


def committee_windows(user: User) -> QuerySet[Window]:
    """The windows whose committee this person may see: those of their funder."""
    return Window.objects.filter(call__funder__in=funders_of(user)).select_related("call", "committee")


def committee_of(window: Window) -> Committee:
    """The committee of a window; one not yet stored where nobody has proposed anything."""
    return Committee.objects.filter(window=window).first() or Committee(window=window)


def candidates(window: Window) -> QuerySet[Application]:
    """The files before the committee: those in review; once it is sealed, those that it decided."""
    if Committee.objects.filter(window=window, sealed_at__isnull=False).exists():
        return Application.objects.filter(decisions__committee__window=window, decisions__follows=None)
    return Application.objects.filter(window=window, state=State.IN_REVIEW)


def recused_files(user: User, window: Window) -> set[int]:
    """The files of a window that this person must neither see nor decide."""
    found = Recusal.objects.filter(member__user=user, application__window=window)
    return set(found.values_list("application", flat=True))


def obstacles(committee: Committee) -> list[str]:
    """What forbids the seal, in words; empty when it may be set."""
    window = committee.window
    found = []
    decided = Decision.objects.filter(committee=committee, application__state=State.IN_REVIEW)
    undecided = candidates(window).exclude(pk__in=decided.values("application")).count()
    total = decided.filter(outcome=Outcome.SELECTED).aggregate(total=Sum("amount_cents"))["total"] or 0
    if not decided.exists():
        found.append(_("Aucune décision n’est proposée."))
    if undecided:
        found.append(
            ngettext(
                "%(count)d dossier est encore sans décision.",
                "%(count)d dossiers sont encore sans décision.",
                undecided,
            )
            % {"count": undecided}
        )
    if total > window.envelope_cents:
        found.append(_("L’enveloppe est dépassée de %(amount)s.") % {"amount": euros(total - window.envelope_cents)})
    return found


def warnings(committee: Committee) -> list[str]:
    """What the chair should know before the seal, without forbidding it."""
    window = committee.window
    found = []
    waiting = Application.objects.filter(window=window, state__in=[State.SUBMITTED, State.INCOMPLETE, State.ADMITTED])
    if count := waiting.count():
        found.append(
            ngettext(
                "%(count)d dossier déposé n’est pas encore en instruction : il ne sera pas décidé ici.",
                "%(count)d dossiers déposés ne sont pas encore en instruction : ils ne seront pas décidés ici.",
                count,
            )
            % {"count": count}
        )
    unread = Review.objects.filter(application__window=window, application__state=State.IN_REVIEW, state__in=WRITABLE)
    if count := unread.count():
        found.append(
            ngettext(
                "%(count)d lecture n’est pas rendue : elle ne comptera pas.",
                "%(count)d lectures ne sont pas rendues : elles ne compteront pas.",
                count,
            )
            % {"count": count}
        )
    return found


def members(window: Window) -> QuerySet[Membership]:
    """Who may sit in the committee: the funder's people, today."""
    return (
        Membership.objects.filter(organisation=window.call.funder_id, role__in=FUNDER_ROLES, left_at=None)
        .select_related("user")
        .order_by("user__last_name", "user__first_name", "pk")
    )


def reviews_before_committee(application: Application) -> QuerySet[Review]:
    """The rendered readings of one file, with every score and its justification."""
    done = application.reviews.filter(state=ReviewState.DONE)
    return done.select_related("juror__user").prefetch_related("scores").order_by("-total", "pk")


def decision_log(committee: Committee) -> QuerySet[Entry]:
    """Who proposed, changed, withdrew, recused and sealed, newest first."""
    return journal.history(committee) if committee.pk else Entry.objects.none()


@dataclass(frozen=True)
class LogLine:
    """One act of the committee, in words."""

    at: datetime
    actor: str
    words: str
    reference: str
    detail: str


WORDS = {
    "convene": gettext_lazy("Comité ouvert"),
    "propose": gettext_lazy("Proposition"),
    "withdraw_proposal": gettext_lazy("Proposition retirée"),
    "recuse_member": gettext_lazy("Déport"),
    "refer_to": gettext_lazy("Scénario de référence"),
    "depart": gettext_lazy("Écart à l’optimum"),
    "record_pack": gettext_lazy("Dossier de séance remis"),
    "seal": gettext_lazy("Comité scellé"),
    "settle_reserve": gettext_lazy("Suite de la liste d’attente"),
}


def log_lines(committee: Committee, user: User) -> list[LogLine]:
    """The log for one reader, without the files that they left the room for."""
    hidden = set(
        Recusal.objects.filter(member__user=user, application__window=committee.window).values_list(
            "application__reference", flat=True
        )
    )
    return [
        LogLine(e.at, e.actor_label, str(WORDS[e.verb]), e.details.get("reference", ""), _in_words(e.details))
        for e in decision_log(committee)
        if e.verb in WORDS and e.details.get("reference") not in hidden
    ]


def _in_words(details: dict[str, Any]) -> str:
    outcome, votes = details.get("outcome"), details.get("votes") or []
    parts = [details.get("member", ""), str(Outcome(outcome).label) if outcome else ""]
    if details.get("amount_cents"):
        parts.append(euros(details["amount_cents"]))
    if any(vote is not None for vote in votes):
        yes, no, none = ("–" if vote is None else vote for vote in votes)
        parts.append(_("pour %(yes)s, contre %(no)s, abstention %(none)s") % {"yes": yes, "no": no, "none": none})
    return " · ".join(
        part for part in [*parts, details.get("name", ""), details.get("reason", ""), details.get("digest", "")] if part
    )
