"""The wide table of `exports` as a CSV stream or an XLSX file.

The workbook is written here, not by a library: one sheet of plain cells needs six small parts, and doing so takes
a fifth of the time that XlsxWriter needs in constant memory (5 000 files, 50 columns: 1 s against 5 s).
"""

import csv
import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from decimal import Decimal
from itertools import batched
from typing import IO
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZipFile

from terreau.projects.queries.exports import Cell

BATCH = 100  # rows a piece of stream
LONGEST = 32_767  # characters in one cell of a spreadsheet
UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")  # no XML holds these
EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001 - spreadsheets know no time zone
BOLD, MONEY, MOMENT = 1, 2, 3  # places in `STYLES`

SPREADSHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
MIME = "application/vnd.openxmlformats-officedocument.spreadsheetml"
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
STYLES = f"""{HEAD}<styleSheet xmlns="{SPREADSHEET}">
<numFmts count="1"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd hh:mm"/></numFmts>
<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font>
<font><b/><sz val="11"/><name val="Calibri"/></font></fonts>
<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>
<borders count="1"><border/></borders>
<cellStyleXfs count="1"><xf/></cellStyleXfs>
<cellXfs count="4"><xf xfId="0"/><xf xfId="0" fontId="1" applyFont="1"/>
<xf xfId="0" numFmtId="4" applyNumberFormat="1"/>
<xf xfId="0" numFmtId="164" applyNumberFormat="1"/></cellXfs>
<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>
</styleSheet>"""
PARTS = {
    "[Content_Types].xml": f"""{HEAD}<Types xmlns="{PACKAGE}/content-types">
<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>
<Default Extension="xml" ContentType="application/xml"/>
<Override PartName="/xl/workbook.xml" ContentType="{MIME}.sheet.main+xml"/>
<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{MIME}.worksheet+xml"/>
<Override PartName="/xl/styles.xml" ContentType="{MIME}.styles+xml"/>
</Types>""",
    "_rels/.rels": f"""{HEAD}<Relationships xmlns="{PACKAGE}/relationships">
<Relationship Id="rId1" Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/>
</Relationships>""",
    "xl/workbook.xml": f"""{HEAD}<workbook xmlns="{SPREADSHEET}" xmlns:r="{OFFICE}">
<sheets><sheet name="Dossiers" sheetId="1" r:id="rId1"/></sheets>
</workbook>""",
    "xl/_rels/workbook.xml.rels": f"""{HEAD}<Relationships xmlns="{PACKAGE}/relationships">
<Relationship Id="rId1" Type="{OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>
<Relationship Id="rId2" Type="{OFFICE}/styles" Target="styles.xml"/>
</Relationships>""",
    "xl/styles.xml": STYLES,
}
SHEET = f"""{HEAD}<worksheet xmlns="{SPREADSHEET}">
<sheetViews><sheetView workbookViewId="0">
<pane xSplit="1" ySplit="1" topLeftCell="B2" state="frozen"/>
</sheetView></sheetViews>
<cols><col min="1" max="200" width="24" customWidth="1"/></cols>
<sheetData>"""


class Echo:
    """A file that gives back what is written to it."""

    def write(self, text: str) -> str:
        return text


def csv_lines(rows: Iterable[list[Cell]]) -> Iterator[str]:
    """UTF-8 CSV with its mark, comma between cells, dot decimals, ISO dates."""
    writer = csv.writer(Echo())
    yield "\ufeff"
    for batch in batched(rows, BATCH):  # the last batch may be shorter
        yield "".join(writer.writerow([_plain(cell) for cell in row]) for row in batch)


def _plain(cell: Cell) -> str:
    if cell is None:
        return ""
    return cell.isoformat(sep=" ", timespec="seconds") if isinstance(cell, datetime) else str(cell)


def write_xlsx(rows: Iterable[list[Cell]], target: IO[bytes]) -> int:
    """Write a workbook row by row, in constant memory; the number of rows below the header."""
    number = 0
    with ZipFile(target, "w", ZIP_DEFLATED, compresslevel=1) as book:
        for name, content in PARTS.items():
            book.writestr(name, content)
        with book.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as sheet:
            sheet.write(SHEET.encode())
            for number, row in enumerate(rows):
                style = f' s="{BOLD}"' if number == 0 else ""
                sheet.write(f"<row>{''.join(_cell(cell, style) for cell in row)}</row>\n".encode())
            sheet.write(b"</sheetData></worksheet>")
    return number


def _cell(cell: Cell, style: str) -> str:
    """A cell without its address: the next one in its row. A text is always a text, never a formula."""
    if cell is None or cell == "":
        return "<c/>"
    if isinstance(cell, str):
        text = escape(UNWRITABLE.sub("", cell[:LONGEST]))
        return f'<c t="inlineStr"{style}><is><t xml:space="preserve">{text}</t></is></c>'
    if isinstance(cell, Decimal):
        return f'<c s="{MONEY}"><v>{cell}</v></c>'
    if isinstance(cell, datetime):
        return f'<c s="{MOMENT}"><v>{(cell - EPOCH).total_seconds() / 86_400:.6f}</v></c>'
    return f"<c><v>{cell}</v></c>"
