"""The book's Sphinx extension: generated pages, inline figures, and a site that asks no other host.

syw_pages      the directives, and the verdict line under a chapter's title
syw_ledger     claims and errata as Markdown
syw_notebooks  what is read from a stored notebook: title, summary, verdicts; what is folded
syw_tight      outputs made shorter: rows joined, reasons and many errata folded
syw_proofs     refuted lines and notation from the objects in helpers
syw_mutation   the stored report of the mutation tests
syw_handed     the reports' own derivations with their stored verdicts
syw_graders    what grading tools gave for attacks
syw_machines   what sweeps cost, on one machine and on several
syw_code       lines of code that wrap instead of scrolling sideways
syw_figures    stored SVG figures, put into the page so that they take its colours
syw_live       figures that move, and their one script
syw_maths      formulas as MathML
syw_light      what the theme loads and a page of this book does not need; icons, and pages without scripts
syw_landing    the landing page: a line to break, a result, cards with pictures
syw_reading    reading time, and what can be skipped
syw_repro      versions, devices, seconds and data from the records of the runs
syw_search     what each page says, for the search page
syw_api        the public names of helpers, from their sources
syw_share      descriptions, shared pictures, 404, sitemap, links to a repository, a chapter alone
syw_again      what is read and written again when only pages changed
syw_links      numbers of chapters, results, figures and tables; links where they and terms are named
"""

from __future__ import annotations

from pathlib import Path

import syw_again
import syw_api
import syw_code
import syw_graders
import syw_handed
import syw_landing
import syw_light
import syw_links
import syw_live
import syw_machines
import syw_maths
import syw_mutation
import syw_pages
import syw_reading
import syw_repro
import syw_search
import syw_share
from sphinx.application import Sphinx

PARTS = (
    syw_light, syw_pages, syw_code, syw_live, syw_links, syw_mutation, syw_handed, syw_graders, syw_search,
    syw_repro, syw_landing, syw_reading, syw_share, syw_api, syw_machines, syw_again,
)  # fmt: skip


def theme_options(app: Sphinx, config) -> None:
    """Set what Jupyter Book lets no _config.yml set without losing its own options."""
    options = config.html_theme_options
    options.setdefault("navbar_persistent", [])  # else a stray top bar with a second search box
    # The theme hides the title beside the picture, so the link needs a name of its own.
    options["logo"] = {"text": config.html_title, "alt_text": f"{config.html_title}: first page"}
    config.html_use_index = False  # an index of no terms, under an empty heading
    config.html_context.setdefault("default_mode", "auto")  # else the theme complains on every first visit


def substitutions(app: Sphinx, config) -> None:
    """Names that pages may use in double braces, each read from where it is true."""
    from helpers.proof import Given

    given = Given()
    config.myst_substitutions = {
        "points": str(given.points), "digits": str(given.digits), "sizes": f"1 to {max(given.span)}",
        **{f"{part}_lines": f"{lines(Path(app.confdir), part):,}"
           for part in ("statement", "symbolic", "numeric")},
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


def setup(app: Sphinx) -> dict:
    app.connect("config-inited", theme_options, priority=100)
    app.connect("config-inited", substitutions, priority=100)
    app.connect("html-page-context", drop_thebe, priority=900)
    app.setup_extension(syw_maths.__name__)
    for part in PARTS:
        part.setup(app)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
