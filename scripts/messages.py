"""The interface is written in French; this keeps its English catalogue. No GNU gettext needed.

`collect` gathers the marked strings of templates and Python into locale/en; `compile` writes the .mo files.
"""

import re
import sys
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

SOURCE = Path(__file__).resolve().parent.parent / "src" / "terreau"
ENGLISH = SOURCE / "locale" / "en" / "LC_MESSAGES" / "django.po"
KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}


def strings(path: Path) -> list[tuple]:
    """(line, message, comments, context) of each marked string of a file."""
    text = path.read_text()
    if path.suffix != ".py":
        text = re.sub(r"(?m)^\s+", "", templatize(text, origin=str(path)))  # indentation means nothing here
    return list(extract("python", BytesIO(text.encode()), keywords=KEYWORDS, options={"encoding": "utf-8"}))


def catalogue() -> Catalog:
    found = Catalog(locale="en", charset="utf-8", project="Terreau", fuzzy=False)
    files = [p for p in sorted(SOURCE.rglob("*")) if p.suffix in {".py", ".html", ".txt", ".typ"}]
    for path in files:
        if "migrations" in path.parts:
            continue
        for _line, message, _comments, context in strings(path):
            flags = ["python-format"] if "%(" in str(message) else []
            found.add(message, locations=[(str(path.relative_to(SOURCE)), None)], context=context, flags=flags)
    return found


def translated(message: Message) -> bool:
    """Every form of the message has an English text."""
    forms = [message.string] if isinstance(message.string, str) else list(message.string or ())
    return bool(forms) and all(forms)


def collect() -> None:
    if not settings.configured:
        settings.configure()
    known = read_po(ENGLISH.open("rb"), locale="en") if ENGLISH.exists() else Catalog(locale="en")
    known.update(catalogue(), no_fuzzy_matching=True, update_creation_date=False)
    known.obsolete.clear()
    ENGLISH.parent.mkdir(parents=True, exist_ok=True)
    with ENGLISH.open("wb") as file:
        write_po(file, known, width=110, sort_output=True, omit_header=False)
    missing = [m.id for m in known if m.id and not translated(m)]
    print(f"{len(known)} messages, {len(missing)} without an English translation")


def compile_all() -> None:
    for po in SOURCE.rglob("*.po"):
        with po.open("rb") as file, po.with_suffix(".mo").open("wb") as out:
            write_mo(out, read_po(file, locale=po.parent.parent.name))


if __name__ == "__main__":
    {"collect": collect, "compile": compile_all}[sys.argv[1]]()
