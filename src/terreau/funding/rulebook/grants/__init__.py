"""Grants as published data: SCDL « subventions » and 360Giving, written and read. Pure values on both sides."""

from terreau.funding.rulebook.grants import giving, giving_reading, scdl, scdl_reading
from terreau.funding.rulebook.grants.dictionary import DICTIONARY
from terreau.funding.rulebook.grants.files import FILES, LICENCE, File, Publisher
from terreau.funding.rulebook.grants.values import (
    AT_ONCE,
    BY_INSTALMENTS,
    CASH,
    IN_KIND,
    Fault,
    Party,
    Place,
    PublishedGrant,
    Reading,
    row_key,
)

type Reader = scdl_reading.Reader | giving_reading.Reader


def reader(headers: list[str]) -> Reader | None:
    """The reader of the standard that these columns follow; None where they follow neither."""
    if giving_reading.recognises(headers):
        return giving_reading.Reader(headers)
    return scdl_reading.Reader(headers) if scdl_reading.recognises(headers) else None


__all__ = [
    "AT_ONCE",
    "BY_INSTALMENTS",
    "CASH",
    "DICTIONARY",
    "FILES",
    "IN_KIND",
    "LICENCE",
    "Fault",
    "File",
    "Party",
    "Place",
    "PublishedGrant",
    "Publisher",
    "Reader",
    "Reading",
    "giving",
    "reader",
    "row_key",
    "scdl",
]
