"""The identity of an organisation, filled in from its SIRET or its RNA number where the directory is loaded."""

from django.conf import settings
from django.shortcuts import render
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from terreau.accounts.forms import CommuneField, OrganisationForm
from terreau.accounts.identifiers import check_rna, check_siret
from terreau.accounts.models import LegalForm
from terreau.engagement.reference import directory
from terreau.territories.models import Level, Territory


def page(request, template, form, **context):
    """The form, with the button that fills it where there is something to fill it from."""
    fillable = directory.is_loaded() or directory.associations_loaded()
    return render(request, template, {"form": form, "fillable": fillable} | context)


def filled(request, template, **context):
    """The same form again: what was typed, and over it what the directory says."""
    typed = {name: request.POST.get(name, "") for name in OrganisationForm.base_fields}
    found, told = looked_up(typed["siret"], typed["rna"])
    form = OrganisationForm(initial=typed | found)
    return page(request, template, form, told=told, tone="success" if found else "warning", **context)


def looked_up(siret, rna):
    """What the directory knows by one number or the other, and what to say of it."""
    try:
        if siret.strip():
            return by_siret(check_siret(siret))
        return by_rna(check_rna(rna))
    except ValueError as refused:
        return {}, str(refused)


def by_siret(siret):
    found = directory.firm(siret)
    if found is None:
        return {}, _("Notre annuaire ne connaît pas ce SIRET, qui est peut-être récent : écrivez l’identité vous-même.")
    if not found.is_open:
        return {}, closed(found)
    if not found.is_diffusible:
        return {}, _("Sirene ne montre pas cette entreprise, à sa demande : écrivez son identité vous-même.")
    values = {
        "name": found.name[:200],
        "legal_form": found.legal_form,
        "address": found.address[:200],
        "commune": commune(found.commune, found.commune_name),
        "founded_on": found.founded_on,
    }
    said = _("Identité reprise de Sirene (Insee) : vérifiez-la.")
    if settings.DEMO:
        said = _("Identité reprise de l’annuaire fictif de la démonstration : vérifiez-la.")
    return values | ({"rna": found.rna} if found.rna else {}), said


def by_rna(rna):
    found = directory.association(rna)
    if found is None:
        return {}, _("Notre annuaire ne connaît pas ce numéro RNA : écrivez l’identité vous-même.")
    if not found.is_open:
        return {}, _("D’après le RNA, cette association est dissoute. Vérifiez le numéro.")
    values = {
        "name": found.name[:200],
        "legal_form": LegalForm.ASSOCIATION.value,
        "address": found.address[:200],
        "commune": commune(found.commune, found.commune_name),
        "founded_on": found.founded_on,
    }
    return values | ({"siret": found.siret} if found.siret else {}), _("Identité reprise du RNA : vérifiez-la.")


def closed(establishment):
    if establishment.closed_on is None:
        return _("D’après Sirene, cette entreprise est fermée. Vérifiez le SIRET.")
    day = date_format(establishment.closed_on, "DATE_FORMAT")
    return _("D’après Sirene, cet établissement est fermé depuis le %(day)s. Vérifiez le SIRET.") % {"day": day}


def is_closed(siret):
    """What to say of a closed establishment, nothing of another."""
    found = directory.firm(siret) if siret else None
    return closed(found) if found and not found.is_open else ""


def commune(code, name):
    known = Territory.objects.filter(level=Level.COMMUNE, code=code).first() if code else None
    return CommuneField.shown(known) if known else name
