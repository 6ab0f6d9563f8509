"""Published grants as hypothesis draws them."""

from datetime import date
from decimal import Decimal

from hypothesis import strategies as st

from terreau.demo.identifiers import siret
from terreau.funding.rulebook import grants

WORDS = st.text(st.characters(exclude_categories=("C", "Z")), min_size=1, max_size=40)
DAYS = st.dates(date(2000, 1, 1), date(2060, 12, 31))
SIRETS = st.integers(1, 10_000).map(siret)
RNAS = st.from_regex(r"W[0-9]{9}", fullmatch=True)
KINDS = st.sampled_from([(grants.CASH,), (grants.IN_KIND,), (grants.CASH, grants.IN_KIND)])


@st.composite
def published(draw):
    starts_on, ends_on = sorted([draw(DAYS), draw(DAYS)])
    both = draw(st.booleans())
    return grants.PublishedGrant(
        funder=grants.Party(draw(WORDS), siret=draw(SIRETS)),
        beneficiary=grants.Party(draw(WORDS), siret=draw(SIRETS) if both else "", rna=draw(RNAS)),
        purpose=" ".join(draw(st.lists(WORDS, min_size=1, max_size=9))),
        cents=draw(st.integers(0, 10**11)),
        signed_on=draw(DAYS),
        reference=f"C-{draw(st.integers(1, 10**6))}",
        title=draw(WORDS),
        kinds=draw(KINDS),
        payment=draw(st.sampled_from([grants.AT_ONCE, grants.BY_INSTALMENTS])),
        starts_on=starts_on,
        ends_on=ends_on if ends_on != starts_on else None,
        notified=draw(st.booleans()),
        share=Decimal(draw(st.integers(1, 100))) / 100,
        scheme=draw(st.sampled_from(["", "65d5b6c7-102c-4440-ac3b-768f708edc0a"])),
        programme="Novapec 2025",
        project=(starts_on, ends_on),
        places=(grants.Place("Mulhouse", "68224"),),
    )
