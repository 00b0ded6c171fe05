"""Oracle: a build from nothing. After an edit each file of the site has the same bytes, kept or made anew.

A book of two chapters (all of them in a trial) is copied, built, edited, and built again in both ways. The
planted faults take one dependency away, and must show in a page. An audit hook tells which files a build
reads: none may be missing in what `make book` looks at.
"""

from __future__ import annotations

import json
import os
import pickle
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import site_sources
import yaml
from sampling import in_trial

ROOT = Path(__file__).resolve().parents[1]
CHAPTERS = ("01-logistic-regression", "04-fours-and-nines")
PAGES = ("how-to-read", "notation", "check", "reported", "errata", "derivations", "reproducibility",
         "glossary", "bibliography", "changelog")  # fmt: skip
PARTS = ("_config.yml", "CHANGELOG.md", "LICENSE", "LICENSE-book", "pyproject.toml", "helpers", "book",
         "tools", "requirements-book.lock", "requirements.lock", "requirements-torch.lock")  # fmt: skip
READS = """
import sys
root, log = sys.argv.pop(1), open(sys.argv.pop(1), "w", encoding="utf-8")
def note(event, values):
    if event == "open" and str(values[0]).startswith(root) and values[1] in ("r", "rb"):
        print(str(values[0])[len(root) + 1:], file=log, flush=True)
sys.addaudithook(note)
from jupyter_book.cli.main import main
main()
"""


# ---------------------------------------------------------------- a book of few chapters
@pytest.fixture(scope="module")
def book(tmp_path_factory) -> Path:
    """A copy of the course with few chapters, built; `first.txt` beside it has the files that were opened."""
    root = tmp_path_factory.mktemp("again") / "book"
    (root / "notebooks").mkdir(parents=True)
    for name in PARTS:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, root / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copyfile(ROOT / name, root / name)
    contents = (ROOT / "_toc.yml").read_text(encoding="utf-8")
    kept = CHAPTERS if not in_trial() else re.findall(r"notebooks/(\S+)", contents)
    files = [*(f"notebooks/{name}" for name in kept), *(f"book/{name}" for name in PAGES)]
    lines = ["format: jb-book", "root: book/intro", "chapters:", *(f"  - file: {name}" for name in files)]
    (root / "_toc.yml").write_text("\n".join(lines) + "\n", encoding="utf-8")
    for name in kept:
        shutil.copyfile(ROOT / "notebooks" / f"{name}.ipynb", root / "notebooks" / f"{name}.ipynb")
    for folder in ("ledger", "measured"):
        for path in (root / "book" / folder).glob("[0-9]*"):
            if path.stem not in kept:
                path.unlink()
    keep_errata(root)
    cell = "The whole way is [Result](01-logistic-regression.ipynb#logistic.gradient) of chapter 1."
    insert(root, CHAPTERS[1], 1, {"cell_type": "markdown", "id": "leads", "metadata": {}, "source": cell})
    build(root)
    (root.parent / "reads.txt").rename(root.parent / "first.txt")
    shutil.copytree(root, root.with_name("first"))
    return root


def begin_again(root: Path) -> None:
    """Sources and site as they were after the first build, with their dates."""
    shutil.rmtree(root)
    shutil.copytree(root.with_name("first"), root)


def keep_errata(root: Path) -> None:
    """Leave the errata of the kept ledgers and one more: what no ledger has is judged in every build."""
    ledgers = [json.loads(path.read_text("utf-8")) for path in (root / "book" / "ledger").glob("[0-9]*")]
    known = {erratum["id"] for ledger in ledgers for erratum in ledger["errata"]}
    path = root / "book" / "errata.yaml"
    entries = yaml.safe_load(path.read_text(encoding="utf-8"))
    others = [entry for entry in entries if entry["id"] not in known]
    kept = [entry for entry in entries if entry["id"] in known] + others[:1]
    path.write_text(yaml.safe_dump(kept, allow_unicode=True), encoding="utf-8")


def build(root: Path) -> None:
    """As `make book` does, but without the Python of the pages, and with what it reads in reads.txt."""
    environment = {**os.environ, "PYTHONPATH": str(root), "PYTHONHASHSEED": "random"}
    words = [sys.executable, "-c", READS, root, root.parent / "reads.txt", "build", ".", "-n", "-q"]
    done = subprocess.run(words, cwd=root, env=environment, capture_output=True, text=True, check=False)
    assert (root / "_build" / "html" / "objects.inv").is_file(), done.stderr[-4000:]
    assert done.returncode == 0, done.stderr[-4000:]


def built_again(root: Path) -> dict[str, bytes]:
    site_sources.make_room(root / "_build" / "html", keep=True)
    build(root)
    return site(root)


FROM_NOTHING: dict[str, dict[str, bytes]] = {}  # sums of the sources -> the site that is made of them


def built_anew(root: Path) -> dict[str, bytes]:
    """The site from nothing; of sources that were built so before it is known."""
    made_of = json.dumps(site_sources.sums(root))
    if made_of not in FROM_NOTHING:
        site_sources.make_room(root / "_build" / "html", keep=False)
        build(root)
        FROM_NOTHING[made_of] = site(root)
    return FROM_NOTHING[made_of]


def site(root: Path) -> dict[str, bytes]:
    html = root / "_build" / "html"
    return {p.relative_to(html).as_posix(): p.read_bytes() for p in html.rglob("*") if p.is_file()}


