"""The form of a chapter that a tired student wants to read: what can be counted of it.

    python tools/form.py 04          says how long the page is, where its figures are, what rule it breaks
    python tools/form.py 04 --fold   also marks what the site folds, so that JupyterLab folds it, too

A page has at most 16 screens (900 px at 1280 px, folds closed), a figure within the first two and on at least
every third; at most half of its words and none of its results are folded, but lemmas are. Plotting and
plumbing are folded, cells have at most 20 lines, numbers in sentences are computed, and what is said of a
figure is checked.
The page is measured in the built site, so build it first.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator

import nbformat
import notebook_lint as lint
import prose_numbers
from nbformat import NotebookNode
from run_notebooks import ROOT, code_cells, find

SCREEN, WIDTH = 900, 1280  # px
MAX_SCREENS, FIRST_FIGURE, EVERY = 16, 2, 3  # screens
MAX_FOLDED = 0.5  # of the words
MAX_CELL = 20  # lines
FOLDED = {"hide-input", "remove-input", "hide-cell", "remove-cell"}
DRAWS = {"figure", "show"}
COUNTED = "epochs?|steps?|checks?|images?|runs?|seeds?|nats?|points?|percent"
TYPED = re.compile(
    rf"`[−-]?[\d,]*\.\d+\s*%?`|`\d+\s*%`|[\d,]*\d\.\d+\s*%?|\d+\s*%"
    rf"|\b(?:epoch|step|check|image|run|seed)s?\s+`?\d[\d,]*`?|`?\d[\d,]*`?\s+(?:{COUNTED})\b"
)
COMPARES = re.compile(
    r"\b(above|below|higher|lower|more|less|fewer|larger|smaller|longer|shorter|faster|slower|best|worst|most"
    r"|least|rises?|falls?|grows?|shrinks?|crosses|overtakes?|levels?|lowest|highest|largest|smallest"
    r"|twice|half|equal|never|always|turns?|stays?|flat)\b",
    re.IGNORECASE,
)
ANSWERED = re.compile(r"\b(solution|answer)\s*(:|is\b)|\*\*(solution|answer)", re.IGNORECASE)


# ---------------------------------------------------------------- the notebook
def tree(cell: NotebookNode) -> ast.Module:
    """A code cell as syntax; lines for IPython only are left out, and %%derivation is text and no code."""
    if cell.source.startswith("%%"):
        return ast.parse("")
    return ast.parse("\n".join(line for line in cell.source.splitlines() if line[:1] not in "%!"))


def calls(cell: NotebookNode) -> Iterator[tuple[str, ast.Call]]:
    """Every call with the last part of its name: `plots.show(…)` is a show."""
    for node in ast.walk(tree(cell)):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            yield name, node


def to_fold(cell: NotebookNode) -> str:
    """Why the site should fold a cell: "draws", "imports", or "" where it should be read."""
    if any(name in DRAWS for name, _ in calls(cell)):
        return "draws"
    body = tree(cell).body
    imports = all(isinstance(node, (ast.Import, ast.ImportFrom)) for node in body)
    return "only imports" if imports and (body or cell.source.startswith("%load_ext")) else ""


def folded(nb: NotebookNode) -> list[str]:
    """Plotting and plumbing are folded on the site, and in JupyterLab."""
    found = []
    for cell in code_cells(nb):
        tagged = bool(lint.tags(cell) & FOLDED)
        if (why := to_fold(cell)) and not tagged:
            found.append(f"{_name(cell)} {why} and is not tagged hide-input.")
        if (
            tagged
            and "remove-cell" not in lint.tags(cell)
            and not cell.metadata.get("jupyter", {}).get("source_hidden")
        ):
            found.append(f"{_name(cell)} is folded on the site only: run tools/form.py with --fold.")
    return found


def short_cells(nb: NotebookNode) -> list[str]:
    sizes = [(lint.lines_of_code(cell), cell) for cell in code_cells(nb)]
    return [f"{_name(cell)} has {n} lines, more than {MAX_CELL}." for n, cell in sizes if n > MAX_CELL]


def sections(nb: NotebookNode) -> Iterator[tuple[str, NotebookNode]]:
    """Each cell with the heading that it stands under."""
    heading = ""
    for cell in nb.cells:
        if cell.cell_type == "markdown" and (found := re.match(r"## (.+)", cell.source)):
            heading = found[1].strip()
        yield heading, cell


def computed_numbers(nb: NotebookNode) -> list[str]:
    """Numbers in sentences come from cells; only "The task" quotes its sheet, and formulas are formulas."""
    found = []
    for heading, cell in sections(nb):
        if cell.cell_type != "markdown" or heading == "The task":
            continue
        text = re.sub(
            r"```.*?```|\$\$.*?\$\$|\$[^$\n]+\$", " ", prose_numbers.unmarked(cell.source), flags=re.S
        )
        text = re.sub(r"\]\([^)]*\)|<[^>]*>|https?://\S+", " ", lint.REFERENCE.sub(" ", text))
        found += [
            f"{typed[0]!r} is typed in prose: let a cell print it with number()."
            for typed in TYPED.finditer(text)
        ]
    return found


def no_solutions(nb: NotebookNode) -> list[str]:
    """What answers an exercise is folded: it stands in cells tagged solution, and nowhere else."""
    solved = [node for cell in code_cells(nb) if "solution" in lint.tags(cell) for node in tree(cell).body]
    values = [node.value for node in solved if isinstance(node, ast.Assign)]
    answers = {_typed(value).replace(" ", "") for value in values}
    found = []
    for heading, cell in sections(nb):
        if heading != "Your turn" or cell.cell_type != "markdown" or "solution" in lint.tags(cell):
            continue
        if said := ANSWERED.search(cell.source):
            found.append(f"{_name(cell)} says {said[0]!r} and is not tagged solution.")
        text = cell.source.replace(" ", "")
        found += [
            f"{_name(cell)} shows the answer {answer!r}."
            for answer in answers
            if len(answer) > 3 and answer in text
        ]
    return found


def true_texts(nb: NotebookNode) -> list[str]:
    """A quantity in an alternative text or a caption is computed; a comparison in it is checked."""
    found = []
    for cell in code_cells(nb):
        for name, call in calls(cell):
            words = {k.arg: k.value for k in call.keywords}
            if name not in DRAWS or not words.keys() & {"alt", "caption"}:
                continue
            said = " ".join(_typed(words[k]) for k in ("alt", "caption") if k in words)
            if number := re.search(r"\d+(?:\.\d+)?", said):
                found.append(f"{_name(cell)}: a text types {number[0]}: write {{…}} with the value.")
            if (word := COMPARES.search(said)) and "holds" not in words:
                found.append(f"{_name(cell)}: a text says {word[0]!r} and no holds= checks it.")
    return found


def _typed(text: ast.expr) -> str:
    """The typed part of a text: of an f-string what stands outside its braces."""
    if isinstance(text, ast.Constant):
        return str(text.value)
    parts = text.values if isinstance(text, ast.JoinedStr) else []
    if isinstance(text, ast.BinOp):
        parts = [text.left, text.right]
    return " ".join(_typed(part) for part in parts)


def errata_shown(nb: NotebookNode) -> list[str]:
    """Each reported line that the ledger refutes is seen in the chapter, with both formulas."""
    texts = "\n".join(map(_text, code_cells(nb)))
    seen = set(re.findall(r"^(\S+): refuted, correction proved$", texts, re.MULTILINE))
    announced = set(re.findall(r"^([^\s:]+) +refuted, correction proved$", texts, re.MULTILINE)) - seen
    return [f"The erratum {id} is announced and not shown." for id in sorted(announced)]


def _text(cell: NotebookNode) -> str:
    outputs = (o.get("data", {}).get("text/plain", o.get("text", "")) for o in cell.outputs)
    return "\n".join("".join(text) for text in outputs)


RULES = (folded, short_cells, computed_numbers, no_solutions, true_texts, errata_shown)


def _name(cell: NotebookNode) -> str:
    first = (cell.source.strip().splitlines() or ["empty"])[0]
    return f"The cell {first[:50]!r}"


def fold(nb: NotebookNode) -> int:
    """Mark what the site folds for JupyterLab; the number of cells that changed."""
    changed = 0
    for cell in code_cells(nb):
        hidden = bool(lint.tags(cell) & FOLDED)
        before = cell.metadata.get("jupyter", {}).get("source_hidden", False)
        if hidden != before:
            changed += 1
            cell.metadata["jupyter"] = {**cell.metadata.get("jupyter", {}), "source_hidden": hidden}
    return changed


# ---------------------------------------------------------------- the page
LOOK = """() => {
  const article = document.querySelector("article"), top = article.getBoundingClientRect().top;
  const place = e => { const b = e.getBoundingClientRect(); return [b.top - top, b.bottom - top]; };
  const words = e => e.nodeType === 3 ? (e.data.match(/[\\p{L}]{2,}/gu) || []).length
    : [...e.childNodes].reduce((n, inner) => n + words(inner), 0);
  const bare = article.cloneNode(true);
  const mute = "pre, script, style, mjx-container, .math, svg, button, summary";
  for (const e of bare.querySelectorAll(mute)) e.remove();
  const folds = [...bare.querySelectorAll("details")].filter(e => !e.parentElement.closest("details"));
  return {
    height: article.getBoundingClientRect().height,
    figures: [...article.querySelectorAll("figure.syw-numbered")].filter(e => e.offsetHeight > 60).map(place),
    words: words(bare), folded: folds.reduce((n, e) => n + words(e), 0),
    hidden: [...article.querySelectorAll(":is(.syw-number, .syw-numbered b, .syw-table b):is(details *)")]
      .filter(e => !e.closest(".syw-solution") && !e.textContent.startsWith("Lemma")).map(e => e.textContent),
  };
}"""


def look(tab) -> dict:
    """What a browser finds on the page in `tab`: lengths in px from the top of the article, and words."""
    tab.evaluate("() => document.querySelectorAll('article details[open]').forEach(e => e.open = false)")
    return tab.evaluate(LOOK)


def measure(tab, address: str) -> dict:
    """The same for the page at `address`, on a screen as the rules mean it."""
    tab.set_viewport_size({"width": WIDTH, "height": SCREEN})
    tab.goto(address, timeout=120_000)
    return look(tab)


def stretches(page: dict) -> list[float]:
    """Screens without a figure: before the first, between them, after the last."""
    edges = [0, *(y for figure in page["figures"] for y in figure), page["height"]]
    return [(edges[k + 1] - edges[k]) / SCREEN for k in range(0, len(edges), 2)]


def too_long(page: dict) -> list[str]:
    """The rules that a page breaks."""
    found, screens, empty = [], page["height"] / SCREEN, stretches(page)
    if screens > MAX_SCREENS:
        found.append(f"The page has {screens:.1f} screens, more than {MAX_SCREENS}.")
    if not page["figures"] or empty[0] > FIRST_FIGURE:
        found.append(f"The first figure comes after {empty[0]:.1f} screens, not within {FIRST_FIGURE}.")
    if max(empty) > EVERY:
        found.append(f"{max(empty):.1f} screens on end have no figure, more than {EVERY}.")
    share = page["folded"] / max(page["words"], 1)
    if share > MAX_FOLDED:
        found.append(f"{share:.0%} of the words are folded, more than {MAX_FOLDED:.0%}.")
    return found + [f"{number} stands in a fold only." for number in page["hidden"]]


def summary(page: dict) -> str:
    share = page["folded"] / max(page["words"], 1)
    empty = ", ".join(f"{screens:.1f}" for screens in stretches(page))
    return (
        f"{page['height'] / SCREEN:.1f} screens of {MAX_SCREENS}; {len(page['figures'])} figures, "
        f"screens without one: {empty}; {page['words']:,} words, {share:.0%} folded"
    )


def main(arguments: list[str]) -> int:
    names = [name for name in arguments if not name.startswith("-")]
    faults = 0
    for path in find(names):
        nb = nbformat.read(path, as_version=4)
        if "--fold" in arguments and (changed := fold(nb)):
            path.write_text(nbformat.writes(nb) + "\n", encoding="utf-8")
            print(f"{path.stem}: {changed} cells marked")
        found = [sentence for rule in RULES for sentence in rule(nb)] + _of_page(path.stem)
        faults += len(found)
        found = [*found, f"{len(found)} faults"]
        print("\n".join(f"{path.stem}: {sentence}" for sentence in found))
    return int(bool(faults))


def _of_page(name: str) -> list[str]:
    """Print what the built page measures; the rules that it breaks."""
    import browser
    from playwright.sync_api import sync_playwright

    page = ROOT / "_build" / "html" / "notebooks" / f"{name}.html"
    executable = browser.find()
    if not page.is_file() or executable is None:
        return ["The site is not built: run make book first." if executable else browser.ADVICE]
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=executable, args=browser.FLAGS)
        measured = measure(chromium.new_page(), page.as_uri())
        chromium.close()
    print(f"{name}: {summary(measured)}")
    return too_long(measured)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
