"""What a site is expected to have beside its pages: descriptions, pictures for shared links, a page for
addresses that lead nowhere, a sitemap, links to the repository, the package with which a chapter runs
alone.

Nothing is promised that the site cannot keep: a sitemap needs `html: baseurl` in _config.yml, and the buttons
to edit, to report and to launch need `repository: url`.
"""

from __future__ import annotations

import importlib.util
import re
from html import escape, unescape
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import syw_landing
import syw_ledger
import syw_notebooks
import syw_pages
import syw_search
from sphinx.application import Sphinx

LONGEST = 160  # letters of a description that search engines show
LAUNCH = {"notebook_interface": "jupyterlab", "binderhub_url": "https://mybinder.org",
          "colab_url": "https://colab.research.google.com"}  # fmt: skip
DOWNLOADS = "download"  # inside the site's _static


# ---------------------------------------------------------------- the repository
def name_repository(app: Sphinx, config) -> None:
    """Buttons to edit, to report and to launch where _config.yml names a repository, and none where not."""
    options = config.html_theme_options
    if not options.get("repository_url"):
        return
    options.update(use_repository_button=True, use_issues_button=True, use_edit_page_button=True)
    options.setdefault("repository_branch", "main")
    options["launch_buttons"] = {**LAUNCH, **options.get("launch_buttons", {})}


# ---------------------------------------------------------------- what a page says of itself
def described(app: Sphinx, docname: str) -> str:
    """One or two sentences: a chapter's answer, else how the page begins."""
    if docname.startswith("notebooks/"):
        notebook = syw_notebooks.read(Path(app.srcdir) / f"{docname}.ipynb")
        text = syw_search.FORMULA.sub(lambda m: syw_search.plain(m[0]), syw_notebooks.summary(notebook))
        parts = text.replace("*", "").split("$")
        return shortened("".join(syw_search.plain(p) if k % 2 else p for k, p in enumerate(parts)))
    said = next((text for _, _, text, _ in syw_search.entries(app, docname) if text), "")
    return shortened(said.replace("\n", " "))


def shortened(text: str) -> str:
    """As many whole sentences as fit; the first one cut where it does not."""
    kept = ""
    for sentence in syw_search.sentences(" ".join(text.split())):
        if len(kept) + len(sentence) > LONGEST:
            break
        kept = f"{kept} {sentence}".strip()
    return kept or (text if len(text) <= LONGEST else text[: LONGEST - 1].rsplit(" ", 1)[0] + "…")


def add_tags(app: Sphinx, pagename: str, templatename: str, context: dict, doctree) -> None:
    """Description and OpenGraph: what a link to the page shows where it is shared."""
    if doctree is None:
        return
    said, base, drawn = described(app, pagename), app.config.html_baseurl, drawn_chapters(app)
    name = Path(pagename).name
    picture = f"_static/{syw_landing.FOLDER}/{name}.png" if name in drawn else "_static/screenshot.png"
    root = "../" * pagename.count("/")
    tags = {
        "og:type": "article" if pagename.startswith("notebooks/") else "website",
        "og:title": f"{context['title']} — {app.config.html_title}",
        "og:description": said,
        "og:site_name": app.config.html_title,
        "og:image": urljoin(base, picture) if base else root + picture,
        "og:image:alt": alternative(drawn.get(name)),
    }
    if base:
        tags["og:url"] = urljoin(base, f"{pagename}.html")
    lines = [f'<meta property="{name}" content="{escape(str(value))}" />' for name, value in tags.items()]
    if 'name="description"' not in context.get("metatags", ""):
        lines.append(f'<meta name="description" content="{escape(said)}" />')
    context["metatags"] = context.get("metatags", "") + "\n".join(lines) + "\n"


def drawn_chapters(app: Sphinx) -> dict[str, dict]:
    """The pictures of the chapters, read once a build."""
    if not hasattr(app, "syw_pictures"):
        app.syw_pictures = syw_landing.pictures(Path(app.srcdir))  # type: ignore[attr-defined]
    return app.syw_pictures


def alternative(output: dict | None) -> str:
    return syw_landing.alternative(output) if output else "The first page of the book"


