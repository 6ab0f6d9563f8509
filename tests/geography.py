"""A piece of Grand Est for tests: one région, two départements, an EPCI, six communes on a grid of squares."""

import json

from terreau.territories.models import FormerCommune, Level, Outline, PostalCode, Territory

SIDE = 0.2
COMMUNES = [  # code, name, population, postal code, column, row
    ("52121", "Chaumont", 20_827, "52000", 0, 0),
    ("52125", "Chamarandes-Choignes", 1_034, "52000", 1, 0),
    ("52250", "Joinville", 2_908, "52300", 0, 1),
    ("52448", "Saint-Dizier", 22_780, "52100", 0, 2),
    ("51649", "Vitry-le-François", 11_203, "51300", 0, 3),
    ("51108", "Châlons-en-Champagne", 42_857, "51000", 1, 3),
]


def square(column: int, row: int, *, width: int = 1, height: int = 1) -> str:
    west, south = 4.8 + SIDE * column, 48.0 + SIDE * row
    east, north = west + SIDE * width, south + SIDE * height
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return json.dumps({"type": "Polygon", "coordinates": [[[round(x, 4), round(y, 4)] for x, y in ring]]})


def place(level: str, code: str, name: str, outline: str = "", **fields) -> Territory:
    made, _ = Territory.objects.update_or_create(level=level, code=code, defaults={"name": name} | fields)
    if outline:
        Outline.objects.update_or_create(territory=made, defaults={"geometry": outline})
    return made


def grand_est() -> dict[str, Territory]:
    """Everything, by `level:code`."""
    region = place(Level.REGION, "44", "Grand Est", square(0, 0, width=2, height=4), population=5_562_000)
    marne = place(Level.DEPARTEMENT, "51", "Marne", square(0, 3, width=2), region=region, population=565_000)
    haute = place(Level.DEPARTEMENT, "52", "Haute-Marne", square(0, 0, width=2, height=3), region=region)
    epci = place(Level.EPCI, "200066000", "CA de Chaumont", square(0, 0, width=2), region=region, departement=haute)
    made = [region, marne, haute, epci]
    for code, name, population, postal, column, row in COMMUNES:
        commune = place(
            Level.COMMUNE,
            code,
            name,
            square(column, row),
            population=population,
            latitude=48.1 + SIDE * row,
            longitude=4.9 + SIDE * column,
            epci=epci if row == 0 else None,
            departement=haute if code.startswith("52") else marne,
            region=region,
        )
        PostalCode.objects.get_or_create(code=postal, commune=commune)
        made.append(commune)
    FormerCommune.objects.get_or_create(
        code="52078", name="Brottes", kind=FormerCommune.Kind.ASSOCIATED, commune=made[4]
    )
    return {t.key: t for t in made}
