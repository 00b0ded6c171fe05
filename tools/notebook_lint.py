"""What a notebook of this book must look like: the rules behind `tests/test_notebooks.py`.

    python tools/notebook_lint.py [NAME …]     prints what breaks a rule

Every rule is a function from a notebook to a list of sentences, empty if the rule is kept.
"""

from __future__ import annotations

import re
import statistics
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import nbformat
import prose_numbers
from nbformat import NotebookNode
from run_notebooks import code_cells, code_hash, find, outputs_hash

SECTIONS = (
    "The task",
    "A puzzle",
    "Derive",
    "Formula and automatic differentiation",
    "From scratch",
    "Measure",
    "What the reports said",
    "Your turn",
    "Limits",
    "Summary",
)
TAGS = {
    "nbval-ignore-output",  # its numbers depend on profile, tier or device: it runs and is not compared
    "remove-cell",
    "hide-input",
    "hide-output",
    "hide-cell",
    "exercise",
    "solution",
    "verdicts",
    "continues",  # belongs to the cell before it: needs no prose of its own
}
GUARD = """\
# One chapter of the course "Show Your Work": it needs the course's folder helpers, not this file alone.
try:
    import helpers.measurements
except ImportError:
    raise ImportError(
        "This chapter needs the whole course: get its repository, run `make lab` there and open the chapter "
        "in notebooks/. (A package called helpers from elsewhere is not ours: remove it.)"
    ) from None"""
MAX_CELL, MAX_NOTEBOOK, MEDIAN_CELL = 25, 220, 4  # lines of code
WORDS_PER_LINE = (8, 20)  # at least, of the code that is read; at most, of all, what is folded too
ADMONITIONS = ("{note}", "{tip}", "{warning}", "{important}", "{admonition}", "{dropdown}")
REFERENCE = re.compile(r"\b(?:HW\d|A\d|Task|Problem|Exercise|Section|section)[ -]?\d[\d.]*[a-z]?")


def tags(cell: NotebookNode) -> set[str]:
    return set(cell.metadata.get("tags", []))


def compared(cell: NotebookNode) -> bool:
    return "nbval-ignore-output" not in tags(cell)


def lines_of_code(cell: NotebookNode) -> int:
    return sum(1 for line in cell.source.splitlines() if line.strip())


def to_be_read(cell: NotebookNode) -> bool:
    """Not what the site hides, nor claims and derivations: of these the outputs are read."""
    shown = ("ledger.judge", "ledger.erratum", "%%derivation")
    return not tags(cell) & {"remove-cell", "hide-input"} and not cell.source.startswith(shown)


def prose(source: str) -> str:
    """Markdown without code, maths, roles and addresses. The text of an admonition is prose."""
    source = "\n".join(_outside_fences(source))
    source = re.sub(r"\$\$.*?\$\$|\\begin\{(\w+\*?)\}.*?\\end\{\1\}", " ", source, flags=re.S)
    source = re.sub(r"\{[\w:.-]+\}`[^`]*`|`[^`]*`|\$[^$\n]+\$", " ", source)
    return re.sub(r"\]\([^)]*\)|<https?:[^>]*>|https?://\S+", " ", source)


def _outside_fences(source: str) -> Iterator[str]:
    """The lines outside fenced blocks, and those inside an admonition; the fences themselves are dropped."""
    closing, skipped = "", False
    for line in source.splitlines():
        fence = re.match(r"\s*(`{3,})(.*)", line)
        if closing and fence and fence[1] == closing and not fence[2].strip():
            closing, skipped = "", False
        elif fence and not closing:
            closing, skipped = fence[1], not fence[2].startswith(ADMONITIONS)
        elif not skipped:
            yield line


# -- what is stored


def executed(nb: NotebookNode) -> list[str]:
    """A cell that was not run, or run out of order, shows what a reader cannot get."""
    counts = [cell.execution_count for cell in code_cells(nb)]
    wanted = list(range(1, len(counts) + 1))
    return [] if counts == wanted else [f"The code cells were not run once each in order: {counts}."]


def no_errors(nb: NotebookNode) -> list[str]:
    outputs = [o for cell in code_cells(nb) for o in cell.outputs]
    return [f"A stored output is an error: {o.ename}." for o in outputs if o.output_type == "error"]


