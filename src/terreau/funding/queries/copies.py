"""What a signed copy that comes back is: our own bytes with something added, or a paper that a person must read."""

import hashlib
import re
from enum import StrEnum

DIGEST = re.compile(rb"sha256:([0-9a-f]{64})")


class Verdict(StrEnum):
    """`INTACT`: the PDF that was offered, every byte of it, with a layer added after (a signature, a comment): the text
    is the one offered. `NAMED`: it carries the digest of this text but was written again by some program. `UNREAD`: a
    scan, or anything that carries no digest. `OTHER`: it carries the digest of another text. `UNSIGNED`: nothing was
    added to what was offered.
    """

    INTACT = "intact"
    NAMED = "named"
    UNREAD = "unread"
    OTHER = "other"
    UNSIGNED = "unsigned"


def verdict(copy: bytes, offered: bytes, digest: str) -> Verdict:
    """Compare a copy with what was offered. Only `INTACT` proves the text; the rest asks for a person's eyes."""
    if copy.startswith(offered):
        return Verdict.INTACT if copy[len(offered) :].strip() else Verdict.UNSIGNED
    found = {name.decode() for name in DIGEST.findall(copy)}
    if not found:
        return Verdict.UNREAD
    return Verdict.NAMED if digest in found else Verdict.OTHER


def has_signature(copy: bytes, offered: bytes) -> bool:
    """The added layer holds a PDF signature (its /ByteRange): told in the evidence, its certificate is not checked."""
    return b"/ByteRange" in copy[len(offered) :]


def digest_of_bytes(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
