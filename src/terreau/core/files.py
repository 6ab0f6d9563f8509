"""Uploads: what a file really is, told from its content; kept outside the web root; handed out as attachments."""

import hashlib
from dataclasses import dataclass
from typing import Any

import filetype
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.http import FileResponse
from django.utils.text import get_valid_filename
from django.utils.translation import gettext as _

ALLOWED = {
    "pdf": "application/pdf",
    "png": "image/png",
    "jpg": "image/jpeg",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "odt": "application/vnd.oasis.opendocument.text",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
}


@dataclass(frozen=True)
class Checked:
    """What was found: a safe name, the type by content, bytes, SHA-256."""

    name: str
    mime: str
    size: int
    digest: str


def check(upload: UploadedFile) -> Checked:
    """Read an upload and say what it is. ValueError, in words, when it is empty, too large or of another type."""
    size = upload.size or 0
    if not size:
        raise ValueError(_("Ce fichier est vide."))
    if size > settings.UPLOAD_LIMIT:
        limit = settings.UPLOAD_LIMIT // (1024 * 1024)
        raise ValueError(_("Ce fichier dépasse %(limit)s Mo.") % {"limit": limit})
    digest = hashlib.sha256()
    head = b""
    for chunk in upload.chunks():
        head = head or chunk[:8192]
        digest.update(chunk)
    upload.seek(0)
    kind = filetype.guess(head)
    if kind is None or kind.extension not in ALLOWED:
        raise ValueError(
            _("Ce type de fichier n’est pas accepté. Types acceptés : %(types)s.")
            % {"types": ", ".join(sorted(ALLOWED)).upper()}
        )
    stem = get_valid_filename((upload.name or "document").rsplit("/", 1)[-1]).rsplit(".", 1)[0][:80]
    return Checked(f"{stem or 'document'}.{kind.extension}", ALLOWED[kind.extension], size, digest.hexdigest())


def attachment(file: Any, *, name: str, mime: str) -> FileResponse:
    """A download that a browser never shows in place."""
    response = FileResponse(file.open("rb"), as_attachment=True, filename=name, content_type=mime)
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response
