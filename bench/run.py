"""All benchmarks, one after the other: python bench/run.py [--out FILE] [name …]. `make bench` calls it.

Prints a table and writes the same as JSON, by default `_build/bench.json`. The exit status is 0 whatever was
measured. A name is that of a file without `bench_`, such as `training`; without names all are run.
"""

from __future__ import annotations

import argparse
import importlib
import sys
import warnings
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
sys.path.insert(0, str(Path(__file__).resolve().parent))

from report import Report

from helpers.runtime import provenance

NAMES = ("training", "linear_sweeps", "module_sweeps", "convolution", "transfer")


def run(names: tuple[str, ...], report: Report) -> None:
    """Each benchmark's `measure(report)`; one that fails leaves its reason, and the next one begins."""
    for name in names:
        report.title = name.replace("_", " ")
        print(f"\n{report.title}", flush=True)
        try:
            importlib.import_module(f"bench_{name}").measure(report)
        except Exception as error:
            reason = f"{type(error).__name__}: {error}".splitlines()[0]
            report.add("not measured", note=reason)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*", metavar="name", help=", ".join(NAMES))
    parser.add_argument("--out", type=Path, default=Path("_build/bench.json"))
    args = parser.parse_args()
    unknown = sorted(set(args.names) - set(NAMES))
    if unknown:
        parser.error(f"unknown benchmark {unknown[0]!r}: use {', '.join(NAMES)}")
    report = Report()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # other libraries' own
        run(tuple(args.names) or NAMES, report)
    report.write(args.out, provenance())
    print(report.table())
    print(f"Written: {args.out}")


if __name__ == "__main__":
    main()