def fresh(nb: NotebookNode) -> list[str]:
    """Catches an edited cell that was not run again, and any edit of a stored output, compared or not."""
    record = nb.metadata.get("show_your_work", {})
    found = []
    if record.get("code") != code_hash(nb):
        found.append("The code was changed after the last run: its outputs are stale.")
    if record.get("outputs") != outputs_hash(nb):
        found.append("The stored outputs are not those of the last run.")
    return found


def published(nb: NotebookNode) -> list[str]:
    """The stored outputs are the published truth: the full profile, on the full data."""
    record = nb.metadata.get("show_your_work", {})
    found = (
        []
        if record.get("profile") == "full"
        else [f"Stored in the profile {record.get('profile')}, not full."]
    )
    return found + (["Stored from the embedded digits."] if "embedded" in record.get("tier", "") else [])


def checked(nb: NotebookNode) -> list[str]:
    """A notebook that no check would catch when broken is a defect."""
    cells = [cell for cell in code_cells(nb) if compared(cell) and cell.outputs]
    found = [] if len(cells) >= 2 else ["Fewer than two code cells have an output that is compared."]
    verdicts = [cell for cell in code_cells(nb) if "verdicts" in tags(cell)]
    if not verdicts or not all(compared(cell) and cell.outputs for cell in verdicts):
        found.append("No compared cell tagged verdicts prints the ledger's verdicts.")
    return found


def small_outputs(nb: NotebookNode) -> list[str]:
    sizes = [(len(str(cell.outputs)) / 1000, cell) for cell in code_cells(nb)]
    return [f"An output has {kb:.0f} kB: {_name(cell)}." for kb, cell in sizes if kb > 200]


# -- form


def sections(nb: NotebookNode) -> list[str]:
    """The same sections in the same order in every chapter: a reader knows where to look."""
    text = "\n".join(cell.source for cell in nb.cells if cell.cell_type == "markdown")
    text = re.sub(r"^(`{3,}).*?^\1", "", text, flags=re.M | re.S)
    titles = re.findall(r"^# (.+)$", text, flags=re.M)
    found = [] if len(titles) == 1 else [f"There are {len(titles)} titles, not one."]
    headings = tuple(h.strip() for h in re.findall(r"^## (.+)$", text, flags=re.M))
    return found + ([] if headings == SECTIONS else [f"The sections are {headings}, not {SECTIONS}."])


def says_what_it_needs(nb: NotebookNode) -> list[str]:
    """A notebook opened alone ends in a sentence that says where the rest is."""
    first = next((cell.source for cell in code_cells(nb)), "")
    return (
        [] if first == GUARD else ["The first code cell is not the one that looks for the course's helpers."]
    )


def known_tags(nb: NotebookNode) -> list[str]:
    used = set().union(*(tags(cell) for cell in nb.cells))
    unknown = {tag for tag in used - TAGS if not tag.startswith("derive-it:")}
    return [f"Unknown tags {sorted(unknown)}: a misspelt tag does nothing."] if unknown else []


def short_cells(nb: NotebookNode) -> list[str]:
    sizes = [lines_of_code(cell) for cell in code_cells(nb) if to_be_read(cell)]
    found = [
        f"{_name(c)} has more than {MAX_CELL} lines." for c in code_cells(nb) if lines_of_code(c) > MAX_CELL
    ]
    if sum(sizes) > MAX_NOTEBOOK:
        found.append(f"{sum(sizes)} lines of code, more than {MAX_NOTEBOOK}: move some to helpers.")
    if sizes and statistics.median(sizes) > MEDIAN_CELL:
        found.append(f"The median cell has {statistics.median(sizes)} lines, more than {MEDIAN_CELL}.")
    return found


def enough_prose(nb: NotebookNode) -> list[str]:
    words = sum(
        len(re.findall(r"[^\W\d_]{2,}", prose(c.source))) for c in nb.cells if c.cell_type == "markdown"
    )
    code = sum(lines_of_code(cell) for cell in code_cells(nb) if to_be_read(cell))
    whole = sum(lines_of_code(cell) for cell in code_cells(nb))
    low, high = WORDS_PER_LINE
    if low * code <= words <= high * whole:
        return []
    return [f"{words} words for {code} lines of code: between {low} and {high} words a line read well."]


