"""The letters: their templates, the text they make, the outbox, and who has been told."""

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import Any

from django.conf import settings
from django.db.models import Count, Q, QuerySet
from django.utils import formats, timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from terreau.accounts.models import User
from terreau.calls.models import Call
from terreau.core import mail, wording
from terreau.core.models import Mail
from terreau.core.money import euros
from terreau.projects.lifecycle import State
from terreau.projects.models import Application
from terreau.selection.lifecycle import LetterState, Outcome
from terreau.selection.models import Committee, Decision, Letter, LetterTemplate
from terreau.selection.queries.committee import funders_of

FIELDS = {
    "title": gettext_lazy("titre du projet"),
    "reference": gettext_lazy("numéro du dossier"),
    "holder": gettext_lazy("structure porteuse"),
    "call": gettext_lazy("appel à projets"),
    "window": gettext_lazy("période de sélection"),
    "funder": gettext_lazy("financeur"),
    "committee_date": gettext_lazy("date du comité"),
    "requested": gettext_lazy("montant demandé"),
    "amount": gettext_lazy("montant accordé"),
    "reason": gettext_lazy("motif de la décision"),
    "score": gettext_lazy("note et son intervalle, si le bureau choisit de la citer"),
    "threshold": gettext_lazy("ce qui a manqué pour être retenu, si le bureau choisit de le citer"),
    "rule": gettext_lazy("règle qui a fait obstacle, si le bureau choisit de la citer"),
    "advice": gettext_lazy("remarques des jurés, jamais leur nom, que le bureau choisit"),
    "link": gettext_lazy("adresse de l’espace du porteur de projet"),
}

QUOTED = ("score", "threshold", "rule", "advice")  # chosen letter by letter; empty until then
NOTHING: Mapping[str, str] = MappingProxyType(dict.fromkeys(QUOTED, ""))
EXAMPLES = {  # to try a template on
    "score": gettext_lazy("[La note de votre dossier est de 61 sur 100 ; elle se situe entre 54 et 68.]"),
    "threshold": gettext_lazy("[Il lui a manqué 3,2 points pour entrer dans la meilleure sélection possible.]"),
    "rule": gettext_lazy("[Une règle de la sélection y a fait obstacle : thème « Mobilité », au plus 3 projets.]"),
    "advice": gettext_lazy("[Les personnes qui ont lu votre dossier ont relevé : – Le partenariat reste à écrire.]"),
}
QUOTES = "\n\n{score}\n\n{threshold}\n\n{rule}\n\n{advice}"

SUBJECTS = {
    Outcome.SELECTED: "Votre projet « {title} » est retenu",
    Outcome.RESERVE: "Votre projet « {title} » est sur liste d’attente",
    Outcome.DEFERRED: "Votre projet « {title} » est ajourné",
    Outcome.DECLINED: "Votre projet « {title} » n’est pas retenu",
}
OPENING = (
    "Bonjour,\n\nVous avez déposé le dossier {reference}, « {title} », porté par {holder}, "
    "en réponse à l’appel à projets « {call} » ({window}).\n\n"
)
CLOSING = "\n\nVous retrouvez cette décision dans votre espace : {link}\n\nBien cordialement,\n{funder}\n"
MIDDLES = {
    Outcome.SELECTED: (
        "Le comité du {committee_date} a retenu votre projet. Il lui accorde {amount}, pour {requested} demandés.\n\n"
        "{reason}\n\n"
        "Une convention vous sera proposée : elle fixera le calendrier des versements et les bilans attendus. "
        "Aucune somme n’est versée avant sa signature par les deux parties."
    ),
    Outcome.RESERVE: (
        "Le comité du {committee_date} a placé votre projet sur liste d’attente : sa qualité est reconnue, mais "
        "l’enveloppe ne permet pas de le financer aujourd’hui. Nous reviendrons vers vous si des crédits se libèrent."
        "\n\n{reason}" + QUOTES
    ),
    Outcome.DEFERRED: (
        "Le comité du {committee_date} a ajourné votre projet : il pourra être présenté de nouveau, une fois complété."
        "\n\n{reason}" + QUOTES
    ),
    Outcome.DECLINED: (
        "Le comité du {committee_date} n’a pas retenu votre projet, pour le motif suivant :\n\n{reason}"
        + QUOTES
        + "\n\n"
        "Votre délégué·e régional·e peut vous aider à comprendre cette décision et à préparer une autre demande."
    ),
}


def unknown_fields(text: str) -> list[str]:
    """The names between braces that no letter knows. ValueError, in words, where the braces themselves are wrong."""
    return sorted({name for _line, name in wording.unknown_fields(text, FIELDS)})


def letter_fields(decision: Decision, quotes: Mapping[str, str] = NOTHING) -> dict[str, str]:
    """What each field says for one decision, in French: letters are written in the language of the call.

    `quotes` are the sentences chosen for this letter, by field of `QUOTED`.
    """
    application, window = decision.application, decision.committee.window
    with translation.override(settings.LANGUAGE_CODE):
        day = decision_day(decision)
        return {
            "title": application.title or application.reference,
            "reference": application.reference,
            "holder": application.holder.name,
            "call": application.call.title,
            "window": window.label,
            "funder": application.call.funder.name,
            "committee_date": formats.date_format(day, "DATE_FORMAT"),
            "requested": euros(application.requested_cents),
            "amount": euros(decision.amount_cents) if decision.outcome == Outcome.SELECTED else "",
            "reason": decision.reason.strip(),
            **{name: quotes.get(name, "") for name in QUOTED},
            "link": mail.link("/accueil/"),
        }


