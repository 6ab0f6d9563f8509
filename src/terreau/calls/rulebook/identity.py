"""The questions that every call asks: their answers also fill the columns that lists sort and filter by."""

from django.utils.translation import gettext as _

from terreau.calls.rulebook.parts import Choice, Question, QuestionKind, Rulebook, Section

REQUESTED = "requested"  # cents; comes from the budget, conditions may read it
TITLE_LENGTH = 200


def identity(rules: Rulebook) -> Section:
    """The first section of every form: title, summary, kind, domain, themes, publics, territories, window."""
    windows = tuple(Choice(w.key, w.label) for w in rules.windows)
    questions = [
        Question("title", "short_text", _("Titre du projet"), required=True, limit=TITLE_LENGTH),
        Question(
            "summary",
            "long_text",
            _("Résumé"),
            help=_("Ce texte présente le projet à quelqu’un qui le découvre. Il est publié si le projet est retenu."),
            required=True,
            limit=rules.summary_words,
        ),
        *_listed("window", "choice", _("Période de sélection"), windows),
        *_listed("kind", "choice", _("Type de projet"), rules.kinds),
        *_listed("domain", "choice", _("Domaine"), rules.domains),
        *_listed("themes", "choices", _("Thèmes"), rules.themes, rules.themes_maximum),
        *_listed("publics", "counts", _("Participants attendus, par public"), rules.publics),
        Question("territories", "territory", _("Territoires d’intervention"), required=True),
    ]
    return Section("identity", _("Votre projet en bref"), questions=tuple(questions))


def _listed(
    key: str, kind: QuestionKind, label: str, choices: tuple[Choice, ...], maximum: int | None = None
) -> list[Question]:
    """A question on a list of the rulebook; not asked where the list is empty."""
    return [Question(key, kind, label, required=True, choices=choices, maximum=maximum)] if choices else []


def requested_question(rules: Rulebook) -> Question:
    """The amount asked of this funder, as conditions see it."""
    amounts = rules.amounts
    return Question(
        REQUESTED,
        "money",
        _("Montant demandé"),
        required=True,
        minimum=amounts.minimum_cents,
        maximum=amounts.maximum_cents,
    )


def all_questions(rules: Rulebook) -> dict[str, Question]:
    """Every question a condition may read, in the order they are asked."""
    asked = {q.key: q for q in (requested_question(rules), *identity(rules).questions)}
    return asked | {key: q for key, q in rules.questions.items() if key not in asked}


BUILT_IN = ("title", "summary", "window", "kind", "domain", "themes", "publics", "territories", REQUESTED)
