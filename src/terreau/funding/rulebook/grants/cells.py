"""From the text of a cell to a value. What had to be corrected is told to `note`; ValueError, in words, otherwise."""

import calendar
import re
import unicodedata
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.utils.translation import gettext as _

from terreau.accounts.identifiers import check_rna, check_siret, compact
from terreau.core import money
from terreau.funding.rulebook.grants.values import AT_ONCE, BY_INSTALMENTS, CASH, IN_KIND, Note

SPREADSHEET_EPOCH = date(1899, 12, 30)
SERIALS = range(20_000, 80_000)  # days since then: 1954 to 2119
EARLIEST, LATEST = date(1900, 1, 1), date(2100, 1, 1)
BETWEEN = re.compile(r"(\s*/\s*(?=\d{4}-)|_|\s+(?:au|à|-|–)\s+)", re.IGNORECASE)


def plain(text: str) -> str:
    """Letters and digits alone, without accents or case: what two spellings of one name share."""
    folded = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]", "", folded)


def siret(text: str, note: Note, *, strict: bool) -> str:
    """Fourteen digits. Before SCDL 2.0.2 no valid key is asked for: without `strict`, a wrong one is kept, and told."""
    number = compact(text)
    if number != text:
        note(_("espaces ou tirets ôtés"))
    if re.fullmatch(r"\d+([.,]\d+)?E\+?\d+", number):
        raise ValueError(_("« %s » : un tableur a arrondi ce numéro.") % text)
    if re.fullmatch(r"\d{9}", number):
        raise ValueError(_("« %s » est un SIREN (9 chiffres) : il faut un SIRET (14 chiffres).") % text)
    if re.fullmatch(r"\d{12,13}", number):
        number = number.zfill(14)
        check_siret(number)
        note(_("zéros de tête remis"))
    try:
        return check_siret(number)
    except ValueError:
        if strict or not re.fullmatch(r"\d{14}", number):
            raise
        note(_("clé du SIRET fausse, gardé tel quel"))
        return number


def rna(text: str, note: Note) -> str:
    number = check_rna(text)
    if number != text:
        note(_("espaces ou tirets ôtés"))
    return number


def day(text: str, note: Note) -> date:
    """An ISO date; also a French one, a date with its time, or the number by which a spreadsheet keeps a date."""
    kept = text.strip()
    if found := re.fullmatch(r"(\d{4}-\d\d-\d\d)([T ].*)?", kept):
        if found[2] and not re.fullmatch(r"[T ]00:00.*", kept[10:]):
            note(_("heure ôtée de la date"))
        return _possible(text, *map(int, found[1].split("-")))
    if found := re.fullmatch(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})( 00:00(:00)?)?", kept):
        note(_("date française comprise"))
        return _possible(text, int(found[3]), int(found[2]), int(found[1]))
    if kept.isdigit() and int(kept) in SERIALS:
        note(_("date de tableur comprise"))
        return SPREADSHEET_EPOCH + timedelta(int(kept))
    raise ValueError(_("« %s » n’est pas une date (AAAA-MM-JJ).") % _short(text))


def _possible(text: str, year: int, month: int, number: int) -> date:
    try:
        found = date(year, month, number)
    except ValueError:
        raise ValueError(_("« %s » n’est pas une date possible.") % _short(text)) from None
    if not EARLIEST <= found < LATEST:
        raise ValueError(_("« %s » est hors du siècle.") % _short(text))
    return found


def period(text: str, note: Note) -> tuple[date, date | None]:
    """A day, or two joined by a slash; also by the underscore of the older standard, by « au », or a whole month."""
    kept = re.sub(r"^\s*du\s+", "", text.strip(), flags=re.IGNORECASE)
    if found := re.fullmatch(r"(\d{4})-(\d\d)", kept):
        year, month = int(found[1]), int(found[2])
        if 1 <= month <= 12:
            note(_("mois lu comme une période"))
            return date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1])
    parts = BETWEEN.split(kept)
    if len(parts) != 3:
        return day(kept, note), None
    if parts[1] != "/":
        note(_("séparateur « / » remis dans la période"))
    first, last = day(parts[0], note), day(parts[2], note)
    if last < first:
        raise ValueError(_("« %s » finit avant de commencer.") % _short(text))
    return first, last


def cents(text: str, note: Note) -> int:
    """Euros with dot decimals; also spaces, a comma, a sign. Never a guess: « 45,000 » is refused."""
    kept = text.strip()
    if re.fullmatch(r"\d+(\.\d{1,2}0*)?", kept):
        return int(Decimal(kept) * 100)
    if re.fullmatch(r"\d{1,3}([.,])\d{3}", kept):
        raise ValueError(_("« %s » est ambigu : milliers ou décimales ?") % text)
    found = money.parse(kept)
    if found < 0:
        raise ValueError(_("« %s » est un montant négatif.") % text)
    note(_("montant écrit à la française compris"))
    return found


def kinds(text: str, note: Note) -> tuple[str, ...]:
    """« aide en numéraire », « aide en nature », or both."""
    words = {"aideennumeraire": CASH, "numeraire": CASH, "aideennature": IN_KIND, "nature": IN_KIND}
    parts = [one.strip() for one in re.split(r"[;,/+]", text) if one.strip()]
    found = tuple(dict.fromkeys(words.get(plain(one), "") for one in parts))
    if not found or "" in found:
        raise ValueError(_("« %s » : il faut « aide en numéraire », « aide en nature » ou les deux.") % _short(text))
    if ";".join(found) != text:
        note(_("nature écrite comme le standard"))
    return found


def payment(text: str, note: Note) -> str:
    """« unique », « échelonné », or free words."""
    known = {"unique": AT_ONCE, "echelonne": BY_INSTALMENTS, "echelonnee": BY_INSTALMENTS}
    found = known.get(plain(text), " ".join(text.split()))
    if found != text:
        note(_("conditions écrites comme le standard"))
    if len(found) > 256:
        raise ValueError(_("plus de 256 caractères."))
    return found


def notified(text: str, note: Note) -> bool:
    words = {"oui": True, "non": False, "true": True, "false": False, "1": True, "0": False}
    found = words.get(plain(text))
    if found is None:
        raise ValueError(_("« %s » : il faut « oui » ou « non ».") % _short(text))
    if text not in {"oui", "non"}:
        note(_("oui ou non écrit comme le standard"))
    return found


def share(text: str, note: Note) -> Decimal:
    """From 0.01 to 1; also a percentage."""
    kept = re.sub(r"[\s%]", "", text).replace(",", ".")
    if not re.fullmatch(r"\d{1,3}(\.\d+)?", kept):
        raise ValueError(_("« %s » n’est pas une part entre 0.01 et 1.") % _short(text))
    found = Decimal(kept)
    if "%" in text or 1 < found <= 100:
        found /= 100
    if not Decimal("0.01") <= found <= 1:
        raise ValueError(_("« %s » n’est pas une part entre 0.01 et 1.") % _short(text))
    if found != Decimal(kept) or kept != text:
        note(_("pourcentage lu comme une part"))
    return found


def moment(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def _short(text: str) -> str:
    tidy = " ".join(text.split())
    return tidy if len(tidy) <= 60 else f"{tidy[:59]}…"
