"""The files that are published, under names that do not change."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from terreau.funding.rulebook.grants import giving, scdl
from terreau.funding.rulebook.grants.values import PublishedGrant

LICENCE = "https://www.etalab.gouv.fr/licence-ouverte-open-licence/"


@dataclass(frozen=True)
class Publisher:
    """Who publishes, and what the 360Giving package says of it."""

    name: str
    url: str
    prefix: str
    issued: date
    description: str = ""

    @property
    def about(self) -> dict[str, Any]:
        told = {
            "title": f"Subventions, {self.name}",
            "description": self.description,
            "issued": self.issued.isoformat(),
            "publisher": {"name": self.name, "website": self.url},
            "license": LICENCE,
        }
        return {name: value for name, value in told.items() if value}


@dataclass(frozen=True)
class File:
    """One form in which the grants are published."""

    name: str
    standard: str
    label: str | Promise
    content_type: str
    faults: Callable[[PublishedGrant], list[str]]
    lines: Callable[[Iterable[PublishedGrant], Publisher], Iterator[str]]

    @property
    def suffix(self) -> str:
        return self.name[self.name.rindex(".") :]


CSV = "text/csv; charset=utf-8"
FILES = (
    File("subventions-scdl.csv", "scdl", _("SCDL 2.1.1, CSV"), CSV, scdl.faults, lambda rows, _by: scdl.lines(rows)),
    File(
        "subventions-360giving.json",
        "360giving",
        _("360Giving 1.4, JSON"),
        "application/json",
        giving.faults,
        lambda rows, by: giving.json_lines(rows, by.prefix, by.about),
    ),
    File(
        "subventions-360giving.csv",
        "360giving",
        _("360Giving 1.4, CSV"),
        CSV,
        giving.faults,
        lambda rows, by: giving.csv_lines(rows, by.prefix),
    ),
)
