"""No letter names a juror: their names and addresses taken out of what is quoted, and looked for before it leaves."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from django.db.models import Q

from terreau.accounts.models import Membership, Role
from terreau.calls.models import Window

MASK = "[…]"
GAP = r"[\s.,\-_'’]{0,3}"  # between the parts of a name
SHORT = 3  # a part of fewer letters is no name by itself: it would take words of the language away


@dataclass(frozen=True, order=True)
class Person:
    """How a juror could be named."""

    first: str
    last: str
    email: str


def jury_people(window: Window) -> frozenset[Person]:
    """Everybody who reads or has read for this window, and the whole jury of its funder, gone or not. One query."""
    here = Q(role=Role.JUROR, organisation=window.call.funder_id) | Q(reviews__application__window=window)
    rows = Membership.objects.filter(here).order_by().distinct()
    return frozenset(Person(*row) for row in rows.values_list("user__first_name", "user__last_name", "user__email"))


def folded(text: str) -> str:
    """Lower case without accents, sign for sign, so that places in it are places in the composed text."""
    return "".join(_plain(sign) for sign in text)


def _plain(sign: str) -> str:
    bare = unicodedata.normalize("NFD", sign)[0].lower()
    return bare if len(bare) == 1 else sign


@lru_cache(maxsize=16)
def _patterns(people: frozenset[Person]) -> tuple[re.Pattern[str] | None, re.Pattern[str] | None]:
    """What names somebody in any case (addresses, whole names), then what does so only with a capital (one name)."""
    whole, alone = set(), set()
    for person in people:
        first, last = (_words(name) for name in (person.first, person.last))
        if person.email:
            whole.add(re.escape(folded(person.email)))
        if first and last:
            whole |= {
                f"{first}{GAP}{last}",
                f"{last}{GAP}{first}",
                rf"\b{folded(person.first.strip())[0]}\.{GAP}{last}",
            }
        alone |= {name for name in (first, last) if len(name) >= SHORT}
    return _either(whole), _either(alone)


def _words(name: str) -> str:
    return GAP.join(re.escape(part) for part in re.findall(r"\w+", folded(unicodedata.normalize("NFC", name))))


def _either(parts: set[str]) -> re.Pattern[str] | None:
    if not parts:
        return None
    longest_first = sorted(parts, key=lambda part: (-len(part), part))
    return re.compile(rf"(?<![^\W_])(?:{'|'.join(longest_first)})(?![^\W_])")


def mentions(text: str, people: frozenset[Person]) -> list[tuple[int, int]]:
    """Where a composed text names one of these people: whole names and addresses however they are written, a first or
    last name alone where it has a capital.
    """
    plain = folded(text)
    whole, alone = _patterns(people)
    found = [m.span() for m in whole.finditer(plain)] if whole else []
    if alone:
        found += [m.span() for m in alone.finditer(plain) if any(map(str.isupper, text[slice(*m.span())]))]
    return _joined(found)


def _joined(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return found


def scrubbed(text: str, people: frozenset[Person]) -> str:
    """The text with a mask in the place of every mention; what is left has none."""
    text = unicodedata.normalize("NFC", text)
    while spans := mentions(text, people):
        for start, end in reversed(spans):
            text = text[:start] + MASK + text[end:]
    return text


def names_in(text: str, people: frozenset[Person], known: Iterable[str] = ()) -> list[str]:
    """What names one of these people in a text, outside `known` words: a title, the sentences of the template."""
    text = unicodedata.normalize("NFC", text)
    for words in sorted({unicodedata.normalize("NFC", word) for word in known if word.strip()}, key=len, reverse=True):
        text = text.replace(words, MASK)
    return sorted({text[start:end] for start, end in mentions(text, people)})
