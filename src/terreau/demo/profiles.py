"""What each juror says of themselves: a place, the régions around it, what they have worked on, in their own words."""

from random import Random

from terreau.demo.parts import Profile
from terreau.demo.places import Place, by_code, places
from terreau.demo.words import concepts, fragments

HOME = "57463"  # of the first juror, whose account is a visitor's


def profiles(seed: int, number: int) -> tuple[Profile, ...]:
    """As many profiles as jurors. A generator of its own: nothing else of the edition hangs on them."""
    rng = Random(f"profiles:{seed}")
    homes = [by_code()[HOME], *_homes(rng, number)][:number]
    return tuple(_profile(rng, home) for home in homes)


def _homes(rng: Random, number: int) -> list[Place]:
    """Larger towns first in the draw, none twice while there is another."""
    ranked = sorted(places(), key=lambda place: rng.random() ** (1 / place.population**0.5), reverse=True)
    return [ranked[n % len(ranked)] for n in range(number)]


def _profile(rng: Random, home: Place) -> Profile:
    """Two or three of the edition's ideas are what a juror has worked on: their themes and publics go together."""
    said = fragments()["jury"]
    known = rng.sample(sorted(concepts()), rng.choice((2, 3)))
    themes = tuple(dict.fromkeys(theme for key in known for theme in concepts()[key].themes))
    publics = tuple(dict.fromkeys(public for key in known for public in concepts()[key].publics))
    regions = {home.region}
    if rng.random() < 0.5:
        regions.add(rng.choice(sorted({place.region for place in places()})))
    words = [said["opening"][rng.randrange(len(said["opening"]))].format(a=home.a), *(said[key] for key in themes)]
    return Profile(themes, publics, tuple(sorted(regions)), home.code, " ".join(words))
