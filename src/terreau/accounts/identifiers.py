"""Identifiers of organisations: SIREN and SIRET, the RNA number, the local registers of Alsace-Moselle.

An association of Alsace-Moselle (Bas-Rhin, Haut-Rhin, Moselle) is entered in a register kept by its court and has no
RNA number by origin: its SIRET, or its register reference, is enough.
"""

import re

from django.utils.translation import gettext as _
from stdnum.exceptions import ValidationError
from stdnum.fr import siren, siret

RNA = re.compile(r"W\d[A-Z\d]\d{7}", re.ASCII)  # the third sign is a letter in Corsica: W2A…, W2B…
COURTS = re.compile(r"[^\W\d]{3,}")
SEPARATORS = re.compile(r"[\s.\-\u2010-\u2015]+")


def compact(text: str) -> str:
    """Without the spaces, dots and dashes that people write between the groups."""
    return SEPARATORS.sub("", str(text)).upper()


def check_siren(text: str) -> str:
    """Nine digits with their Luhn key. ValueError, in words, otherwise."""
    number = compact(text)
    try:
        siren.validate(number)
    except ValidationError:
        raise ValueError(_("Ce SIREN n’est pas valide : il compte 9 chiffres, vérifiez-les.")) from None
    return _real(number)


def check_siret(text: str) -> str:
    """Fourteen digits, Luhn; for La Poste (SIREN 356000000) beyond its seat, a sum of digits that 5 divides.

    Source: Insee, Sirene documentation, "contrôle de validité".
    """
    number = compact(text)
    try:
        siret.validate(number)
    except ValidationError:
        if not re.fullmatch(r"\d{14}", number, re.ASCII):
            raise ValueError(_("Un SIRET compte 14 chiffres.")) from None
        raise ValueError(_("Ce SIRET n’est pas valide : un chiffre est sans doute faux.")) from None
    return _real(number)


def _real(number: str) -> str:
    if not int(number[:9]):
        raise ValueError(_("Ce numéro ne désigne personne."))
    return number


def check_rna(text: str) -> str:
    """W and nine signs, Corsican ones included. ValueError, in words, otherwise."""
    number = compact(text)
    if not RNA.fullmatch(number):
        raise ValueError(_("Un numéro RNA s’écrit W suivi de 9 chiffres, par exemple W751234567 (W2A… en Corse)."))
    return number


def check_register(text: str) -> str:
    """The reference of a local register: the court's name, then numbers (volume, folio). Spaces are tidied."""
    reference = " ".join(str(text).split())
    if not (COURTS.search(reference) and re.search(r"\d", reference)):
        raise ValueError(_("Indiquez tribunal, volume et folio, par exemple « Mulhouse, volume 87, folio 12 »."))
    return reference


def siret_shown(number: str | None) -> str:
    """`732 829 320 00074`, with spaces that do not break."""
    if not number:
        return ""
    return "\u00a0".join((number[:3], number[3:6], number[6:9], number[9:]))
