"""Grants in SCDL and 360Giving: written, read back unchanged, validated by the standards' own schemas."""

import csv
import io
import json
from dataclasses import replace
from datetime import date

import pytest
from drawn_grants import published
from hypothesis import given, settings
from hypothesis import strategies as st
from standards import checked, scdl_faults

from terreau.cli.reading import open_table
from terreau.demo.identifiers import siret
from terreau.funding.rulebook import grants
from terreau.funding.rulebook.grants import giving, scdl

PREFIX = "360G-terreau"


def read_scdl(text):
    headers, *rows = csv.reader(io.StringIO(text))
    reader = grants.reader(headers)
    assert reader.version == "2.1.1"
    return [reader.read(row) for row in rows]


def of_scdl(grant):
    """What SCDL holds of a grant."""
    empty = {"title": "", "programme": "", "project": None, "places": ()}
    return replace(grant, **empty, purpose=scdl.purpose(grant))


@settings(max_examples=60, deadline=None)
@given(drawn=st.lists(published(), max_size=5))
def test_scdl_is_read_back_as_it_was_written(drawn):
    found = read_scdl("".join(scdl.lines(drawn)))
    assert [(r.faults, r.corrections) for r in found] == [([], [])] * len(drawn)
    assert [r.grant for r in found] == [of_scdl(g) for g in drawn]
    assert [scdl.faults(g) for g in drawn] == [[]] * len(drawn)


@pytest.mark.data
@settings(max_examples=10, deadline=None)
@given(drawn=st.lists(published(), min_size=1, max_size=20))
def test_scdl_is_valid_for_the_published_schema(drawn, tmp_path_factory):
    path = tmp_path_factory.mktemp("scdl") / "grants.csv"
    path.write_text("".join(scdl.lines(drawn)), encoding="utf-8")
    assert scdl_faults(path) == []


@pytest.mark.data
def test_the_published_schema_refuses_what_we_would_refuse(tmp_path):
    """The check above sees faults: one row without amount, one with the older separator."""
    header = ",".join(scdl.COLUMNS)
    row = f"Apec,{siret(1)},2025-01-02,R1,Asso,{siret(2)},,Objet,{{}},aide en numéraire,unique,{{}},,non,1.00,"
    (tmp_path / "bad.csv").write_text("\n".join([header, row.format("", "2025-01-02"), row.format("5", "2025_2026")]))
    assert [fault[1] for fault in scdl_faults(tmp_path / "bad.csv")] == ["montant", "datesPeriodeVersement"]


@settings(max_examples=40, deadline=None)
@given(drawn=st.lists(published(), min_size=1, max_size=4, unique_by=lambda g: g.reference), flat=st.booleans())
def test_360giving_is_read_back_as_it_was_written(drawn, flat, tmp_path_factory):
    folder = tmp_path_factory.mktemp("giving")
    path = folder / ("grants.csv" if flat else "grants.json")
    lines = giving.csv_lines(drawn, PREFIX) if flat else giving.json_lines(drawn, PREFIX, {"title": "Essai"})
    path.write_text("".join(lines), encoding="utf-8", newline="")
    table = open_table(path)
    reader = grants.reader(table.headers)
    found = [reader.read(cells) for _line, cells in table.rows()]
    assert [(r.faults, r.corrections) for r in found] == [([], [])] * len(drawn)
    for grant, reading in zip(drawn, found, strict=True):
        same = ("purpose", "cents", "signed_on", "programme", "places", "currency", "title", "funder")
        assert [getattr(reading.grant, name) for name in same] == [getattr(grant, name) for name in same]
        assert reading.grant.beneficiary.id == grant.beneficiary.id
        assert (reading.grant.starts_on, reading.grant.ends_on) == grant.project


@pytest.mark.data
@settings(max_examples=10, deadline=None)
@given(drawn=st.lists(published(), min_size=1, max_size=10, unique_by=lambda g: g.reference))
def test_360giving_is_valid_for_the_published_schemas(drawn):
    package = json.loads("".join(giving.json_lines(drawn, PREFIX, {"title": "Subventions", "issued": "2026-03-02"})))
    checked(package)
    assert len(package["grants"]) == len(drawn)


def test_what_cannot_be_published_is_told():
    party = grants.Party("Asso")
    poor = grants.PublishedGrant(party, grants.Party(""), " ", 5, date(2025, 1, 2), currency="GBP")
    assert len(scdl.faults(poor)) == 6
    assert len(giving.faults(poor)) == 4
