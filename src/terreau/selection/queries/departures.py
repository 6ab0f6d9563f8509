"""Where the committee's proposals differ from its scenario of reference."""

from dataclasses import dataclass

from terreau.selection.lifecycle import Outcome
from terreau.selection.models import Committee, Decision


@dataclass(frozen=True)
class Gap:
    """A decision that the optimum of reference would not have taken. `optimum_cents`: None where it leaves it out."""

    decision: Decision
    optimum_cents: int | None

    @property
    def reference(self) -> str:
        return self.decision.application.reference

    @property
    def cents(self) -> int | None:
        """What the committee grants; None where it does not select the file."""
        return self.decision.amount_cents if self.decision.outcome == Outcome.SELECTED else None

    @property
    def is_amount(self) -> bool:
        """Selected by both: the amounts alone differ."""
        return self.cents is not None and self.optimum_cents is not None


def gaps(committee: Committee) -> list[Gap]:
    """The decisions against the scenario of reference, by reference of the file; none without a scenario."""
    if committee.reference is None:
        return []
    granted = committee.reference.outcome["granted"]
    decisions = Decision.objects.filter(committee=committee, follows=None).select_related("application", "decided_by")
    found = [Gap(d, granted.get(d.application.reference)) for d in decisions.order_by("application__reference")]
    return [gap for gap in found if gap.cents != gap.optimum_cents]
