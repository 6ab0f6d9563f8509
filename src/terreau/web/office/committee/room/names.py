"""What things are called for one reader: labels for keys, titles for references, nothing of the files they left."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from terreau.core.money import euros
from terreau.methods.selection.instance import Measure, Rule
from terreau.methods.selection.outcome import Budget, Excluded, Forced, OnePer
from terreau.web.office.committee.room.controls import HEADS, PERCENT, SLIDERS
from terreau.web.ui.templatetags.ui import number, percent

GROUPS = {"theme": "themes", "public": "publics", "kind": "kinds"}


class Names:
    """The words of one window for one reader. `hidden` are the references of the files that they left the room for."""

    def __init__(self, rules, rows, hidden, organisations):
        self.rules = rules
        self.rows = {row.reference: row for row in rows}
        self.hidden = hidden
        self.organisations = organisations

    def file(self, reference):
        if reference in self.hidden:
            return _("un dossier que vous ne voyez pas")
        row = self.rows.get(reference)
        return f"{row.title or reference} ({reference})" if row else reference

    def files(self, references):
        return ", ".join(self.file(reference) for reference in references)

    def value(self, attribute, value):
        return self.rules.label(GROUPS[attribute], value) if attribute in GROUPS else value

    def among(self, attribute, value):
        """Which files a rule counts."""
        if not attribute:
            return _("tous les projets")
        return f"{HEADS[attribute]} : {self.value(attribute, value)}"

    def limit(self, measure, limit):
        if measure == Measure.COUNT:
            return ngettext("%(count)s projet", "%(count)s projets", int(limit)) % {"count": number(limit)}
        if measure == Measure.MONEY:
            return euros(int(limit))
        return _("%(share)s du montant accordé") % {"share": percent(limit)}

    def rule(self, rule):
        side = _("au moins %(limit)s") if rule.is_floor else _("au plus %(limit)s")
        words = side % {"limit": self.limit(rule.measure, rule.limit)}
        return f"{self.among(rule.attribute, rule.value)}, {words}"

    def constraint(self, one):
        """A rule of the question in words."""
        match one:
            case Budget():
                return _("l’enveloppe")
            case Rule():
                return self.rule(one)
            case OnePer():
                return self.one_per(one)
            case Forced():
                return _("%(file)s imposé dans la sélection") % {"file": self.file(one.id)}
            case Excluded():
                return _("%(file)s écarté de la sélection") % {"file": self.file(one.id)}
        return ", ".join(self.file(reference) for reference in one.ids)

    def one_per(self, one):
        carriers = self.organisations.get(one.value, set())
        seen = next((self.rows[r].holder for r in carriers if r in self.rows and r not in self.hidden), "")
        return _("une seule subvention par structure (%(holder)s)") % {"holder": seen or "–"}

    def setting(self, name, value):
        """A slider in words."""
        label, *_bounds = SLIDERS[name]
        return f"{label} : {percent(value) if name in PERCENT else number(value, 2 if value % 1 else 0)}"

    def points(self, points):
        return ngettext("%(points)s point", "%(points)s points", 2 if abs(points) >= 2 else 1) % {
            "points": number(points, 1)
        }

    def swap(self, swap, ours, theirs):
        """A difference between two portfolios as a sentence; `ours` and `theirs` say whose they are."""
        words = {
            "ours": ours,
            "theirs": theirs,
            "in": self.file(swap.ours) if swap.ours else "",
            "out": self.file(swap.theirs) if swap.theirs else "",
        }
        if swap.ours == swap.theirs:
            return _("%(in)s : %(ours)s accorde %(money)s.") % {**words, "money": money_gap(swap.cents)}
        if swap.ours and swap.theirs:
            said = _("%(ours)s prend %(in)s à la place de %(out)s")
        elif swap.ours:
            said = _("%(ours)s prend aussi %(in)s")
        else:
            said = _("%(ours)s ne prend pas %(out)s")
        return f"{(said % words)} : {points_gap(swap.points)}, {money_gap(swap.cents)}."


def points_gap(points):
    sign = "−" if round(points, 1) < 0 else "+"
    return ngettext("%(points)s point", "%(points)s points", 2 if abs(points) >= 2 else 1) % {
        "points": f"{sign}\u00a0{number(abs(points), 1)}"
    }


def money_gap(cents):
    if cents == 0:
        return _("même montant")
    more = _("%(money)s de plus") if cents > 0 else _("%(money)s de moins")
    return more % {"money": euros(abs(cents))}


def change_words(change, names):
    """What changed in the question since a scenario, as a sentence."""
    values = {"before": change.before, "after": change.after}
    match change.what:
        case "envelope":
            return _("L’enveloppe passe de %(before)s à %(after)s.") % {k: euros(v) for k, v in values.items()}
        case "need":
            return _("Les indicateurs de besoin ont changé.")
        case "score":
            said = _("%(file)s : note brute de %(before)s à %(after)s.")
            values = {key: number(value, 1) for key, value in values.items()}
        case "amount":
            said = _("%(file)s : demande de %(before)s à %(after)s.")
            values = {key: euros(value) for key, value in values.items()}
        case "added":
            said = _("%(file)s est arrivé devant le comité.")
        case "removed":
            said = _("%(file)s n’est plus devant le comité.")
        case _:
            said = _("%(file)s : région, thèmes, publics, type ou structure modifiés.")
    return said % {**values, "file": names.file(change.reference)}
