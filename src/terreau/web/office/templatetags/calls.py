"""The parts of a call, each with its page and what it holds in one line."""

from typing import NamedTuple

from django import template
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from terreau.calls import rulebook
from terreau.core.money import euros

register = template.Library()
ONE_FORM = {"amounts": "montants", "eligibility": "eligibilite", "lists": "listes"}


class Part(NamedTuple):
    title: str
    url: str
    text: str


@register.simple_tag
def part_url(call, part):
    """The page that mends a part of the rules."""
    if part in ONE_FORM:
        return reverse("office:call-part", args=[call.slug, ONE_FORM[part]])
    return reverse("office:call-items", args=[call.slug, part])


@register.simple_tag
def call_parts(call, rules):
    """Every part in the order in which a call is written."""
    return [
        Part(_("Présentation"), reverse("office:call-present", args=[call.slug]), call.summary[:120] or _("À écrire.")),
        Part(_("Périodes de sélection"), part_url(call, "windows"), windows(rules)),
        Part(_("Montants"), part_url(call, "amounts"), amounts(rules)),
        Part(_("Éligibilité"), part_url(call, "eligibility"), eligibility(rules)),
        Part(_("Listes"), part_url(call, "lists"), lists(rules)),
        Part(_("Formulaire"), part_url(call, "sections"), form(rules)),
        Part(_("Pièces demandées"), part_url(call, "documents"), ", ".join(d.label for d in rules.documents) or "–"),
        Part(_("Critères"), part_url(call, "criteria"), ", ".join(c.label for c in rules.criteria) or "–"),
    ]


def windows(rules):
    return ", ".join(
        _("%(label)s (avant le %(day)s)")
        % {"label": w.label, "day": date_format(localtime(w.deadline), "SHORT_DATE_FORMAT")}
        for w in rules.windows
    ) or _("Aucune.")


def amounts(rules):
    low, high, rate = rules.amounts.minimum_cents, rules.amounts.maximum_cents, rules.amounts.rate_ceiling
    found = [_("de %s") % euros(low) if low is not None else "", _("à %s") % euros(high) if high is not None else ""]
    found.append(_("%s %% au plus") % round(rate * 100) if rate else "")
    return ", ".join(text for text in found if text) or _("Aucune limite.")


def eligibility(rules):
    who = rules.eligibility
    count = len(who.legal_forms)
    forms = ngettext("%s forme juridique", "%s formes juridiques", count) % count if count else _("toutes les formes")
    age = _("%s mois d’existence") % who.minimum_age_months if who.minimum_age_months else ""
    return ", ".join(text for text in (forms, age) if text)


def lists(rules):
    counts = {
        _("types"): rules.kinds,
        _("domaines"): rules.domains,
        _("thèmes"): rules.themes,
        _("publics"): rules.publics,
    }
    return ", ".join(f"{len(choices)} {name}" for name, choices in counts.items())


def form(rules):
    count = len(rules.questions)
    return ngettext("%(s)s sections, %(n)s question", "%(s)s sections, %(n)s questions", count) % {
        "s": len(rules.sections),
        "n": count,
    }


@register.filter
def in_words(condition, rules):
    """A condition as a sentence."""
    return rulebook.condition_in_words(condition, rulebook.all_questions(rules))


@register.filter
def kind_label(question):
    return rulebook.QUESTION_KINDS[question.kind]