def decision_day(decision: Decision) -> date:
    """The day of the committee; of the decision itself where it settles a file left in reserve."""
    if decision.follows_id:
        return timezone.localdate(decision.decided_at)
    return decision.committee.window.committee_on or timezone.localdate(decision.committee.sealed_at)


def template_of(call: Call, outcome: str) -> LetterTemplate:
    """The template of a call for one outcome; the house's own words where nobody has written others."""
    return LetterTemplate.objects.filter(call=call, outcome=outcome).first() or default_template(call, outcome)


def default_template(call: Call, outcome: str) -> LetterTemplate:
    kind = Outcome(outcome)
    return LetterTemplate(call=call, outcome=kind, subject=SUBJECTS[kind], body=OPENING + MIDDLES[kind] + CLOSING)


def letter_text(template: LetterTemplate, decision: Decision, quotes: Mapping[str, str] = NOTHING) -> tuple[str, str]:
    """Subject (one line, at most 200 signs) and body of the letter that tells a decision."""
    fields = letter_fields(decision, quotes)
    subject = " ".join(wording.fill(template.subject, fields).split())
    return (subject if len(subject) <= 200 else subject[:199] + "…"), wording.fill(template.body, fields)


def sample_decision(call: Call, outcome: str) -> Decision | None:
    """A decision to try a template on: a real one of this outcome, else a filed file as if it were decided so."""
    related = ("application__holder", "application__call__funder", "committee__window")
    real = Decision.objects.filter(committee__window__call=call, outcome=outcome).select_related(*related).first()
    if real:
        return real
    files = Application.objects.filter(call=call, window__isnull=False).exclude(state=State.DRAFT)
    application = files.select_related("holder", "call__funder", "window").first()
    if application is None or application.window is None:
        return None
    return Decision(
        application=application,
        committee=Committee(window=application.window),
        outcome=outcome,
        amount_cents=application.requested_cents if outcome == Outcome.SELECTED else None,
        reason=_("Motif donné par le comité."),
    )


def letter_calls(user: User) -> QuerySet[Call]:
    """The calls whose letters this person may see."""
    return Call.objects.filter(funder__in=funders_of(user)).select_related("funder")


def _trouble() -> Q:
    return Q(mail__in=mail.in_trouble())


LETTER_TABS = {
    "draft": gettext_lazy("À relire"),
    "approved": gettext_lazy("Relues, prêtes à partir"),
    "leaving": gettext_lazy("En cours d’envoi"),
    "trouble": gettext_lazy("À décider"),
    "posted": gettext_lazy("Parties"),
}


def _tab(key: str) -> Q:
    posted = Q(state=LetterState.POSTED)
    unsent = Q(mail__state__in=[Mail.State.QUEUED, Mail.State.SENDING])
    return {
        "draft": Q(state=LetterState.DRAFT),
        "approved": Q(state=LetterState.APPROVED),
        "leaving": posted & unsent & ~_trouble(),
        "trouble": posted & _trouble(),
        "posted": posted & (Q(mail__isnull=True) | Q(mail__state=Mail.State.SENT)),
    }[key]


def letter_counts(call: Call) -> dict[str, int]:
    """How many letters of a call stand in each tab. One query."""
    letters = Letter.objects.filter(decision__committee__window__call=call)
    return letters.aggregate(**{key: Count("pk", filter=_tab(key)) for key in LETTER_TABS})


def letter_calls_with_counts(user: User) -> QuerySet[Call]:
    """The calls with how many letters wait to be read, to leave, and how many left."""
    letters = "windows__committee__decisions__letter"
    counts = {
        f"{state.value}_letters": Count(letters, filter=Q(**{f"{letters}__state": state}), distinct=True)
        for state in LetterState
    }
    return letter_calls(user).annotate(**counts)


def letters_for(user: User) -> QuerySet[Letter]:
    """Every letter that this person may see."""
    related = ("decision__application__holder", "decision__committee__window__call", "mail", "approved_by")
    return Letter.objects.filter(decision__committee__window__call__funder__in=funders_of(user)).select_related(
        *related
    )


def outbox(call: Call, tab: str | None = None) -> QuerySet[Letter]:
    """The letters of a call, those of one tab if asked."""
    letters = Letter.objects.filter(decision__committee__window__call=call)
    if tab:
        letters = letters.filter(_tab(tab))
    related = ("decision__application__holder", "decision__committee__window", "mail", "approved_by")
    return letters.select_related(*related).order_by("decision__outcome", "decision__application__reference")


def told(application: Application) -> bool:
    """The holder knows the decision: its letter was posted, or the office said that it told them otherwise."""
    return application.announced_at is not None


def published(**filters: Any) -> QuerySet[Application]:
    """Selected projects that everybody may know: selected by a sealed committee, and announced to their holder."""
    return Application.objects.filter(state=State.SELECTED, announced_at__isnull=False, **filters)