def unlike(one: dict[str, bytes], other: dict[str, bytes]) -> list[str]:
    return sorted(name for name in one.keys() | other.keys() if one.get(name) != other.get(name))


# ---------------------------------------------------------------- edits
def change(path: Path, how: Callable[[str], str]) -> None:
    before = path.read_text(encoding="utf-8")
    after = how(before)
    assert after != before, f"nothing was edited in {path.name}"
    path.write_text(after, encoding="utf-8")


def insert(root: Path, chapter: str, place: int, *cells: dict) -> None:
    def put(text: str) -> str:
        notebook = json.loads(text)
        notebook["cells"][place:place] = cells
        return json.dumps(notebook, ensure_ascii=False)

    change(root / "notebooks" / f"{chapter}.ipynb", put)


def number(root: Path) -> None:
    """A result more, before one that another chapter names: its number moves there, too."""
    cells = json.loads((root / "notebooks" / f"{CHAPTERS[0]}.ipynb").read_text("utf-8"))["cells"]
    id, new = "logistic.gradient", f"again.number-{len(cells)}"
    sources = ["".join(cell["source"]) for cell in cells]
    place = next(k for k, text in enumerate(sources) if text.startswith(f"%%derivation {id}\n"))
    more = json.loads(json.dumps(cells[place]).replace(id, new))
    insert(root, CHAPTERS[0], place, {**more, "id": new.replace(".", "-")})


def rename(root: Path) -> None:
    """Another title: it stands beside every page and on every card."""
    change(
        root / "notebooks" / f"{CHAPTERS[0]}.ipynb", lambda s: s.replace("# Logistic", "# The logistic", 1)
    )


def heading(root: Path) -> None:
    change(
        root / "book" / "how-to-read.md", lambda s: re.sub("^## .+$", "## Renamed", s, count=1, flags=re.M)
    )


def ledger(root: Path) -> None:
    path = root / "book" / "ledger" / f"{CHAPTERS[1]}.json"
    change(path, lambda s: s.replace('"verdict": "consistent"', '"verdict": "undecided"', 1))


def measured(root: Path) -> None:
    path = root / "book" / "measured" / f"{CHAPTERS[1]}.json"
    change(path, lambda s: re.sub(r'"seconds": [\d.]+', '"seconds": 40000', s, count=1))


def term(root: Path) -> None:
    change(root / "book" / "glossary.md", lambda s: s.replace("fraction of images", "share of pictures", 1))


def log(root: Path) -> None:
    change(root / "CHANGELOG.md", lambda s: s + "\n- One line more.\n")


EDITS = (number, rename, heading, ledger, measured, term, log)
SHORT = (number, rename)  # in `make test`: some pages are written again, and all


@pytest.mark.parametrize("edit", EDITS if in_trial() else SHORT, ids=lambda edit: edit.__name__)
def test_after_an_edit_each_file_is_as_from_nothing(book, edit):
    before = site_sources.sums(book)
    edit(book)
    assert site_sources.only_pages(before, site_sources.sums(book))
    again = built_again(book)
    assert unlike(again, built_anew(book)) == []


# ---------------------------------------------------------------- faults
FORGOTTEN = {  # page: what it asked
    f"notebooks/{CHAPTERS[1]}": "target:logistic.gradient",
    "book/derivations": f"file:notebooks/{CHAPTERS[0]}.ipynb",
    "book/check": "derivations:",
}


def test_a_page_that_does_not_say_what_it_shows_is_seen(book):
    begin_again(book)
    path = book / "_build" / ".doctrees" / "environment.pickle"
    env = pickle.loads(path.read_bytes())
    for page, question in FORGOTTEN.items():
        del env.syw_asked[page][question]
        env.dependencies[page].clear()  # of which Sphinx compares the dates
    path.write_bytes(pickle.dumps(env))
    number(book)
    again = built_again(book)
    stale = {name for name in unlike(again, built_anew(book)) if name.endswith(".html")}
    assert stale == {f"{page}.html" for page in FORGOTTEN}


def test_what_a_build_reads_is_what_make_book_looks_at(book):
    read = {Path(line) for line in (book.parent / "first.txt").read_text(encoding="utf-8").splitlines()}
    inside = {path.as_posix() for path in read if not {"_build", "__pycache__"} & set(path.parts)}
    assert inside - site_sources.sums(book).keys() == set()
    assert {"CHANGELOG.md", "helpers/proof/judge.py", f"notebooks/{CHAPTERS[0]}.ipynb"} <= inside


@pytest.mark.parametrize("name", ["helpers/places.py", "book/errata.yaml", "_config.yml", "tools/wheel.py"])
def test_a_change_elsewhere_begins_with_nothing(book, name):
    before = site_sources.sums(book)
    assert not site_sources.only_pages(before, {**before, name: "another"})
    assert not site_sources.only_pages(before, {**before, "notebooks/12-new.ipynb": "one more"})
    assert site_sources.only_pages(before, {**before, "book/measured/04-fours-and-nines.json": "another"})


def test_what_a_page_copied_is_not_lost(tmp_path):
    html = tmp_path / "html"
    for name in ("book", "_static"):
        (html / name).mkdir(parents=True)
    site_sources.make_room(html, keep=True)
    assert [path.name for path in html.iterdir()] == ["book"]
    (html / "_images").mkdir()
    site_sources.make_room(html, keep=True)
    assert not html.exists()
