"""A map of France by région as a small SVG for the pack, with the same figures in words beside it."""

from collections import Counter

from django.utils.translation import gettext as _

from terreau.territories.models import Level, Territory
from terreau.web.ui import maps

COLOURS = ("#f3efe6", "#c9d8bd", "#93b183", "#5f8a54", "#2f5a2c")  # none, then more and more


def region_map(title, rows):
    """The number of these files in each région: a drawing, its words, and a table."""
    counts = Counter(row.region_id for row in rows if row.region_id)
    names = {row.region_id: row.region for row in rows if row.region_id}
    codes = dict(Territory.objects.filter(pk__in=counts).values_list("code", "pk"))
    values = {code: counts[pk] for code, pk in codes.items()}
    listed = sorted(((names[pk], count) for pk, count in counts.items()), key=lambda pair: (-pair[1], pair[0]))
    words = ", ".join(f"{name} : {count}" for name, count in listed) or _("aucun dossier")
    return {
        "title": title,
        "svg": drawing(values),
        "alt": f"{title}. {words}.",
        "rows": [[name, str(count)] for name, count in listed],
    }


def drawing(values):
    """SVG of the régions, darker where there is more; empty where no outline is known."""
    shapes = maps.france(Level.REGION)
    if not shapes:
        return ""
    top = max(values.values(), default=1)
    paths = "".join(
        f'<path d="{shape.path}" fill="{COLOURS[depth(values.get(shape.code, 0), top)]}"/>' for shape in shapes
    )
    figures = "".join(
        f'<text x="{shape.x}" y="{shape.y}" fill="{"#fff" if depth(values[shape.code], top) > 2 else "#1d1d1b"}">'
        f"{values[shape.code]}</text>"
        for shape in shapes
        if values.get(shape.code)
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {maps.WIDTH:.0f} {maps.HEIGHT:.0f}">'
        f'<g stroke="#5b5248" stroke-width="0.8" stroke-linejoin="round">{paths}</g>'
        f'<g font-size="20" text-anchor="middle">{figures}</g></svg>'
    )


def base():
    """The drawing on which each file's territories are marked, and its size."""
    return {"svg": drawing({}), "width": maps.WIDTH, "height": maps.HEIGHT}


def marks(territories):
    """Where these places stand on `base`, as shares of its width; at most twelve."""
    found = [maps.place(t.longitude, t.latitude) for t in territories if t.longitude and t.latitude]
    return [[round(x / maps.WIDTH, 4), round(y / maps.WIDTH, 4)] for x, y in [p for p in found if p][:12]]


def depth(value, top):
    """How dark: 0 for none, then a quarter of the greatest at a time."""
    return 1 + min(3, (4 * value - 1) // top) if value else 0
