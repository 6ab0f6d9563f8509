"""An amount in French words, as a receipt must bear it.

Own code: num2words, the library kept for this, writes « un million euros », and rests on docopt, left since 2014.
"""

SMALL = [
    *("zéro", "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf"),
    *("dix", "onze", "douze", "treize", "quatorze", "quinze", "seize", "dix-sept", "dix-huit", "dix-neuf"),
]
TENS = {2: "vingt", 3: "trente", 4: "quarante", 5: "cinquante", 6: "soixante", 8: "quatre-vingt"}
GROUPS = ((10**9, "milliard"), (10**6, "million"))
LARGEST = 10**12  # euros, excluded


def in_letters(cents: int) -> str:
    """`mille deux cent trente-quatre euros et cinquante centimes`; spelling before 1990, as the law's own texts.

    ValueError for a negative amount or a thousand billion euros.
    """
    euros, rest = divmod(cents, 100)
    if not 0 <= euros < LARGEST:
        raise ValueError(f"No words for this amount: {cents} cents.")
    parts = [f"{cardinal(euros)} {_euros(euros)}"] if euros or not rest else []
    if rest:
        parts.append(f"{cardinal(rest)} centime{_plural(rest)}")
    return " et ".join(parts)


def cardinal(number: int) -> str:
    """A whole number from 0, under a thousand billion."""
    words = []
    for value, name in GROUPS:
        count, number = divmod(number, value)
        if count:
            words.append(f"{_hundreds(count)} {name}{_plural(count)}")
    thousands, number = divmod(number, 1000)
    if thousands:
        words.append("mille" if thousands == 1 else f"{_hundreds(thousands, invariable=True)} mille")
    if number or not words:
        words.append(_hundreds(number))
    return " ".join(words)


def _hundreds(number: int, *, invariable: bool = False) -> str:
    """Below a thousand. `cent` and `quatre-vingt` take no s before another numeral, of which `mille` is one."""
    hundreds, rest = divmod(number, 100)
    if not hundreds:
        return _tens(rest, invariable=invariable)
    words = "cent" if hundreds == 1 else f"{SMALL[hundreds]} cent"
    if rest:
        return f"{words} {_tens(rest, invariable=invariable)}"
    return words if hundreds == 1 or invariable else f"{words}s"


def _tens(number: int, *, invariable: bool) -> str:
    if number < 20:
        return SMALL[number]
    ten, unit = divmod(number, 10)
    if ten in (7, 9):
        ten, unit = ten - 1, unit + 10
    if number == 80:
        return "quatre-vingt" if invariable else "quatre-vingts"
    if not unit:
        return TENS[ten]
    link = " et " if unit in (1, 11) and ten != 8 else "-"
    return f"{TENS[ten]}{link}{SMALL[unit]}"


def _euros(number: int) -> str:
    """`d’euros` after a round number of millions."""
    return f"{'d’' if number and number % 10**6 == 0 else ''}euro{_plural(number)}"


def _plural(number: int) -> str:
    return "s" if number > 1 else ""
