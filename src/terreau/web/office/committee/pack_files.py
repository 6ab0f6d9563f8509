"""What the pack says of each file: facts, scores, opinions, the optimum and the decision, in a handful of queries."""

from collections import defaultdict

from django.db.models import Avg
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from terreau.core.money import euros
from terreau.projects.models import Application
from terreau.selection import queries
from terreau.selection.lifecycle import Outcome, ReviewState, Verdict
from terreau.selection.models import Opinion, Score
from terreau.web.office.committee.pack_map import marks as marks_of
from terreau.web.office.committee.pack_reasons import reasons

SUMMARY, OPINION = 1_400, 500  # characters: a file keeps to one page


def described(window, rows, scores):
    """One entry a row of the ranking, in its order."""
    pks = [row.application_id for row in rows]
    files = Application.objects.filter(pk__in=pks).select_related("holder", "call", "version", "region")
    known = {file.pk: file for file in files.prefetch_related("territories")}
    marks, opinions, why = means(pks), opinions_of(pks), reasons(window, {row.reference for row in rows})
    calibrated = calibrated_facts(scores)
    return [
        {
            "reference": row.reference,
            "title": row.title or row.reference,
            "facts": facts(window, row, known[row.application_id], calibrated.get(row.reference)),
            "summary": Truncator(known[row.application_id].summary).chars(SUMMARY) or "–",
            "marks": criteria(known[row.application_id], marks[row.application_id]),
            "opinions": opinions[row.application_id],
            "optimum": why.get(row.reference, ""),
            "decision": decision(row),
            "points": marks_of(known[row.application_id].territories.all()),
        }
        for row in rows
    ]


def facts(window, row, file, calibrated):
    rules = window.call.rules
    places = ", ".join(sorted(place.name for place in file.territories.all()))
    share = f" ({100 * row.requested_cents / file.total_cents:.0f}\u00a0%)" if file.total_cents else ""
    spread = _(" (écart %(spread)s)") % {"spread": points(row.spread)} if row.spread else ""
    return [
        [_("Structure porteuse"), row.holder],
        [_("Région"), row.region or "–"],
        [_("Territoires"), Truncator(places).chars(200) or "–"],
        [_("Type de projet"), rules.label("kinds", row.kind) or "–"],
        [_("Thèmes"), ", ".join(rules.label("themes", key) for key in row.themes) or "–"],
        [_("Budget total"), euros(file.total_cents)],
        [_("Montant demandé"), euros(row.requested_cents) + share],
        [_("Montant proposé"), euros(row.proposed_cents)],
        [_("Note brute"), points(row.mean) + spread],
        [_("Note calibrée"), calibrated or "–"],
        [_("Lectures rendues"), f"{row.reviews} / {row.expected_reviews}"],
    ]


def calibrated_facts(scores):
    """`62,4 ± 5,1, rang entre 12 et 40` for each reference."""
    if scores is None:
        return {}
    found = scores.scores
    return {
        reference: _("%(mean)s ± %(sd)s, rang entre %(low)d et %(high)d")
        % {"mean": points(mean), "sd": points(1.96 * sd), "low": low, "high": high}
        for reference, mean, sd, low, high in zip(
            scores.references, found.mean, found.sd, found.rank_low, found.rank_high, strict=True
        )
    }


def means(pks):
    """The mean of the rendered scores of each criterion, by file."""
    found = defaultdict(dict)
    done = Score.objects.filter(review__application__in=pks, review__state=ReviewState.DONE, value__isnull=False)
    rows = done.order_by().values("review__application_id", "criterion").annotate(mean=Avg("value"))
    for pk, criterion, mean in rows.values_list("review__application_id", "criterion", "mean"):
        found[pk][criterion] = mean
    return found


def criteria(file, marks):
    grid = queries.criteria_of(file)
    return [[c.label, points(marks[c.key]), str(c.maximum)] for c in grid if c.key in marks]


def opinions_of(pks):
    """`Avis favorable : …`, without the delegate's name."""
    found = defaultdict(list)
    rendered = Opinion.objects.filter(application__in=pks, rendered_at__isnull=False).exclude(verdict="")
    for pk, verdict, text in rendered.order_by("rendered_at", "pk").values_list("application_id", "verdict", "text"):
        words = _("Avis %(verdict)s") % {"verdict": Verdict(verdict).label}
        found[pk].append([words, Truncator(text).chars(OPINION)])
    return found


def decided(row):
    return str(Outcome(row.outcome).label) if row.outcome else "–"


def decision(row):
    reason = row.decision.reason if row.decision else ""
    amount = f", {euros(row.proposed_cents)}" if row.proposed_cents is not None else ""
    return decided(row) + amount + (f". {reason}" if reason else "")


def points(value):
    return "–" if value is None else f"{value:.1f}".replace(".", ",")
