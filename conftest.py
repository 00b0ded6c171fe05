"""pytest's settings for notebooks: `pytest --nbval tests notebooks` runs every cell and compares its output.

Numbers are compared as numbers: integers exactly, decimals within a relative 1e-4. Messages on stderr are not
compared. Cells tagged `nbval-ignore-output` run and are not compared; `tests/test_notebooks.py` guards what
is stored in them. But for the choice of folder, none of this acts unless pytest is called with --nbval.

With several workers a file stays on one of them, and the long files begin first: see FIRST.
"""

from __future__ import annotations

import math
import os
import re
from pathlib import Path

import pytest

from helpers.places import chapters
from tools import forked_kernels

ROOT = Path(__file__).parent
NUMBER = re.compile(r"(?<![\w.])[-+−]?(?:\d+\.\d*|\.\d+|\d+)(?:[eE][-+]?\d+)?(?!\w|\.\d)")
REL, ABS = 1e-4, 1e-9  # ABS lets rounding noise such as 2e-16 vary
# A file that takes long and begins late is one that all other workers wait for. Chapters, of which the later
# train longer, then what drives a browser, proves much, or starts kernels; all other files as they come.
FIRST = (
    "notebooks",
    "tests/test_accessible.py",
    "tests/test_site.py",
    "tests/test_browser_python.py",
    "tests/test_derivations.py",
    "tests/test_live.py",
    "tests/test_proof_fuzz.py",
    "tests/test_attack.py",
    "tests/test_jupyterlab.py",
    "tests/test_book.py",
    "tests/test_mutants.py",
    "tests/test_grade.py",
    "tests/test_tampering.py",
)
OUTPUT_WAIT = 120  # seconds; nbval's own 5 s is too short for a busy machine, and no option changes it


def is_decimal(number: str) -> bool:
    return "." in number or "e" in number.lower()


def agree(stored: str, new: str) -> bool:
    """The same text, but for decimals that differ by rounding, and for the sign that stands for a minus."""
    if stored == new:
        return True
    if NUMBER.sub("#", stored) != NUMBER.sub("#", new):
        return False
    numbers = ([number.replace("−", "-") for number in NUMBER.findall(text)] for text in (stored, new))
    return all(
        a == b or (is_decimal(a) and is_decimal(b) and _near(a, b)) for a, b in zip(*numbers, strict=True)
    )


def _near(a: str, b: str) -> bool:
    return math.isclose(float(a), float(b), rel_tol=REL, abs_tol=ABS)


def forgive_rounding(new_outputs: list, stored_outputs: list) -> None:
    """Put the stored text in place of each new one that agrees with it, so that an exact compare passes."""
    for new, stored in zip(new_outputs, stored_outputs, strict=False):
        if "text" in new and "text" in stored and agree(stored["text"], new["text"]):
            new["text"] = stored["text"]
        data, stored_data = new.get("data") or {}, stored.get("data") or {}
        for mime in data.keys() & stored_data.keys():
            pair = stored_data[mime], data[mime]
            if all(isinstance(text, str) for text in pair) and agree(*pair):
                data[mime] = stored_data[mime]


def _teach(plugin) -> None:
    """Give nbval's cells the tolerant compare and the longer wait, its chapters kernels that start fast."""
    exact, start = plugin.IPyNbCell.compare_outputs, plugin.IPyNbCell.__init__
    open_chapter = plugin.IPyNbFile.setup

    def compare_outputs(self, test, ref, skip_compare=None):
        forgive_rounding(test, ref)
        return exact(self, test, ref, skip_compare)

    def __init__(self, *args, **kwargs):
        start(self, *args, **kwargs)
        self.output_timeout = OUTPUT_WAIT

    def setup(self):
        code = "\n".join(cell.source for cell in self.nb.cells if cell.cell_type == "code")
        with forked_kernels.forked(code):
            open_chapter(self)

    plugin.IPyNbCell.compare_outputs, plugin.IPyNbCell.__init__ = compare_outputs, __init__
    plugin.IPyNbFile.setup = setup


def place(file: str) -> tuple[int, int]:
    """Where the tests of `file`, relative to the course's folder, stand in the queue: a key to sort by."""
    found = [k for k, name in enumerate(FIRST) if file == name or file.startswith(f"{name}/")]
    chapter = re.match(r"notebooks/(\d+)", file)
    return found[0] if found else len(FIRST), -int(chapter[1]) if chapter else 0


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if hasattr(config, "workerinput"):
        items.sort(key=lambda item: place(item.nodeid.partition("::")[0]))


def pytest_configure(config: pytest.Config) -> None:
    if hasattr(config.option, "loadscopereorder"):
        config.option.loadscopereorder = False  # by number of tests, which says nothing about their seconds
    if not config.getoption("nbval", False):
        return
    from nbval import plugin

    _teach(plugin)
    config.option.nbval_current_env = True  # this Python, whatever kernels are registered
    workers = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", 1))
    threads = max(1, (os.cpu_count() or 1) // workers)
    # Kernels inherit these. A fixed hash seed keeps the order of sets, and so of SymPy's printing.
    defaults = {"COURSE_PROFILE": "quick", "PYTHONHASHSEED": "0", "OMP_NUM_THREADS": str(threads)}
    for name, value in defaults.items():
        os.environ.setdefault(name, value)


def pytest_unconfigure(config: pytest.Config) -> None:
    forked_kernels.close()


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Only chapters are taken, no copies and drafts, nothing from _build, student or a checkpoint folder."""
    if collection_path.suffix == ".ipynb" and collection_path not in chapters(ROOT / "notebooks"):
        return True
    return None


def pytest_collectstart(collector: pytest.Collector) -> None:
    if type(collector).__name__ == "IPyNbFile":
        collector.skip_compare += ("stderr",)
