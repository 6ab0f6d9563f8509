"""French is the source; English must be complete, with the same fields in each sentence."""

import importlib.util
import re
from pathlib import Path

from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parent.parent
FIELD = re.compile(r"%\(\w+\)[sd]|\{\w+\}")


def messages():
    spec = importlib.util.spec_from_file_location("messages", ROOT / "scripts" / "messages.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def forms(text):
    return [text] if isinstance(text, str) else list(text)


def test_every_sentence_has_its_english():
    module = messages()
    with module.ENGLISH.open("rb") as file:
        english = read_po(file, locale="en")
    wanted = [m for m in module.catalogue() if m.id]
    missing = [m.id for m in wanted if not (found := english.get(m.id, m.context)) or not module.translated(found)]
    assert missing == []


def test_a_translation_keeps_the_fields_of_its_sentence():
    with messages().ENGLISH.open("rb") as file:
        english = read_po(file, locale="en")
    lost = []
    for message in english:
        wanted = set(FIELD.findall(forms(message.id)[-1])) if message.id else set()
        lost += [text for text in forms(message.string) if message.id and text and set(FIELD.findall(text)) - wanted]
        lost += [m for m in forms(message.string)[-1:] if message.id and m and wanted - set(FIELD.findall(m))]
    assert lost == []
