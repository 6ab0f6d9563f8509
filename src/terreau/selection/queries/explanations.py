"""What a letter may quote of a decision, in words that a holder can read: nobody is named, no other file either."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils import formats, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from terreau.calls.rulebook import Rulebook
from terreau.core.money import euros
from terreau.methods.selection.instance import Measure, Rule
from terreau.methods.selection.outcome import Budget, Constraint, Either, OnePer, Together
from terreau.projects.queries import rules_of
from terreau.selection.lifecycle import Outcome, ReviewState
from terreau.selection.models import Decision, Letter, LetterTemplate, Scenario
from terreau.selection.queries.anonymity import Person, jury_people, names_in, scrubbed
from terreau.selection.queries.instance import instance_of
from terreau.selection.queries.letters import letter_text, template_of
from terreau.selection.queries.readings import calibrated
from terreau.selection.queries.scenarios import load_outcome, parameters_of

if TYPE_CHECKING:
    from terreau.methods.selection.reasons import Reason

NORMAL = 1.96  # half a 95 % interval, in standard deviations
EXPLAINED = frozenset({Outcome.RESERVE, Outcome.DEFERRED, Outcome.DECLINED})
HEADS = {
    "region": gettext_lazy("région"),
    "theme": gettext_lazy("thème"),
    "public": gettext_lazy("public"),
    "kind": gettext_lazy("type de projet"),
}
GROUPS = {"theme": "themes", "public": "publics", "kind": "kinds"}


@dataclass(frozen=True)
class Remark:
    """Something that a juror wrote and that a letter could quote. `key` is stable; `text` has no juror's name in it."""

    key: str
    about: str
    text: str


@dataclass(frozen=True)
class Explanation:
    """The sentences that one letter may quote, empty where there is nothing to say."""

    score: str
    threshold: str
    rule: str
    remarks: tuple[Remark, ...]


def explanation(decision: Decision) -> Explanation:
    """Everything that the office may choose from for one decision. The threshold is solved: a second or so."""
    with translation.override(settings.LANGUAGE_CODE):
        threshold, rule = _distance(decision)
        return Explanation(score_words(decision), threshold, rule, tuple(_remarks(decision)))


def score_words(decision: Decision) -> str:
    """The calibrated score and its interval; nothing where nobody read the file."""
    found = calibrated(decision.committee.window)
    reference = decision.application.reference
    if found is None or reference not in found.references:
        return ""
    n = found.references.index(reference)
    mean, margin = float(found.scores.mean[n]), NORMAL * float(found.scores.sd[n])
    low, high = max(0.0, mean - margin), min(100.0, mean + margin)
    return _(
        "La note de votre dossier, une fois les lectures ramenées à une même échelle, est de %(mean)s sur 100 ; compte "
        "tenu du nombre de lectures et de leurs écarts, elle se situe entre %(low)s et %(high)s."
    ) % {"mean": _round(min(max(mean, 0.0), 100.0)), "low": _round(low), "high": _round(high)}


def _round(value: float) -> str:
    return formats.number_format(value, 0)


def _distance(decision: Decision) -> tuple[str, str]:
    """How far the file was from the best portfolio of the scenario of reference, and what barred it."""
    scenario = decision.committee.reference
    reference = decision.application.reference
    if scenario is None or reference in scenario.outcome["granted"]:
        return "", ""
    reason = _reason(scenario, reference)
    if reason is None:
        return "", ""
    rules = [words for one in reason.in_the_way if (words := constraint_words(one, rules_of(decision.application)))]
    rule = ""
    if rules:
        said = ngettext(
            "Une règle de la sélection y a fait obstacle : %(rules)s.",
            "Des règles de la sélection y ont fait obstacle : %(rules)s.",
            len(rules),
        )
        rule = said % {"rules": " ; ".join(rules)}
    return threshold_words(reason), rule


def _reason(scenario: Scenario, reference: str) -> "Reason | None":
    from terreau.methods.selection.reasons import why_not

    question = instance_of(scenario.input.content, parameters_of(scenario))
    if reference not in question.ids:
        return None
    return next(iter(why_not(question, load_outcome(scenario.outcome), [reference])), None)


def threshold_words(reason: "Reason") -> str:
    """« Il lui a manqué N points »: the best portfolio with the file, beside the best portfolio."""
    if not reason.possible:
        return _("Aucune sélection qui respecte les règles de l’appel et l’enveloppe ne pouvait le comprendre.")
    points = round(reason.short_points, 1)
    if points <= 0:
        return _("À égalité de points avec des projets retenus, il a été départagé selon l’ordre annoncé.")
    return ngettext(
        "Il lui a manqué %(points)s point pour entrer dans la meilleure sélection possible avec l’enveloppe.",
        "Il lui a manqué %(points)s points pour entrer dans la meilleure sélection possible avec l’enveloppe.",
        2 if points >= 2 else 1,
    ) % {"points": formats.number_format(points, 1)}


