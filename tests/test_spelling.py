"""Spelling: codespell over all that a reader sees, and British forms in running text."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from syw_notebooks import source

from helpers.places import chapters

ROOT = Path(__file__).resolve().parents[1]
KNOWN = (  # in code and formulas
    "nd,ba,te,ot,fo,hist,ue,ro,sade,lod,oint,openin,multline,probabilit,positiv,lamda,assum,requir,defin"
)
SLIP = "t" + "eh"  # not in this file, which is read as well
CODE = re.compile(r"```.*?```|`[^`\n]+`|\$\$.*?\$\$|\$[^$]+\$|\]\([^)]*\)|\{[\w-]+\}|https?://\S+", re.DOTALL)
AMERICAN = re.compile(
    r"\b(?:\w*(?:normaliz|regulariz|generaliz|optimiz|initializ|minimiz|maximiz|summariz|recogniz|organiz|visualiz|penaliz)\w*"
    r"|colou?rize|colors?|behaviors?|neighbors?|favou?rite|centers?|centered|analyz\w+|gray|modeling|labeled|labeling|canceled)\b",
    re.IGNORECASE,
)


def texts() -> dict[str, str]:
    """What readers read, by name: pages, data of the course, the running text of chapters, and the code."""
    files = [*ROOT.glob("*.md"), *(ROOT / "book").rglob("*.md"), *(ROOT / "book").rglob("*.yaml")]
    for folder in ("helpers", "tools", "book/_ext", "tests"):
        files += (ROOT / folder).rglob("*.py")
    found = {path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8") for path in files}
    for path in chapters(ROOT / "notebooks"):
        found[f"{path.stem}.md"] = prose(json.loads(path.read_text(encoding="utf-8")))
    return found


def prose(notebook: dict) -> str:
    return "\n\n".join(source(cell) for cell in notebook["cells"] if cell["cell_type"] == "markdown")


def misspelt(folder: Path, found: dict[str, str]) -> list[str]:
    """What codespell says of some texts, each written into `folder`: file, line, word and its correction."""
    for name, text in found.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    command = [sys.executable, "-m", "codespell_lib", "--ignore-words-list", KNOWN, "."]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode in (0, 65), done.stderr
    return done.stdout.splitlines()


def american(found: dict[str, str]) -> list[str]:
    """American forms in the running text of pages and chapters; code and links may have them."""
    running = {name: CODE.sub(" ", text) for name, text in found.items() if name.endswith(".md")}
    return [f"{name}: {word}" for name, text in running.items() for word in AMERICAN.findall(text)]


def test_nothing_is_misspelt(tmp_path):
    assert misspelt(tmp_path, texts()) == []


def test_pages_are_in_british_spelling():
    kept = {
        name: text for name, text in texts().items() if name not in ("book/bibliography.md", "CHANGELOG.md")
    }
    assert american(kept) == []


@pytest.mark.parametrize("name", ["a.md", "book/b.yaml", "helpers/c.py"])
def test_a_slip_is_found(tmp_path, name):
    (found,) = misspelt(tmp_path, {name: f"The gradient of {SLIP} cost."})
    assert f"{SLIP} ==> the" in found


def test_an_american_form_is_found_in_running_text_only():
    assert american({"a.md": "The color of `color=` and [gray](gray.html)."}) == ["a.md: color", "a.md: gray"]
    assert american({"a.py": "color"}) == []
