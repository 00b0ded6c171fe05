"""A table of entries by id, each built when it is first asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Generic, TypeVar

from helpers.proof.read.latex import ReadError

from ._sources import ContentError, content

Built = TypeVar("Built")


class Table(Mapping[str, Built], Generic[Built]):
    """id -> entry, in reading order. A formula that cannot be read is said with its entry's id."""

    def __init__(self, name: str, build: Callable[[dict[str, Any]], Built]) -> None:
        self.name, self.build = name, build
        self.built: dict[str, Built] = {}

    def __getitem__(self, id: str) -> Built:
        if id not in self.built:
            entry = content(self.name)[id]
            try:
                self.built[id] = self.build(entry)
            except ReadError as trouble:
                raise ContentError(f"{id} in the book's {self.name}: {trouble}") from None
        return self.built[id]

    def __iter__(self) -> Iterator[str]:
        return iter(content(self.name))

    def __len__(self) -> int:
        return len(content(self.name))

    def __contains__(self, id: object) -> bool:
        return id in content(self.name)
