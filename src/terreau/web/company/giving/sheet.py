"""The statement of one fiscal year as a table: figures of the forms, ledgers, gifts one by one."""

from django.utils.translation import gettext as _


def rows(year):
    """Euros with a dot, ISO dates; the figures in cents where the forms round to the euro."""
    settled, facts = year.settled, year.settled.exercise
    yield ["exercice", "rubrique", "origine_ou_date", "beneficiaire", "siren", "recu", "montant", "contreparties"]
    figures = [
        (_("Dons de l’exercice"), facts.gifts),
        (_("Plafond de l’exercice"), settled.cap),
        (_("Dons de l’exercice retenus"), settled.own),
        *((_("Excédent antérieur employé"), line.cents, line.year) for line in settled.excess_used),
        (_("Base de la réduction"), settled.base),
        (_("Réduction d’impôt de l’exercice"), settled.reduction),
        (_("Réduction imputée sur l’impôt"), settled.imputed),
        (_("Coût net"), year.net_cost),
        *((_("Excédent reporté"), excess, origin) for origin, _last, excess, _credit in year.ledgers if excess),
        *((_("Réduction reportée"), credit, origin) for origin, _last, _excess, credit in year.ledgers if credit),
    ]
    for label, cents, *origin in figures:
        yield line(year, label, cents, origin=origin[0] if origin else "")
    for gift in year.gifts:
        yield line(year, _("Don avec un reçu en vigueur"), gift.amount_cents, gift=gift)
    if year.exercise.other_gifts_cents:
        yield line(year, _("Dons faits ailleurs"), year.exercise.other_gifts_cents)


def line(year, label, cents, *, origin="", gift=None):
    told = [origin, "", "", ""]
    if gift:
        told = [gift.given_on.isoformat(), gift.recipient.name, gift.recipient.siren, str(gift.in_force[0])]
    benefit = euros(gift.return_cents) if gift else ""
    return [year.exercise.closes_on.isoformat(), label, *told, euros(cents), benefit]


def euros(cents):
    return f"{cents // 100}.{cents % 100:02}"
