"""The associations that could help with a need told to a delegate. What is asked is not kept, anywhere."""

from typing import TYPE_CHECKING

from terreau.engagement.queries.matching import supported
from terreau.engagement.rulebook.matching import RELAYING
from terreau.projects.models import Application
from terreau.projects.queries.public import with_details
from terreau.territories.models import Territory

if TYPE_CHECKING:
    from terreau.methods.matching.relays import Body, Relay


def relays(place: Territory, *, theme: str = "", public: str = "", text: str = "") -> "list[tuple[Application, Relay]]":
    """The supported projects that could help near this commune, the best first."""
    from terreau.methods.matching import relays as method  # noqa: PLC0415 - heavy

    if place.latitude is None or place.longitude is None:
        return []
    projects = {project.pk: project for project in with_details(supported())}
    covering = _covering(place)
    bodies = [_body(project, project.pk in covering) for project in projects.values()]
    asked = method.Asked(place.latitude, place.longitude, theme, public, text)
    told = RELAYING
    worth = method.RelayWorth(told.place, told.theme, told.public, told.text, told.scale_km)
    found = method.relays(asked, bodies, worth, told.shown)
    return [(projects[relay.key], relay) for relay in found]


def _body(project: Application, covers: bool) -> "Body":
    from terreau.methods.matching.relays import Body  # noqa: PLC0415 - heavy

    placed = [t for t in project.territories.all() if t.latitude is not None and t.longitude is not None]
    largest = max(placed, key=lambda t: t.population or 0, default=project.holder.commune)
    return Body(
        project.pk,
        largest.latitude if largest else None,
        largest.longitude if largest else None,
        covers,
        frozenset(theme.key for theme in project.themes.all()),
        frozenset(target.public for target in project.targets.all()),
        f"{project.title}. {project.summary}",
    )


def _covering(commune: Territory) -> set[int]:
    """The projects whose territories hold this commune, at whatever level."""
    around = {commune.pk, commune.epci_id, commune.departement_id, commune.region_id, commune.zone_id} - {None}
    around |= set(commune.basins.values_list("pk", flat=True))
    rows = Application.territories.through.objects.filter(territory__in=around)
    return set(rows.values_list("application_id", flat=True))
