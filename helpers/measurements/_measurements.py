"""`Measurements`: read what is kept, compute what is missing."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from helpers.measurements import _store as store
from helpers.measurements._key import key
from helpers.measurements._values import decode, encode
from helpers.runtime import CourseError, profile, progress, provenance, publishing, synchronise

ALONE = "all"  # the member of a measurement that has no seeds


class Measurements:
    """The measurements of the notebook `chapter` ("NN-topic"), made on `data` (None for one without data).

    `keeps` is True where values are read and kept: full profile, and not on the embedded digits. They are
    written to the book's files in a publisher's run only (`make run` in the full profile).
    `COURSE_FRESH=1` measures everything anew, once; with `COURSE_KEPT=1` nothing is measured, and what is not
    kept is a CourseError.
    """

    def __init__(self, chapter: str, data: Any = None, root: str | Path | None = None) -> None:
        self.chapter, self.data = chapter, data
        self.path = store.path_of(chapter, root)
        self.keeps = profile() == "full" and getattr(data, "tier", None) != "embedded"
        self.fresh = os.environ.get("COURSE_FRESH", "") not in ("", "0")
        self.record = store.read(self.path) if self.keeps else {"measurements": {}}
        self.arrays = store.read_arrays(self.path) if self.keeps else {}
        self.used: set[str] = set()

    def __call__(
        self, name: str, function: Callable, *, seeds: Iterable[int] | None = None, **settings: Any
    ) -> Any:
        """`function(**settings)`, or with `seeds` the list of `function(seed, **settings)`.

        The function returns numbers, texts, lists, dicts, arrays, tensors or a History; numbers come back
        with nine digits and tensors on the CPU. Raises CourseError for a name that is used twice in a
        chapter, a result that cannot be kept, and a function that reads what no key can be made of.
        """
        if "/" in name or not name.strip():
            raise CourseError(f"The name of a measurement is a few words without a slash, not {name!r}.")
        if name in self.used:
            raise CourseError(
                f"The measurement {name!r} is named twice in {self.chapter}: give one another name."
            )
        self.used.add(name)
        now = key(function, settings, self.data)  # in every profile: what has no key is found early
        entry = self._entry(name, now) if self.keeps else {"members": {}}
        if seeds is None:
            return self._member(name, ALONE, entry, lambda: function(**settings))
        members = [int(seed) for seed in seeds]
        return [
            self._member(name, str(seed), entry, lambda seed=seed: function(seed, **settings))
            for seed in progress(members, name, total=len(members))
        ]

    def seconds(self, *names: str) -> float:
        """How long the named measurements take, all seeds together; without a name: all.

        Every seed counts as the quickest of its measurement: on a shared machine others were slowed down.
        """
        entries = self.record["measurements"]
        chosen = names or tuple(self.used)
        kept = [list(entries[name]["members"].values()) for name in chosen if name in entries]
        return sum(len(members) * min(m["seconds"] for m in members) for members in kept if members)

    def finish(self) -> None:
        """Drop from the file what this notebook no longer measures; called by the last cell."""
        if not self.keeps:
            return
        for name in [name for name in self.record["measurements"] if name not in self.used]:
            del self.record["measurements"][name]
        self._write()

    def _entry(self, name: str, now: str) -> dict:
        """What is kept under `name`; nothing if it was made by other code, settings or data than now."""
        entry = self.record["measurements"].get(name)
        if entry is None or entry["key"] != now or self.fresh:
            entry = {"key": now, "members": {}}
            self.record["measurements"][name] = entry
        return entry

    def _member(self, name: str, member: str, entry: dict, compute: Callable) -> Any:
        if member in entry["members"]:
            return decode(entry["members"][member]["value"], self.arrays)
        if os.environ.get("COURSE_KEPT", "") not in ("", "0"):
            raise CourseError(
                f"{self.chapter} keeps no measurement {name!r} (seed: {member}) of this code and these data."
            )
        clock, work = time.perf_counter(), time.process_time()
        result = compute()
        synchronise()
        # The clock also counts waiting for others; several cores, or an accelerator, are counted by it alone.
        seconds = min(time.perf_counter() - clock, time.process_time() - work)
        arrays: dict[str, Any] = {}
        value = encode(result, f"{name}/{member}", arrays)
        kept = {"value": value, "seconds": round(seconds, 2)}
        if self.keeps:
            entry["members"][member] = kept | {"made_with": self._made_with()}
            self.arrays.update(arrays)
            self._write()
        else:
            self.record["measurements"].setdefault(name, {"members": {}})["members"][member] = kept
        return decode(value, arrays)

    def _made_with(self) -> int:
        """The place of today's provenance in the record, entered there if it is new."""
        made_with = provenance() | {"tier": getattr(self.data, "tier", "no data")}
        known = self.record["made_with"]
        if made_with not in known:
            known.append(made_with)
        return known.index(made_with)

    def _write(self) -> None:
        """Both files, in a publisher's run only, without arrays and provenance that no member names."""
        if not publishing():
            return
        members = [m for entry in self.record["measurements"].values() for m in entry["members"].values()]
        named = sorted({m["made_with"] for m in members})
        self.record["made_with"] = [self.record["made_with"][place] for place in named]
        for m in members:
            m["made_with"] = named.index(m["made_with"])
        wanted = {
            f"{name}/{seed}" for name, e in self.record["measurements"].items() for seed in e["members"]
        }
        self.arrays = {
            n: a for n, a in self.arrays.items() if any(n == w or n.startswith(f"{w}/") for w in wanted)
        }
        store.write(self.path, self.record, self.arrays)
