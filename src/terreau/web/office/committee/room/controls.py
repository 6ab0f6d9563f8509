"""The rules as switches and sliders: what a page posts becomes `Parameters`, and back."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from terreau.core.money import parse as cents_of
from terreau.selection.rulebook import ATTRIBUTES, Line, Parameters, swayed, without_doubles
from terreau.selection.rulebook import dump as dumped
from terreau.selection.rulebook import parse as checked

PERCENT = ("margin", "reduce")
SLIDERS = {  # name: label, lowest, highest, step, help
    "margin": (gettext_lazy("Part de l’enveloppe gardée de côté"), 0, 20, 1),
    "reduce": (gettext_lazy("Montant accordé : au moins cette part de la demande"), 50, 100, 5),
    "merit": (gettext_lazy("Poids de la note"), 0, 100, 5),
    "participants": (gettext_lazy("Poids des participants attendus"), 0, 100, 5),
    "need": (gettext_lazy("Poids du besoin du territoire"), 0, 100, 5),
    "balance": (gettext_lazy("Équilibre entre régions : points perdus par % d’écart au besoin"), 0, 5, 0.25),
}
HEADS = {
    "region": gettext_lazy("Région"),
    "theme": gettext_lazy("Thème"),
    "public": gettext_lazy("Public"),
    "kind": gettext_lazy("Type de projet"),
}
SWAYS = (("free", gettext_lazy("Libre")), ("in", gettext_lazy("Imposer")), ("out", gettext_lazy("Écarter")))
SIDES = (("floor", gettext_lazy("au moins")), ("cap", gettext_lazy("au plus")))
MEASURES = (
    ("count", gettext_lazy("projets")),
    ("share", gettext_lazy("% du montant accordé")),
    ("money", gettext_lazy("euros accordés")),
)
MOST_LINES = 60


@dataclass(frozen=True)
class Slider:
    name: str
    label: str
    low: float
    high: float
    step: float
    value: float
    unit: str


def sliders(parameters, names):
    found = []
    for name in names:
        label, low, high, step = SLIDERS[name]
        value = getattr(parameters, name) * (100 if name in PERCENT else 1)
        unit = "%" if name in PERCENT else ""
        found.append(Slider(name, label, low, high, step, float(f"{value:.6g}"), unit))
    return found


@dataclass(frozen=True)
class LineControl:
    """One rule as it is set: its switch, its slider from 0 to what there is to count."""

    number: int
    key: str
    line: Line
    shown: float
    high: int
    step: int
    unit: str


def line_controls(lines, carriers, envelope_cents):
    """`carriers`: (attribute, value) → how many files carry it."""
    return [_control(number, line, carriers, envelope_cents) for number, line in enumerate(lines)]


def _control(number, line, carriers, envelope_cents):
    side = "floor" if line.is_floor else "cap"
    key = f"{line.attribute}|{line.measure}|{side}|{line.value}"
    if line.measure == "share":
        shown, high, step, unit = round(line.limit * 100), 100, 1, "%"
    elif line.measure == "money":
        shown, high, step, unit = round(line.limit / 100), envelope_cents // 100, 1000, "€"
    else:
        shown, high, step, unit = int(line.limit), max(carriers.get((line.attribute, line.value), 0), 1), 1, ""
    return LineControl(number, key, line, shown, max(high, shown), step, unit)


def read(data, base, hidden):
    """The parameters of a posted page. ValueError, in words, where something cannot be read.

    `base` are those that the page showed: what it says of the files in `hidden` stays, whatever is posted.
    """
    found = {
        "one_per_organisation": "one" in data,
        "by_euro": "euro" in data,
        "lines": [vars(line) for line in _lines(data)],
    }
    for name in SLIDERS:
        found[name] = _number(data.get(name, ""), name) / (100 if name in PERCENT else 1)
    for name in ("forced", "excluded"):
        posted = {reference for reference in data.get(name, "").split(",") if reference}
        found[name] = sorted(posted - hidden | (set(getattr(base, name)) & hidden))
    try:
        parameters = checked(dumped(Parameters()) | found)
    except (ValueError, TypeError) as problem:
        raise ValueError(_("Ces réglages ne peuvent pas être lus.")) from problem
    reference, _colon, sway = data.get("set", "").rpartition(":")
    if reference and reference not in hidden and sway in {"in", "out", "free"}:
        parameters = swayed(parameters, reference, sway)
    return parameters


def _number(text, name):
    try:
        return float(text.replace(",", "."))
    except ValueError:
        raise ValueError(_("« %(label)s » n’est pas un nombre.") % {"label": SLIDERS[name][0]}) from None


def _lines(data):
    """The rules of the page, less the one taken away, and those asked for."""
    kept = []
    for number in range(MOST_LINES):
        key = data.get(f"line-{number}")
        if key and data.get("drop") != str(number):
            kept.append(_line(key, data.get(f"limit-{number}", ""), on=f"on-{number}" in data))
    if "add" in data:
        kept.append(_added(data))
    for preset in data.getlist("preset"):
        kept += presets(preset, data.getlist("regions"))
    if len(kept) > MOST_LINES:
        raise ValueError(_("Au plus %(count)d règles à la fois.") % {"count": MOST_LINES})
    return without_doubles(kept)


def _line(key, limit, *, on=True):
    attribute, measure, side, value = (key.split("|", 3) + [""] * 4)[:4]
    return Line(attribute, value, measure, _limit(limit, measure), side == "floor", on)


def _limit(text, measure):
    try:
        if measure == "money":
            return cents_of(text)
        number = float(text.replace("%", "").replace(",", "."))
    except ValueError:
        raise ValueError(_("« %(text)s » n’est pas une limite.") % {"text": text}) from None
    return number / 100 if measure == "share" else number


def _added(data):
    attribute, _bar, value = data.get("add-what", "").partition("|")
    if attribute and attribute not in ATTRIBUTES:
        raise ValueError(_("Choisissez ce que la règle compte."))
    key = "|".join((attribute, data.get("add-measure", "count"), data.get("add-side", "floor"), value))
    return _line(key, data.get("add-limit", ""))


PRESETS = {
    "one-per-region": gettext_lazy("Au moins un projet par région"),
    "fifth-per-region": gettext_lazy("Au plus 25 % par région"),
}


def presets(name, regions):
    if name == "one-per-region":
        return [Line("region", region, "count", 1.0, is_floor=True) for region in regions]
    if name == "fifth-per-region":
        return [Line("region", region, "share", 0.25, is_floor=False) for region in regions]
    return []
