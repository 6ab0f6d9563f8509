"""Money is an integer number of cents; it becomes words only at the edges."""

import re
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from django.utils import formats, translation
from django.utils.translation import gettext as _

NBSP = "\u00a0"
LARGEST = 10**13  # cents; a grant above a hundred billion euros is a typing error


def parse(text: str) -> int:
    """Cents from what a person types: `12 500`, `12.500,50`, `12500.5 €`. ValueError, in words, otherwise."""
    kept = re.sub(r"[\s\u00a0\u202f€]|EUR", "", str(text))
    if re.fullmatch(r"-?\d{1,3}(\.\d{3})+(,\d+)?", kept):
        kept = kept.replace(".", "")
    elif re.fullmatch(r"-?\d{1,3}(,\d{3})+(\.\d+)?", kept) and kept.count(",") + kept.count(".") > 1:
        kept = kept.replace(",", "")
    try:
        amount = Decimal(kept.replace(",", "."))
        cents = int((amount * 100).quantize(Decimal(1), rounding=ROUND_HALF_UP))
    except (InvalidOperation, ValueError, OverflowError):
        raise ValueError(_("« %(text)s » n’est pas un montant.") % {"text": text}) from None
    if abs(cents) > LARGEST:
        raise ValueError(_("« %(text)s » est un montant trop grand.") % {"text": text})
    return cents


def euros(cents: int | None, *, decimals: int | None = None) -> str:
    """`12 500 €` or `12 500,50 €` in the reader's locale; decimals only where they say something."""
    if cents is None:
        return "–"
    shown = decimals if decimals is not None else (2 if cents % 100 else 0)
    amount = (Decimal(cents) / 100).quantize(Decimal(1).scaleb(-shown), rounding=ROUND_HALF_UP)
    number = formats.number_format(amount, decimal_pos=shown, force_grouping=True)
    return f"€{number}" if translation.get_language() == "en" else f"{number}{NBSP}€"
