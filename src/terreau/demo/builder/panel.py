"""The jurors fill their profiles, a month after they were asked into the jury."""

from datetime import date

from terreau.demo.builder.cast import Cast, commune
from terreau.demo.clock import at, moment
from terreau.demo.parts import Profile
from terreau.selection import actions
from terreau.territories.models import Level, Territory

FILLED_ON = date(2024, 12, 16)


def introduce(cast: Cast, profiles: tuple[Profile, ...]) -> None:
    regions = {t.code: t for t in Territory.objects.filter(level=Level.REGION)}
    for rank, (juror, profile) in enumerate(zip(cast.jurors, profiles, strict=True)):
        with at(moment(FILLED_ON, 8 + rank % 12, rank)):
            actions.save_profile(
                juror,
                themes=profile.themes,
                publics=profile.publics,
                regions=[regions[code] for code in profile.regions if code in regions],
                commune=commune(profile.commune),
                expertise=profile.expertise,
                sirens=(),
                wanted_load=None,
                by=juror.user,
            )