def introduced(nb: NotebookNode) -> list[str]:
    """A sentence before each code cell says what to expect; before the first claim of a list is enough."""
    found = []
    start = nbformat.v4.new_code_cell()
    for before, cell in zip([start, *nb.cells], nb.cells, strict=False):
        needed = cell.cell_type == "code" and not tags(cell) & {"remove-cell", "solution", "continues"}
        listed = before.cell_type == "code" and not to_be_read(before) and not to_be_read(cell)
        if needed and before.cell_type == "code" and "solution" not in tags(before) and not listed:
            found.append(f"{_name(cell)} has no prose before it (if it needs none, tag it continues).")
    return found


def no_typed_numbers(nb: NotebookNode) -> list[str]:
    """Measured digits are written by the runner; reported ones and settings stand in backticks or maths."""
    found = []
    for cell in (c for c in nb.cells if c.cell_type == "markdown"):
        text = REFERENCE.sub(" ", prose(prose_numbers.unmarked(cell.source)))
        typed = re.findall(r"\d[\d,]*\.\d+\s*%?|\d+\s*%", text)
        found += [
            f"The number {number!r} is typed in prose: let a cell print it, or put it in backticks."
            for number in typed
        ]
    return found


def numbers_agree(nb: NotebookNode) -> list[str]:
    """Each number in a sentence is the one that a cell printed."""
    return prose_numbers.wrong(nb)


def no_trailing_semicolon(nb: NotebookNode) -> list[str]:
    """Jupyter hides the output then and nbval does not: the two would differ."""
    bad = [cell for cell in code_cells(nb) if cell.source.rstrip().endswith(";")]
    return [f"{_name(cell)} ends in a semicolon: write `_ = …` instead." for cell in bad]


def no_stray_objects(nb: NotebookNode) -> list[str]:
    """The last line of a cell is shown, and tells a reader nothing if it is a part of a drawing."""
    stray = re.compile(r"\s*\[?<(?:Axes|Figure|matplotlib\.|function |[\w.]+ object at 0x)")
    bad = [
        cell
        for cell in code_cells(nb)
        for output in cell.get("outputs", [])
        if set(output.get("data", {})) == {"text/plain"} and stray.match(output.data["text/plain"])
    ]
    return [f"{_name(cell)} shows an object without a meaning for a reader: write `_ = …`." for cell in bad]


def exercises(nb: NotebookNode) -> list[str]:
    asked = sum("exercise" in tags(cell) for cell in code_cells(nb))
    solved = sum("solution" in tags(cell) for cell in code_cells(nb))
    found = [] if 3 <= asked <= 5 else [f"There are {asked} exercises, not three to five."]
    return found + ([] if asked == solved else [f"{asked} exercises, but {solved} solutions."])


def moved(nb: NotebookNode) -> list[str]:
    """A loop by hand moves its network to where the data are; `fit` and `evaluate` do so by themselves."""
    sources = [cell.source for cell in code_cells(nb)]
    loaded = [line for source in sources for line in source.splitlines() if " = mnist(" in line]
    if all('device="cpu"' in line for line in loaded):
        return []
    functions = [part for source in sources for part in re.split(r"^(?=def )", source, flags=re.M)]
    bad = [
        part for part in functions if re.search(r"\.backward\(|autograd\.grad\(", part)
        and re.search(r"\bdata\.", part) and ".device" not in part
    ]  # fmt: skip
    return [
        f"{part.splitlines()[0]!r} trains by hand: move its network to data.train.x.device." for part in bad
    ]


def _name(cell: NotebookNode) -> str:
    first = (cell.source.strip().splitlines() or ["empty"])[0]
    return f"The cell {first[:50]!r}"


RULES: tuple[Callable[[NotebookNode], list[str]], ...] = (
    executed,
    no_errors,
    fresh,
    published,
    checked,
    small_outputs,
    sections,
    says_what_it_needs,
    known_tags,
    short_cells,
    enough_prose,
    introduced,
    no_typed_numbers,
    numbers_agree,
    no_trailing_semicolon,
    no_stray_objects,
    exercises,
    moved,
)


def main(names: list[str]) -> int:
    found = [f"{p.stem}: {sentence}" for p in find(names) for rule in RULES for sentence in rule(_read(p))]
    print("\n".join(found) or "every rule is kept")
    return int(bool(found))


def _read(path: Path) -> NotebookNode:
    return nbformat.read(path, as_version=4)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
