"""A one-page PDF for each supporting document: small, valid, and saying that it is fictitious."""

from django.core.files.uploadedfile import SimpleUploadedFile

PAGE = (
    "BT /F1 20 Tf 72 740 Td ({title}) Tj 0 -36 Td /F1 13 Tf ({holder}) Tj "
    "0 -30 Td (Document fictif de l'édition de démonstration.) Tj ET"
)


def paper(title: str, holder: str, name: str) -> SimpleUploadedFile:
    """An upload as a browser would send it."""
    return SimpleUploadedFile(f"{name}.pdf", pdf(title, holder), content_type="application/pdf")


def pdf(title: str, holder: str) -> bytes:
    """PDF 1.4, one page, one base font; the cross-reference table gives the offset of each object."""
    page = PAGE.format(title=_escaped(title), holder=_escaped(holder)).encode("cp1252", "replace")
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R /Lang (fr) >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources 6 0 R >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(page), page),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
        b"<< /Font << /F1 5 0 R >> >>",
    ]
    body, offsets = bytearray(b"%PDF-1.4\n"), []
    for number, content in enumerate(objects, 1):
        offsets.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    size = len(objects) + 1
    end = b"xref\n0 %d\n0000000000 65535 f \n%strailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n"
    return bytes(body + end % (size, table, size, len(body)))


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")
