"""A folder of derived files takes the place of the one in use."""

import os
import shutil
from pathlib import Path


def turn(fresh: Path, pointer: Path) -> None:
    """Point to the new folder, `<pointer>-<stamp>`, in one move of the file system, and drop the others."""
    link = pointer.with_name(f"{pointer.name}.next")
    link.unlink(missing_ok=True)
    link.symlink_to(fresh.name)
    os.replace(link, pointer)  # noqa: PTH105 - Path.replace says the same but hides that it is atomic
    for old in pointer.parent.glob(f"{pointer.name}-*"):
        if old != fresh:
            shutil.rmtree(old)