# ---------------------------------------------------------------- files beside the pages
def nowhere(app: Sphinx) -> list[tuple[str, dict, str]]:
    """404.html. It is shown at any depth, so its addresses hang on the site's own."""
    if app.builder.format != "html":
        return []
    path = urlsplit(app.config.html_baseurl or "").path
    chapters = [
        (doc, app.env.titles[doc].astext())
        for doc in sorted(app.env.found_docs)
        if doc.startswith("notebooks/")
    ]
    return [("404", {"title": "Not here", "base": path, "chapters": chapters}, "syw_404.html")]


def leads_on(app: Sphinx) -> list[tuple[str, dict, str]]:
    """index.html, which leads to the first page; else one is written that has no icon, no title, no link."""
    first = f"{app.config.root_doc}.html"
    if app.builder.format != "html" or first == "index.html":
        return []
    return [("index", {"title": app.config.html_title, "first": first}, "syw_first.html")]


def write_sitemap(app: Sphinx, error: Exception | None) -> None:
    """sitemap.xml, whose addresses must be whole: so only where the site's own is known."""
    base = app.config.html_baseurl
    if error is not None or app.builder.format != "html" or not base:
        return
    places = "".join(
        f"<url><loc>{escape(urljoin(base, f'{doc}.html'))}</loc></url>\n"
        for doc in sorted(app.env.found_docs)
    )
    text = '<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n'
    (Path(app.outdir) / "sitemap.xml").write_text(f"{text}{places}</urlset>\n", encoding="utf-8")


def write_package(app: Sphinx, error: Exception | None) -> None:
    """The course as one wheel, for readers who took a chapter alone; none where solutions are withheld."""
    if error is not None or app.builder.format != "html" or not syw_pages.with_solutions():
        return
    if tool := packer(Path(app.confdir)):
        tool.course(Path(app.outdir) / "_static" / DOWNLOADS)


def packer(root: Path):
    """tools/wheel.py of this checkout; None in a small site that has no tools."""
    path = root / "tools" / "wheel.py"
    if not path.is_file():
        return None
    spec = importlib.util.spec_from_file_location("syw_wheel", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def alone(app: Sphinx, pagename: str, templatename: str, context: dict, doctree) -> None:
    """Under a chapter's title: its notebook, the package it needs, and the two commands."""
    tool = packer(Path(app.confdir)) if doctree is not None and pagename.startswith("notebooks/") else None
    if tool is None or not syw_pages.with_solutions():
        return
    name, version = Path(pagename).name, tool.project()["version"]
    wheel = f"show_your_work-{version}-{tool.TAG}.whl"
    html = (
        '<details class="syw-alone"><summary>Run this chapter alone</summary><p>Download '
        f'<a download href="../_sources/{pagename}.ipynb">the notebook</a> and '
        f'<a download href="../_static/{DOWNLOADS}/{wheel}">the course as a package</a>, then, '
        f"in the folder of both, <code>python -m pip install jupyterlab ./{wheel}</code> and "
        f"<code>jupyter lab {name}.ipynb</code>.</p></details>"
    )
    before, mark, after = context["body"].partition("</h1>")
    context["body"] = before + mark + html + after if mark else context["body"]


TOLD = re.compile(r'<div class="syw-told" data-claim="([^"]+)">')


def name_claims(app: Sphinx, pagename: str, templatename: str, context: dict, doctree) -> None:
    """Each claim that a chapter tells can be linked to: the row of the ledger leads to it."""
    used: set[str] = set()

    def named(match: re.Match) -> str:
        id = syw_ledger.target(unescape(match[1]))
        if id in used:
            return match[0]
        used.add(id)
        return match[0].replace("<div", f'<div id="{id}"', 1)

    if "syw-told" in context.get("body", ""):
        context["body"] = TOLD.sub(named, context["body"])


def setup(app: Sphinx) -> None:
    app.connect("html-page-context", name_claims, priority=790)
    app.connect("config-inited", name_repository, priority=50)
    app.connect("html-page-context", alone, priority=800)
    app.connect("html-page-context", add_tags, priority=870)  # after the search has read the page
    app.connect("html-collect-pages", nowhere)
    app.connect("html-collect-pages", leads_on)
    app.connect("build-finished", write_sitemap)
    app.connect("build-finished", write_package)
