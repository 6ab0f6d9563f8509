"""Files and jurors of an assignment as tables give them: names become numbers, faults are told by their line."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from terreau.cli.methods import tables
from terreau.cli.methods.tables import Columns
from terreau.methods.assignment.affinity import mixed, overlap, plain, text_likeness
from terreau.methods.assignment.instance import Instance, Need

FILE = ("file", "dossier", "projet", "project", "candidature", "numéro de dossier", "id")
JUROR = ("juror", "juré", "jure", "juré·e", "jury", "reviewer", "évaluateur", "lecteur", "id")
VALUE = ("value", "valeur", "affinity", "affinité", "conflict", "conflit", "score")
REGION = ("region", "région", "regions", "régions", "territoire", "territoires")
THEMES = ("theme", "thème", "themes", "thèmes", "thématique", "thématiques")
PUBLICS = ("public", "publics")
TEXT = ("text", "texte", "résumé", "resume", "description", "expertise", "présentation")
ORGANISATION = ("organisation", "organization", "structure", "organisme", "porteur", "employeur")
SIREN = ("siren", "siret")
LOAD = ("load", "charge", "charge maximale")
REVIEWS = ("reviews", "lectures", "nombre de lectures")
RENDERED = ("rendered", "rendue", "locked", "verrouillée")
NO = {"", "0", "non", "no", "false", "faux"}

type Flags = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Panel:
    """Both tables, the names of their rows, and the number of each name."""

    files: Columns
    jurors: Columns
    file_ids: list[str]
    juror_ids: list[str]

    @classmethod
    def read(cls, files: Path, jurors: Path) -> "Panel":
        left, right = tables.read(files), tables.read(jurors)
        file_ids = left.ids(left.find("", FILE, "le dossier", "un en-tête « file »"))
        juror_ids = right.ids(right.find("", JUROR, "le juré", "un en-tête « juror »"))
        return cls(left, right, file_ids, juror_ids)

    @property
    def shape(self) -> tuple[int, int]:
        return len(self.file_ids), len(self.juror_ids)

    def common(self, names: tuple[str, ...]) -> tuple[str, str] | None:
        """The columns of such a name in the two tables, if both have one."""
        found = [table.find_if_any("", names, names[0], f"un en-tête « {names[0]} »") for table in self.both]
        return (found[0], found[1]) if all(found) else None

    @property
    def both(self) -> tuple[Columns, Columns]:
        return self.files, self.jurors

    def counts(self, table: Columns, names: tuple[str, ...], given: int | None, option: str) -> NDArray[np.int64]:
        """Whole numbers, zero or more, from a column of such a name; else the option's for every row."""
        column = table.find_if_any("", names, names[0], option)
        if not column:
            if given is None:
                raise ValueError(f"{table.path.name} n’a pas de colonne « {names[0]} » ; donnez {option}.")
            return np.full(len(table), given, dtype=np.int64)
        values = table.numbers(column)
        if len(wrong := np.flatnonzero((values < 0) | (values != np.rint(values)) | (values > 10**9))):
            raise table.fault(wrong, column, f"« {table.cells[column][wrong[0]]} » n’est pas un nombre entier positif")
        return values.astype(np.int64)

    def affinity(self, path: Path | None) -> tuple[NDArray[np.float32], list[str]]:
        """From a file of pairs, or from the columns that both tables have, whose names are told."""
        if path:
            table, file, juror = self._pairs(path)
            grid = np.zeros(self.shape, dtype=np.float32)
            column = table.find("", VALUE, "l’affinité", "un en-tête « value »")
            grid[file, juror] = table.numbers(column)
            return grid, []
        parts = {}
        for name, names in (("themes", THEMES), ("publics", PUBLICS), ("territory", REGION)):
            if columns := self.common(names):
                values = [
                    [[plain(v) for v in row] for row in t.values(c)] for t, c in zip(self.both, columns, strict=True)
                ]
                parts[name] = overlap(values[0], values[1])
        if columns := self.common(TEXT):
            parts["text"] = text_likeness(self.files.cells[columns[0]], self.jurors.cells[columns[1]])
        return mixed(parts) if parts else np.zeros(self.shape, dtype=np.float32), list(parts)

    def conflicts(self, path: Path | None) -> Flags:
        """Declared pairs, and pairs of the same organisation or SIREN where both tables say it."""
        barred = np.zeros(self.shape, dtype=np.bool_)
        if path:
            table, file, juror = self._pairs(path)
            column = table.find_if_any("", VALUE, "le conflit", "un en-tête « value »")
            holds = (
                np.array([plain(c.strip()) not in NO for c in table.cells[column]]) if column else np.ones(len(file))
            )
            barred[file, juror] = holds
        for names, length in ((ORGANISATION, None), (SIREN, 9)):
            if columns := self.common(names):
                left, right = (
                    np.array([_key(text, length) for text in table.cells[column]])
                    for table, column in zip(self.both, columns, strict=True)
                )
                barred |= (left[:, None] == right) & (left != "")[:, None]
        return barred

    def kept(self, path: Path) -> tuple[NDArray[np.int64], list[tuple[int, int]]]:
        """Former assignments as rows of jurors, and those whose review is rendered."""
        table, file, juror = self._pairs(path)
        column = table.find_if_any("", RENDERED, "la lecture rendue", "un en-tête « rendered »")
        rendered = [plain(cell.strip()) not in NO for cell in table.cells[column]] if column else [False] * len(file)
        rows: list[list[int]] = [[] for _ in self.file_ids]
        for f, j in zip(file.tolist(), juror.tolist(), strict=True):
            rows[f].append(j)
        width = max(len(row) for row in rows)
        grid = np.array([sorted(row) + [-1] * (width - len(row)) for row in rows], dtype=np.int64)
        pairs = zip(file.tolist(), juror.tolist(), rendered, strict=True)
        return grid, [(f, j) for f, j, done in pairs if done]

    def needs(self, inside: int, outside: int) -> tuple[Need, ...]:
        """At least so many jurors of the file's region, and so many of another one."""
        if not inside and not outside:
            return ()
        columns = self.common(REGION)
        if columns is None:
            raise ValueError("--need-region, --need-outside : les deux fichiers doivent avoir une colonne « region ».")
        left, right = (
            [frozenset(plain(v) for v in row) for row in table.values(column)]
            for table, column in zip(self.both, columns, strict=True)
        )
        found = []
        for regions in sorted({row for row in left if row}, key=sorted):
            files = tuple(f for f, row in enumerate(left) if row == regions)
            same = tuple(j for j, row in enumerate(right) if row & regions)
            other = tuple(j for j, row in enumerate(right) if not row & regions)
            shown = ", ".join(sorted(regions))
            found += [Need(f"au moins {inside} juré·e de la région ({shown})", files, same, inside)] if inside else []
            found += [Need(f"au moins {outside} juré·e d’ailleurs ({shown})", files, other, outside)] if outside else []
        return tuple(found)

    def _pairs(self, path: Path) -> tuple[Columns, NDArray[np.int64], NDArray[np.int64]]:
        table = tables.read(path)
        numbers = []
        for ids, names, what in ((self.file_ids, FILE[:-1], "le dossier"), (self.juror_ids, JUROR[:-1], "le juré")):
            column = table.find("", names, what, f"un en-tête « {names[0]} »")
            known = {name: k for k, name in enumerate(ids)}
            texts = table.names(column)
            if unknown := [row for row, text in enumerate(texts) if text not in known]:
                raise table.fault(unknown, column, f"« {texts[unknown[0]]} » est inconnu")
            numbers.append(np.array([known[text] for text in texts], dtype=np.int64))
        double = numbers[0] * len(self.juror_ids) + numbers[1]
        _, first = np.unique(double, return_index=True)
        if len(again := np.setdiff1d(np.arange(len(double)), first)):
            raise table.fault(again, column, "ce dossier et ce juré sont déjà sur une ligne plus haut")
        return table, numbers[0], numbers[1]


def instance(
    panel: Panel, paths: tuple[Path | None, Path | None], counts: tuple[int, int | None, int], **more: object
) -> tuple[Instance, list[str]]:
    """The question, and the parts that made the affinity. paths: affinity, conflicts; counts: reviews, load, least."""
    affinity, parts = panel.affinity(paths[0])
    return Instance(
        tuple(panel.file_ids),
        tuple(panel.juror_ids),
        affinity,
        panel.conflicts(paths[1]),
        panel.counts(panel.files, REVIEWS, counts[0], "--reviews"),
        panel.counts(panel.jurors, LOAD, counts[1], "--load"),
        least=np.full(panel.shape[1], counts[2], dtype=np.int64) if counts[2] else None,
        **more,  # type: ignore[arg-type]
    ), parts


def _key(text: str, length: int | None) -> str:
    if length is None:
        return " ".join(plain(text).split())
    digits = "".join(c for c in text if c.isdigit())
    return digits[:length] if len(digits) >= length else ""
