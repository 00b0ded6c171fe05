"""One visit to a built page, in which all that a reader does there is tried; what was wrong, by part.

Loading a chapter, with its formulas to be typeset, takes far longer than anything that is asked of it
afterwards: so every page is loaded once, and each test reads its own part of what that visit found.
"""

from __future__ import annotations

import json
from pathlib import Path

import site_check
from playwright.sync_api import Error, expect
from syw_notebooks import source

ROOT = Path(__file__).resolve().parents[1]
SIDEWAYS = "found => found.filter(pre => pre.scrollWidth > pre.clientWidth).map(pre => pre.innerText)"
FILL = "e => getComputedStyle(e).fill"
HIDDEN = {"remove-cell", "remove-input", "hide-cell", "hide-input", "solution"}


def code_of(page: Path) -> list[str]:
    """The code cells of a chapter that the site shows unfolded; none for a page that is no chapter."""
    notebook = ROOT / page.with_suffix(".ipynb")
    if not notebook.is_file():
        return []
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    code = [cell for cell in cells if cell["cell_type"] == "code"]
    shown = [cell for cell in code if not HIDDEN & {*cell["metadata"].get("tags", [])}]
    return [source(cell) for cell in shown if not source(cell).startswith("%%")]  # a derivation is its box


def code_problems(tab, cells: list[str]) -> list[str]:
    """Code that a phone has to scroll sideways; a longest cell whose button copies something else."""
    wide = tab.locator("article .highlight pre").evaluate_all(SIDEWAYS)
    problems = [f"code does not wrap: {text[:60]}" for text in wide]
    if cells:
        longest = max(cells, key=len)
        shown = tab.locator("div.cell_input div.highlight").filter(has_text=longest).first
        tab.evaluate("navigator.clipboard.writeText('')")
        shown.locator("button.copybtn").dispatch_event("click")
        tab.wait_for_function("async () => (await navigator.clipboard.readText()).length > 0")
        copied = tab.evaluate("navigator.clipboard.readText()")
        if copied.strip() != longest.strip():
            problems.append(f"copied as {copied[:60]!r}, written as {longest[:60]!r}")
    return problems


def solution_problems(tab) -> list[str]:
    """Solutions that show themselves unasked, or not when they are opened."""
    folds = tab.locator("details.syw-solution")
    if folds.count() == 0:
        return ["there is no solution"]
    if opened := tab.locator("details.syw-solution[open]").count():
        return [f"{opened} solutions are open from the start"]
    inside = folds.first.locator("> :not(summary)").first
    expect(inside).to_be_hidden()
    folds.first.locator("> summary").click()
    expect(inside).to_be_visible()
    return []


def dark_problems(tab) -> list[str]:
    """Figures whose letters keep their colour when the reader turns to the dark theme."""
    letters, theme = tab.locator(".syw-figure text"), tab.locator("html")
    if letters.count() == 0:
        return []
    before, button = letters.first.evaluate(FILL), tab.locator("button.theme-switch-button").first
    for _ in range(3):  # automatic, light, dark
        if theme.get_attribute("data-theme") != "dark":
            button.dispatch_event("click")
    expect(theme).to_have_attribute("data-theme", "dark")
    after = letters.first.evaluate(FILL)
    tab.evaluate("localStorage.clear()")  # the next page begins in the light theme
    return [] if after != before else [f"the letters of the first figure are {after} in both themes"]


class Visits:
    """Visits to the pages of the site at `address`, each made when it is first asked about."""

    def __init__(self, chromium, address: str) -> None:
        self.context = chromium.new_context(color_scheme="light")
        self.context.grant_permissions(["clipboard-read", "clipboard-write"])
        self.look = site_check.Look(self.context.new_page(), address)
        self.formulas: dict[Path, int] = {}
        self._found: dict[Path, dict[str, list[str]]] = {}

    def problems(self, page: Path, part: str) -> list[str]:
        """What was wrong with `page` in "looks", "code", "solutions" or "dark"."""
        if page not in self._found:
            self._found[page] = self._visit(page)
        return self._found[page][part]

    def _visit(self, page: Path) -> dict[str, list[str]]:
        tab, found = self.look.tab, {"looks": self.look.problems(page)}
        self.formulas[page] = tab.locator("article math").count()
        parts = {
            "code": lambda: code_problems(tab, code_of(page)),
            "dark": lambda: dark_problems(tab),
            "solutions": lambda: solution_problems(tab),
        }
        for name, part in parts.items():
            try:
                found[name] = part()
            except (AssertionError, Error) as error:  # Playwright's expect, and what it waited for in vain
                found[name] = [f"{page}: {error}"]
        return found
