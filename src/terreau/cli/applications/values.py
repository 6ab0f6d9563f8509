"""From the text of a cell to a value: dates, amounts, states, legal forms. ValueError, in words, otherwise."""

import re
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from terreau.accounts.models import LegalForm
from terreau.cli.reading import plain
from terreau.core import money
from terreau.projects.lifecycle import State
from terreau.projects.models import BudgetLine
from terreau.projects.rulebook import RUBRICS

PARIS = ZoneInfo("Europe/Paris")
FORMATS = ("%d/%m/%Y %H:%M:%S", "%d/%m/%Y %H:%M", "%d/%m/%Y", "%d-%m-%Y", "%Y/%m/%d")
EARLIEST, LATEST = datetime(1970, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
STATES = {
    **{plain(str(s.label)): s for s in State},
    **{s.value: s for s in State},
    **dict.fromkeys(("laureat", "accepte", "1", "selectionne", "attribue"), State.SELECTED),
    **dict.fromkeys(("refuse", "rejete", "0", "non selectionne"), State.DECLINED),
    **dict.fromkeys(("2", "liste complementaire"), State.RESERVE),
    **dict.fromkeys(("en construction", "depose le"), State.SUBMITTED),
    **dict.fromkeys(("classe sans suite", "abandonne"), State.WITHDRAWN),
    "3": State.DECLINED,
}
FORMS = {
    **{plain(str(f.label)): f for f in LegalForm},
    **{f.value: f for f in LegalForm},
    **dict.fromkeys(("association", "association declaree"), LegalForm.ASSOCIATION),
    **dict.fromkeys(("association de droit local",), LegalForm.LOCAL_ASSOCIATION),
    **dict.fromkeys(("mutuelle", "union", "federation"), LegalForm.MUTUAL),
    **dict.fromkeys(("scop", "scic", "cooperative"), LegalForm.COOPERATIVE),
    **dict.fromkeys(("entreprise solidaire", "esus"), LegalForm.ESUS),
    **dict.fromkeys(("sas", "sarl", "sa", "eurl", "societe"), LegalForm.COMPANY),
    **dict.fromkeys(("commune", "departement", "region", "collectivite"), LegalForm.PUBLIC_BODY),
}


def moment(text: str) -> datetime:
    """An ISO date, or a French one, with or without its time; a time without a zone is that of Paris."""
    kept = text.strip()
    if re.match(r"\d{4}-\d\d-\d\d", kept):
        kept = re.sub(r"\s+([+-]\d\d):?(\d\d)$", r"\1:\2", kept)
        try:
            return _placed(datetime.fromisoformat(kept))
        except ValueError:
            pass
    for form in FORMATS:
        try:
            return _placed(datetime.strptime(kept, form))  # noqa: DTZ007 - the zone follows
        except ValueError:
            continue
    raise ValueError(f"« {text} » n’est pas une date (31/12/2025 ou 2025-12-31).")


def _placed(when: datetime) -> datetime:
    placed = when if when.tzinfo else when.replace(tzinfo=PARIS)
    if not EARLIEST < placed < LATEST:
        raise ValueError("cette date est hors du siècle.")
    return placed


def amount(text: str) -> int:
    """Cents, zero or more."""
    cents = money.parse(text)
    if cents < 0:
        raise ValueError(f"« {text} » est un montant négatif.")
    return cents


def state(text: str) -> str:
    found = STATES.get(plain(text) or text.strip())
    if found is None:
        raise ValueError(f"« {text} » n’est pas un état connu ({', '.join(str(s.label) for s in State)}).")
    return found.value


def platform_state(text: str) -> str:
    """The column « Dossier » of the State's platform: a state in words; anything else leaves the file as submitted."""
    found = STATES.get(plain(text))
    return found.value if found and not text.strip().isdigit() else State.SUBMITTED.value


def legal_form(text: str) -> str:
    """A known form; empty where the words say nothing we can use."""
    words = plain(text)
    return next((f.value for name, f in FORMS.items() if name == words), "")


def email(text: str) -> str:
    try:
        validate_email(text.strip())
    except ValidationError:
        raise ValueError(f"« {text} » n’est pas une adresse e-mail.") from None
    return text.strip().lower()


def _parts(line: str, number: int) -> list[str]:
    """The cells of « a ; b ; c », empty ones at the end included even where a spreadsheet has trimmed them."""
    parts = [part.strip() for part in re.split(r" ;(?: |$)", line)]
    return parts + [""] * (number - len(parts))


def budget(text: str) -> list[dict]:
    """The lines of our export: « rubric ; label ; amount ; status ; x », joined by « | »."""
    lines = []
    for one in filter(str.strip, text.split(" | ")):
        rubric, *label, cents, status, requested = _parts(one.lstrip(), 5)
        if rubric not in RUBRICS or status not in {"", *BudgetLine.Status.values}:
            raise ValueError(f"« {one.strip()} » n’est pas une ligne de budget.")
        lines.append(
            {
                "rubric": rubric,
                "label": " ; ".join(label),
                "amount_cents": amount(cents),
                "status": status,
                "requested": requested == "x",
            }
        )
    return lines


def partners(text: str) -> list[dict]:
    """« name ; SIRET ; contribution », joined by « | »."""
    rows = [_parts(one.lstrip(), 3) for one in text.split(" | ") if one.strip()]
    return [{"name": r[0], "siret": r[1], "contribution": " ; ".join(r[2:])} for r in rows]
