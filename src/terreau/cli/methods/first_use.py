"""The first use of a method after an installation compiles its loops, which takes a while: said once, on stderr."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import typer


@contextmanager
def told(seconds: int) -> Iterator[None]:
    """Says that so many seconds may be needed, as soon as a loop is compiled and not read from the cache."""
    from numba.core.event import Listener, install_listener

    class Once(Listener):
        said = False

        def on_start(self, _event: Any) -> None:
            if not self.said:
                self.said = True
                words = f"Première utilisation : préparation des calculs, une seule fois, {seconds} s environ."
                typer.echo(words, err=True)

        def on_end(self, _event: Any) -> None:
            pass

    with install_listener("numba:compile", Once()):
        yield
