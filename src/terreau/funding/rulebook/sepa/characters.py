"""The characters that every SEPA bank accepts. Source: EPC217-08, SEPA requirements for an extended character set."""

import re

from anyascii import anyascii

ALLOWED = re.compile(r"[A-Za-z0-9/\-?:().,'+ ]*")
IDENTIFIER = re.compile(r"[A-Za-z0-9\-?:().,'+ ]+(/[A-Za-z0-9\-?:().,'+ ]+)*")  # no slash at the ends, none doubled
CONVERTED = str.maketrans(
    {
        "&": "+",
        "_": "-",
        "~": "-",
        ";": ",",
        '"': "'",
        "`": "'",
        "[": "(",
        "{": "(",
        "]": ")",
        "}": ")",
        "\\": "/",
        "|": "/",
        **dict.fromkeys("!#$%*<=>@^", "."),
    }
)
OURS = str.maketrans({"«": "'", "»": "'", "“": "'", "”": "'", "„": "'", "°": "o"})  # before the library's own letters


def spelled(text: str, limit: int) -> str:
    """The text in SEPA characters: accents taken off, other scripts in Latin letters, cut at `limit`."""
    ascii_text = anyascii(text.translate(OURS)).translate(CONVERTED)
    kept = re.sub(r"[^A-Za-z0-9/\-?:().,'+ ]+", " ", ascii_text)
    tidy = " ".join(kept.split())
    return re.sub(r"/{2,}", "/", tidy).strip("/ ")[:limit].rstrip(" /")
