"""What is to be played after a selection, by date: a scene may write the next one down. Nothing beyond today."""

import heapq
from collections.abc import Callable, Iterator
from datetime import datetime
from itertools import count
from typing import Any

from django.db import transaction

from terreau.demo.clock import at

type Scene = Callable[[datetime], Any]


class Agenda:
    """Scenes in the order of their moments; those of one moment in the order in which they were written down."""

    def __init__(self, until: datetime) -> None:
        self.until = until
        self._rank = count()
        self._coming: list[tuple[datetime, int, Scene]] = []

    def plan(self, when: datetime, scene: Scene) -> None:
        heapq.heappush(self._coming, (when, next(self._rank), scene))

    def play(self) -> Iterator[datetime]:
        """Play every scene up to now, one transaction each, at its moment."""
        while self._coming and self._coming[0][0] <= self.until:
            when, _rank, scene = heapq.heappop(self._coming)
            with transaction.atomic(), at(when):
                scene(when)
            yield when
