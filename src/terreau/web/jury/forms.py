"""The grid as a form: for each criterion a score and its justification, then a general comment."""

from django import forms
from django.utils.translation import gettext_lazy as _

from terreau.selection import queries
from terreau.selection.actions import COMMENT


class GridForm(forms.Form):
    """Everything is optional: the grid keeps what is there. Absent fields are left alone, so a part may be posted."""

    def __init__(self, review, data=None):
        super().__init__(data, label_suffix="")
        self.review = review
        self.cells = queries.grid(review)
        for cell in self.cells:
            self._add(cell)
        self.fields[COMMENT] = forms.CharField(
            label=_("Commentaire général"),
            help_text=_("Facultatif. Lu par le financeur, jamais par le porteur de projet."),
            required=False,
            max_length=20_000,
            widget=forms.Textarea({"rows": 4}),
            initial=review.comment,
        )

    def _add(self, cell):
        key, score = cell.criterion.key, cell.score
        marks = [(str(n), str(n)) for n in range(cell.criterion.maximum + 1)]
        self.fields[f"score-{key}"] = forms.ChoiceField(
            label=_("Note de 0 à %(maximum)d") % {"maximum": cell.criterion.maximum},
            choices=marks,
            widget=forms.RadioSelect,
            required=False,
            initial="" if score.value is None else str(score.value),
        )
        self.fields[f"why-{key}"] = forms.CharField(
            label=_("Justification"),
            required=False,
            max_length=20_000,
            widget=forms.Textarea({"rows": 3}),
            initial=score.justification,
        )

    def lines(self):
        """For the page: each criterion with its two fields."""
        return [
            {"cell": cell, "score": self[f"score-{cell.criterion.key}"], "why": self[f"why-{cell.criterion.key}"]}
            for cell in self.cells
        ]

    def marks(self):
        """What was posted, by criterion; the half that is not posted keeps its stored value."""
        found = {}
        for cell in self.cells:
            key, score = cell.criterion.key, cell.score
            names = (f"score-{key}", f"why-{key}")
            if any(name in self.data for name in names):
                value, why = (self.cleaned_data.get(name, "") for name in names)
                found[key] = (
                    int(value) if value else score.value,
                    why if names[1] in self.data else score.justification,
                )
        return found

    def comment(self):
        return self.cleaned_data[COMMENT] if COMMENT in self.data else None

    def bases(self):
        """The versions that the page was read at; a field that the juror decided to keep has none."""
        keys = [cell.criterion.key for cell in self.cells] + [COMMENT]
        kept = self.data.get("keep")
        posted = {key: self.data.get(f"base-{key}", "") for key in keys if key != kept}
        return {key: int(base) for key, base in posted.items() if base.isdecimal()}

    def versions(self, saved=()):
        """The versions to read at next time; those of a conflict stay behind, until the juror decides."""
        held = {cell.criterion.key: cell.score.version for cell in self.cells} | {COMMENT: self.review.comment_version}
        stale = {s.key for s in saved if s.status == "conflict"}
        return (
            held
            | {s.key: s.version for s in saved if s.status != "conflict"}
            | {key: base for key, base in self.bases().items() if key in stale}
        )
