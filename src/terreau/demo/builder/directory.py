"""The directory around the projects: a synthetic stock in Sirene's layout, read by the loader of the official files.

A directory that holds one number outside the reserved ones is somebody's own: it is left as it is.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import date, timedelta
from math import ceil
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb
import numpy as np
from django.db import transaction
from django.db.models import Min
from django.utils.text import slugify
from numpy.typing import NDArray

from terreau.accounts.models import Organisation
from terreau.demo import sirene
from terreau.demo.builder.cast import Cast
from terreau.demo.clock import at, moment
from terreau.demo.identifiers import DIRECTORY, RESERVED
from terreau.engagement.actions.proposals import introduce_new
from terreau.engagement.queries.matching import supported
from terreau.engagement.reference import directory, stock
from terreau.engagement.reference.home import cursor, folder
from terreau.projects.models import Application
from terreau.territories.models import Level, Territory
from terreau.web.office.basin import national

NUMBER = 40_000  # firms that the directory shows, at least
FIRMS, OPEN, SHOWN = 0.94, 93, 95  # of the units: what is no association; of a hundred: open, shown
BRANCHES = 0.06  # establishments that are no head office, for one unit
INVITED = 2  # by the delegate, to the visitors' project
NEAR_KM, FAR_KM = 20.0, 80.0  # firms thin out around a project, by a factor e each 20 km, and stop
SHAPES = (  # Insee: legal category, staff band, category of the enterprise, how many in ten thousand
    ("1000", "NN", "PME", 3200), ("1000", "01", "PME", 260), ("1000", "02", "PME", 40), ("5499", "NN", "PME", 1000),
    ("5499", "01", "PME", 620), ("5499", "02", "PME", 400), ("5499", "03", "PME", 290), ("5499", "11", "PME", 150),
    ("5499", "12", "PME", 60), ("5499", "21", "PME", 10), ("5710", "NN", "PME", 1340), ("5710", "01", "PME", 660),
    ("5710", "02", "PME", 390), ("5710", "03", "PME", 320), ("5710", "11", "PME", 230), ("5710", "12", "PME", 140),
    ("5710", "21", "PME", 60), ("5710", "22", "PME", 22), ("5710", "31", "ETI", 9), ("5710", "41", "ETI", 5),
    ("5599", "12", "PME", 30), ("5599", "22", "PME", 18), ("5599", "32", "ETI", 8), ("5599", "42", "ETI", 5),
    ("5599", "52", "GE", 3), ("5458", "01", "PME", 60), ("5458", "03", "PME", 40), ("5458", "11", "PME", 30),
    ("9220", "NN", None, 510), ("9220", "01", None, 50), ("9220", "03", None, 25), ("9220", "12", None, 15),
)  # fmt: skip
LEGAL = {  # legal form of our accounts → Insee's legal category, ESS
    "association": ("9220", "O"), "local_association": ("9260", "O"), "foundation": ("9300", "O"),
    "endowment_fund": ("9300", "N"), "mutual": ("8210", "O"), "cooperative": ("5458", "O"), "esus": ("5710", "O"),
    "commercial_sse": ("5710", "O"), "company": ("5710", "N"), "public_body": ("7490", "N"),
}  # fmt: skip
SIZES = {"micro": ("01", "PME"), "sme": ("12", "PME"), "midcap": ("41", "ETI"), "large": ("52", "GE")}

type Points = Sequence[tuple[float | None, float | None]]  # latitude and longitude, both there


def settle_directory(tell: Callable[[float], None], *, seed: int, number: int = NUMBER) -> stock.Loaded | None:
    """Some `number` firms around the supported projects, and whoever has an account; None where one is not ours."""
    if not _ours():
        return None
    furthest = 0.0

    def forward(share: float) -> None:
        """The loader may tell less than it did; a bar does not go back."""
        nonlocal furthest
        furthest = max(furthest, share)
        tell(furthest)

    forward(0.0)
    with TemporaryDirectory() as made:
        base = duckdb.connect()
        files = sirene.write(
            base,
            Path(made),
            recipe(number, seed),
            towns=_towns(),
            shapes=_deck(("legal", "band", "category"), SHAPES),
            others=_known(base),
        )
        base.close()
        forward(0.3)
        return stock.load(files, lambda _label, share: forward(0.3 + 0.7 * share))


def invite_some(cast: Cast, project: Application, today: date) -> None:
    """The delegate of the visitors brings the first firms of the directory to their project; nobody answered yet."""
    with transaction.atomic(), at(moment(today - timedelta(days=6))):
        for row in (national.firms(project, today) or [])[:INVITED]:
            email = f"contact@{slugify(row['firm'].name)}.example"
            delegate = cast.visitors["delegation"]
            introduce_new(project, national.identity(row["firm"]), email=email, by=delegate)


def recipe(number: int, seed: int) -> sirene.Recipe:
    """As many units as leave `number` firms in the open, with one in a hundred more."""
    units = ceil(number / (FIRMS * OPEN / 100 * SHOWN / 100) * 1.01)
    (first, end), (again, last) = DIRECTORY
    if units > end - first + last - again:
        raise ValueError(f"{number} firms do not hold in the reserved numbers")
    at = f"{RESERVED}00000 + i + CASE WHEN i < {end - first} THEN {first} ELSE {again - end + first} END"
    return sirene.Recipe(units, ceil(units * (1 + BRANCHES)), at, seed=seed, open=OPEN, shown=SHOWN, stays=90)


def _ours() -> bool:
    """Nothing is loaded, or what an earlier demonstration made."""
    if not directory.is_loaded():
        return True
    kept = str(folder("companies").resolve() / "places.parquet")
    asked = cursor().execute("SELECT count(*) FROM read_parquet($file) WHERE siren // 1000000 <> $ours",
                             {"file": kept, "ours": int(RESERVED)})  # fmt: skip
    return asked.fetchall() == [(0,)]


def _deck(names: tuple[str, ...], cards: Iterable[tuple[Any, ...]]) -> sirene.Deck:
    """Cards, each with how likely it is in its last place, as columns."""
    *columns, weights = zip(*cards, strict=True)
    return dict(zip(names, columns, strict=True)), weights


def _towns() -> sirene.Deck:
    """Communes by their people, those far from every project left out; twice the people around, 1.4 times the firms."""
    here = Territory.objects.filter(level=Level.COMMUNE, current=True).exclude(latitude=None).exclude(longitude=None)
    told = here.annotate(postal=Min("postal_codes__code")).order_by("code")
    rows = list(told.values_list("code", "postal", "name", "population", "latitude", "longitude"))
    people = np.array([row[3] or 0 for row in rows], dtype=np.float64)
    seats = here.filter(pk__in=supported().values("holder__commune")).values_list("latitude", "longitude")
    around = people[:, None] * np.exp(-_kilometres([row[4:] for row in rows], list(seats)) / NEAR_KM)
    weights = (around / np.sqrt(np.maximum(around.sum(axis=0), 1))).sum(axis=1) if len(seats) else people
    near = ((*row[:2], row[2].upper(), weight) for row, weight in zip(rows, weights.tolist(), strict=True) if weight)
    return _deck(("code", "postal", "town"), near)


def _kilometres(points: Points, to: Points) -> NDArray[np.float64]:
    """Great-circle distances (points, to), infinite beyond FAR_KM."""

    def on_the_sphere(places: Points) -> NDArray[np.float64]:
        latitude, longitude = np.radians(np.array(places, dtype=np.float64).reshape(-1, 2)).T
        across = np.cos(latitude)
        return np.stack((across * np.cos(longitude), across * np.sin(longitude), np.sin(latitude)), axis=1)

    km = 6371.0088 * np.arccos(np.clip(on_the_sphere(points) @ on_the_sphere(to).T, -1, 1))
    return np.where(km > FAR_KM, np.inf, km)


KNOWN = (
    "siren", "siret", "name", "legal", "social", "band", "category", "naf", "rna", "born", "code", "postal", "town",
    "address",
)  # fmt: skip


def _known(base: duckdb.DuckDBPyConnection) -> tuple[tuple[str, sirene.Cells], tuple[str, sirene.Cells]]:
    """The organisations of the demonstration as Sirene would tell them, so that their SIRET fills their identity."""
    ours = Organisation.objects.filter(siret__startswith=RESERVED).exclude(commune=None)
    told = ours.select_related("commune", "company_profile")
    rows = [_row(one) for one in told.annotate(postal=Min("commune__postal_codes__code")).order_by("siret")]
    columns = zip(*rows, strict=True) if rows else [()] * len(KNOWN)
    base.register("known", {name: np.array(cells, dtype=object) for name, cells in zip(KNOWN, columns, strict=True)})
    both = {"siren": "siren", "statutDiffusion": "'O'", "etatAdministratif": "'A'", "activitePrincipale": "naf"}
    both |= {"nomenclatureActivitePrincipale": "'NAFRev2'", "dateCreation": "born", "trancheEffectifs": "band"}
    of_unit = both | {
        "denomination": "name",
        "categorieJuridique": "legal",
        "identifiantAssociation": "rna",
        "economieSocialeSolidaire": "social",
        "categorieEntreprise": "category",
        "anneeCategorieEntreprise": "CASE WHEN category IS NOT NULL THEN '2023' END",
    }
    of_place = both | {
        "siret": "siret",
        "nic": "siret[10:]",
        "etablissementSiege": "true",
        "libelleVoie": "address",
        "codePostal": "postal",
        "libelleCommune": "town",
        "codeCommune": "code",
        "dateDebut": "born",
    }
    return ("known", of_unit), ("known", of_place)


def _row(one: Any) -> tuple[Any, ...]:
    profile = getattr(one, "company_profile", None)
    legal, social = LEGAL[one.legal_form]
    band, category = SIZES.get(profile.size if profile else "", (None, None))
    naf = profile.naf if profile else None if one.kind == Organisation.Kind.COMPANY else "94.99Z"
    born = one.founded_on.isoformat() if one.founded_on else None
    town = one.commune
    numbers = (one.siren, one.siret, one.name, legal, social, band, category, naf, one.rna, born)
    return (*numbers, town.code, one.postal, town.name.upper(), one.address)
