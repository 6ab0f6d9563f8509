"""PDF files read back."""

import re
import shutil
import subprocess

import pytest


def text_of(content, *flags):
    """The words of a PDF, in the order of pdftotext, blanks as one."""
    if not shutil.which("pdftotext"):
        pytest.skip("no pdftotext")
    done = subprocess.run(["pdftotext", *flags, "-", "-"], input=content, capture_output=True, check=True)
    return re.sub(r"\s+", " ", done.stdout.decode())
