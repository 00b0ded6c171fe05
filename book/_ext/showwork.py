"""The book's Sphinx extension: generated pages, inline figures, and a site that asks no other host.

syw_pages      the directives, and the verdict line under a chapter's title
syw_ledger     claims and errata as Markdown
syw_notebooks  what is read from a stored notebook: title, summary, verdicts; what is folded
syw_tight      outputs made shorter: rows joined, reasons and many errata folded
syw_proofs     refuted lines and notation from the objects in helpers
syw_mutation   the stored report of the mutation tests
syw_handed     the reports' own derivations with their stored verdicts
syw_graders    what grading tools gave for attacks
syw_code       lines of code that wrap instead of scrolling sideways
syw_figures    stored SVG figures, put into the page so that they take its colours
syw_live       figures that move, and their one script
syw_links      numbers of chapters, results, figures and tables; links where they and terms are named
"""

from __future__ import annotations

import importlib.util
import shutil
from pathlib import Path

import syw_code
import syw_graders
import syw_handed
import syw_links
import syw_live
import syw_mutation
import syw_pages
from sphinx.application import Sphinx

MATHJAX_PARTS = ("tex-chtml.js", "input/tex/extensions", "output/chtml/fonts")  # 2.2 of the package's 24 MB
MATHS_CLASSES = "tex2jax_process|mathjax_process|math|output_area|output|cell_output|syw-derivation"


def theme_options(app: Sphinx, config) -> None:
    """Set what Jupyter Book lets no _config.yml set without losing its own options."""
    options = config.html_theme_options
    options.setdefault("navbar_persistent", [])  # else a stray top bar with a second search box
    # The theme hides the title beside the picture, so the link needs a name of its own.
    options["logo"] = {"text": config.html_title, "alt_text": f"{config.html_title}: first page"}
    config.html_use_index = False  # an index of no terms, under an empty heading
    config.html_context.setdefault("default_mode", "auto")  # else the theme complains on every first visit
    config.myst_mathjax_classes = MATHS_CLASSES  # HTML outputs of notebooks hold maths too


def substitutions(app: Sphinx, config) -> None:
    """Names that pages may use in double braces, each read from where it is true."""
    from helpers.proof import Given

    given = Given()
    config.myst_substitutions = {
        "points": str(given.points), "digits": str(given.digits), "sizes": f"1 to {max(given.span)}", "tally":
        syw_pages.whole_book(Path(app.confdir)), **{f"{part}_lines": f"{lines(Path(app.confdir), part):,}" for
        part in ("statement", "symbolic", "numeric")},
    }  # fmt: skip


def lines(root: Path, part: str) -> int:
    """Lines of code of a part of the checker, without blank ones."""
    files = (root / "helpers" / "proof" / part).glob("*.py")
    return sum(bool(line.strip()) for file in files for line in file.read_text("utf-8").splitlines())


def drop_thebe(app: Sphinx, pagename: str, templatename: str, context: dict, doctree) -> None:
    """Remove sphinx-thebe's two scripts: they exist only to name another host."""

    def of_thebe(script) -> bool:
        body = (getattr(script, "attributes", None) or {}).get("body", "")
        return "THEBE_JS_URL" in body or str(getattr(script, "filename", "")).endswith("sphinx-thebe.js")

    files = context.get("script_files", [])
    files[:] = [script for script in files if not of_thebe(script)]


def copy_mathjax(app: Sphinx, error: Exception | None) -> None:
    """Copy the part of MathJax that the pages use from its PyPI package into the site."""
    if error is not None or app.builder.format != "html":
        return
    package = importlib.util.find_spec("sphinx-mathjax-offline")
    if package is None or package.origin is None:
        raise RuntimeError("MathJax is missing: install the package sphinx-mathjax-offline and build again.")
    source = Path(package.origin).parent / "static" / "mathjax"
    target = Path(app.outdir) / "_static" / "mathjax"
    for part in MATHJAX_PARTS:
        if not (target / part).exists():
            (target / part).parent.mkdir(parents=True, exist_ok=True)
            copy = shutil.copytree if (source / part).is_dir() else shutil.copyfile
            copy(source / part, target / part)


def setup(app: Sphinx) -> dict:
    app.set_html_assets_policy("always")  # an HTML output may hold the only maths of its page
    app.connect("config-inited", theme_options, priority=100)
    app.connect("config-inited", substitutions, priority=100)
    app.connect("html-page-context", drop_thebe, priority=900)
    app.connect("build-finished", copy_mathjax)
    for part in (syw_pages, syw_code, syw_live, syw_links, syw_mutation, syw_handed, syw_graders):
        part.setup(app)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
