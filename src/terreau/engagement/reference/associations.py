"""The RNA's files become one Parquet file, sorted by number: names, purposes and seats, never a person or a telephone.

`rna_waldec` holds the associations that have a number of today; `rna_import` those of before, some of which were given
one since (it stands in `observation`): the others cannot be named by a number and are left out.
"""

# ruff: noqa: S608 - the statements are made of our own words and of columns that were checked
from collections.abc import Sequence
from pathlib import Path

from terreau.engagement.reference.files import BadFile, Layout, Source, checked, opened
from terreau.engagement.reference.making import Progress, Steps, loader, making, register_communes
from terreau.territories.models import FormerCommune

COMMON = ("id", "siret", "date_creat", "titre", "objet", "adrs_codepostal", "adrs_codeinsee", "position", "rup_mi")
WALDEC = Layout(
    "RNA (waldec)",
    ("id", "titre", "adrs_libvoie"),
    (*COMMON, "adrs_numvoie", "adrs_repetition", "adrs_typevoie", "adrs_libcommune", "maj_time"),
)
IMPORT = Layout("RNA (import)", ("id", "titre", "adr1"), (*COMMON, "libcom", "observation", "maj_time"))
NUMBER = r"^W[0-9][0-9A-Z][0-9]{7}$"


def load(paths: Sequence[Path], progress: Progress) -> int:
    """One or both files; returns how many associations are known. BadFile, in one line, for what is wrong in them."""
    with making("associations") as draft, loader(draft / "work") as base:
        steps = Steps(base, progress)
        base.execute(
            "CREATE TABLE read (rna VARCHAR, name VARCHAR, purpose VARCHAR, address VARCHAR, postal_code VARCHAR,"
            " commune_name VARCHAR, commune VARCHAR, siret VARCHAR, founded_on DATE, is_open BOOLEAN,"
            " is_public_utility BOOLEAN, rank UTINYINT, changed VARCHAR)"
        )
        for path in paths:
            source = opened(path, draft / "work")
            layout = checked(source, (WALDEC, IMPORT))
            steps.run(source.name, 0.6 / len(paths), f"INSERT INTO read {_read(source, layout)}")
        kept = str(draft / "associations.parquet").replace("'", "''")
        steps.run("tri par numéro", 0.3, f"COPY ({LATEST}) TO '{kept}' (FORMAT parquet, ROW_GROUP_SIZE 20480)")
        known = int(base.execute(f"SELECT count(*) FROM read_parquet('{kept}')").fetchall()[0][0])
        if not known:
            raise BadFile(f"{', '.join(path.name for path in paths)} : aucun numéro RNA.")
        register_communes(base, dict(FormerCommune.objects.values_list("code", "commune__code")))
        near, listed = str(draft / "basins.parquet").replace("'", "''"), LISTED.format(kept=kept)
        steps.run("tri par commune", 0.1, f"COPY ({listed}) TO '{near}' (FORMAT parquet, ROW_GROUP_SIZE 20480)")
    progress("terminé", 1.0)
    return known


LATEST = """
    SELECT * EXCLUDE (rank, changed) FROM read
    QUALIFY row_number() OVER (PARTITION BY rna ORDER BY rank DESC, changed DESC, name) = 1 ORDER BY rna
"""  # an association told twice: as waldec has it, then as it was last changed

LISTED = """
    SELECT coalesce(TRY_CAST(siret AS BIGINT), 0) AS siret, false AS is_seat, name, purpose AS sign, address,
        postal_code, commune_name, coalesce(today, commune) AS commune, '' AS naf, '' AS nomenclature, '' AS naf_2025,
        '' AS legal_category, 'registered' AS kind, '' AS size, 0 AS size_rank, NULL::SMALLINT AS size_year,
        false AS is_sse, rna, founded_on
    FROM read_parquet('{kept}') LEFT JOIN commune_of ON code = commune WHERE is_open ORDER BY commune, name, rna
"""  # the open ones by commune, in the columns of Sirene's own list


def _read(source: Source, layout: Layout) -> str:
    text = source.text
    if layout is WALDEC:
        number, rank, town = text("id"), 1, text("adrs_libcommune")
        parts = [text(f"adrs_{part}") for part in ("numvoie", "repetition", "typevoie", "libvoie")]
    else:
        number = (
            f"CASE WHEN regexp_full_match({text('id')}, '{NUMBER}') THEN {text('id')} ELSE {text('observation')} END"
        )
        rank, town, parts = 0, text("libcom"), [text("adr1")]
    street = ", ".join(f"nullif({part}, '_')" for part in parts)
    return f"""
        SELECT upper({number}), coalesce({text("titre")}, ''), coalesce({text("objet")}, ''),
            regexp_replace(concat_ws(' ', {street}), ' +', ' ', 'g'), coalesce({text("adrs_codepostal")}, ''),
            coalesce({town}, ''), coalesce({text("adrs_codeinsee")}, ''), coalesce({text("siret")}, ''),
            CASE WHEN {text("date_creat")} > '1000' THEN TRY_CAST({text("date_creat")} AS DATE) END,
            coalesce({text("position")}, 'A') = 'A', coalesce({text("rup_mi")} NOT IN ('0', 'N', 'non'), false),
            {rank}, coalesce({text("maj_time")}, '')
        FROM {source.relation} WHERE regexp_full_match(upper({number}), '{NUMBER}')
    """