def constraint_words(one: Constraint, rules: Rulebook) -> str:
    """A rule without any other file in it; nothing for what the committee decides file by file."""
    match one:
        case Budget():
            return _("l’enveloppe de la période")
        case OnePer():
            return _("une seule subvention par structure")
        case Together() | Either():
            return _("un lien avec un autre dossier de la période")
        case Rule():
            return _rule_words(one, rules)
    return ""


def _rule_words(one: Rule, rules: Rulebook) -> str:
    value = rules.label(GROUPS[one.attribute], one.value) if one.attribute in GROUPS else one.value
    limit = {
        Measure.COUNT: lambda: ngettext("%(n)s projet", "%(n)s projets", int(one.limit)) % {"n": _round(one.limit)},
        Measure.MONEY: lambda: euros(int(one.limit)),
        Measure.SHARE: lambda: _("%(share)s %% du montant accordé") % {"share": _round(100 * one.limit)},
    }[one.measure]()
    side = _("au moins %(limit)s") if one.is_floor else _("au plus %(limit)s")
    about = f"{HEADS[one.attribute]} « {value} »" if one.attribute in HEADS else _("tous les projets")
    return f"{about}, {side % {'limit': limit}}"


def _remarks(decision: Decision) -> Iterator[Remark]:
    """The comments and justifications of the rendered readings, without who wrote them, in no order of people."""
    people = jury_people(decision.committee.window)
    labels = {criterion.key: criterion.label for criterion in rules_of(decision.application).criteria}
    reviews = decision.application.reviews.filter(state=ReviewState.DONE).prefetch_related("scores")
    found = []
    for review in reviews:
        if review.comment.strip():
            found.append(Remark(f"{review.pk}:", _("Commentaire général"), scrubbed(review.comment.strip(), people)))
        for score in review.scores.all():
            if score.justification.strip():
                about = labels.get(score.criterion, score.criterion)
                text = scrubbed(score.justification.strip(), people)
                found.append(Remark(f"{review.pk}:{score.criterion}", about, text))
    yield from sorted(found, key=lambda remark: (remark.about, remark.text))


@dataclass(frozen=True)
class Choice:
    """What the office chose to quote in one letter; `advice` holds keys of remarks."""

    score: bool = False
    threshold: bool = False
    rule: bool = False
    advice: tuple[str, ...] = ()

    def dumped(self) -> dict[str, Any]:
        """As JSON; `Choice.read` gives it back."""
        return {"score": self.score, "threshold": self.threshold, "rule": self.rule, "advice": list(self.advice)}

    @classmethod
    def read(cls, content: Mapping[str, Any]) -> "Choice":
        score, threshold, rule = (bool(content.get(name)) for name in ("score", "threshold", "rule"))
        return cls(score, threshold, rule, tuple(map(str, content.get("advice", ()))))


def quoted(found: Explanation, choice: Choice) -> dict[str, str]:
    """The fields of a letter for what was chosen."""
    chosen = [remark.text for remark in found.remarks if remark.key in choice.advice]
    with translation.override(settings.LANGUAGE_CODE):
        lead = _("Les personnes qui ont lu votre dossier ont relevé :")
    return {
        "score": found.score if choice.score else "",
        "threshold": found.threshold if choice.threshold else "",
        "rule": found.rule if choice.rule else "",
        "advice": "\n\n".join([lead, *(f"– {text}" for text in chosen)]) if chosen else "",
    }


def jurors_named(letters: Iterable[Letter]) -> dict[str, list[str]]:
    """Reference → the words by which a letter names somebody of the jury; letters that name nobody are left out.

    What the letter says without the committee's words, the choice of the office or a hand may name anybody: a title,
    a holder, a région. Constant queries for the letters of one window.
    """
    templates: dict[tuple[int, str], LetterTemplate] = {}
    people: dict[int, frozenset[Person]] = {}
    found = {}
    for letter in letters:
        decision, window = letter.decision, letter.decision.committee.window
        key = window.call_id, decision.outcome
        if key not in templates:
            templates[key] = template_of(window.call, decision.outcome)
        if window.pk not in people:
            people[window.pk] = jury_people(window)
        own = _own_words(templates[key], decision)
        if words := names_in(f"{letter.subject}\n{letter.body}", people[window.pk], own):
            found[decision.application.reference] = words
    return found


def _own_words(template: LetterTemplate, decision: Decision) -> list[str]:
    """The paragraphs of the letter before anybody wrote in it, and the names that stand in its sentences."""
    application, window = decision.application, decision.committee.window
    bare = Decision(application=application, committee=decision.committee, outcome=decision.outcome, reason="")
    bare.amount_cents = decision.amount_cents
    bare.follows_id, bare.decided_at = decision.follows_id, decision.decided_at
    subject, body = letter_text(template, bare)
    region = [application.region.name] if application.region else []
    rules = window.call.rules
    labels = [choice.label for group in ("themes", "publics", "kinds") for choice in getattr(rules, group)]
    holder, funder = application.holder.name, window.call.funder.name
    return [
        subject,
        *body.split("\n\n"),
        application.title,
        holder,
        window.call.title,
        window.label,
        funder,
        *region,
        *labels,
    ]
