"""Light pages: what the theme loads and this book does not need is left out; a page works without scripts.

`finish` gets each page as the theme wrote it, `lighten` the folder of the whole site. Without scripts nothing
sets the page's theme, so without-scripts.css has the theme's own rules once more, for a reader whose system
is light or dark.
"""

from __future__ import annotations

import re
import shutil
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from sphinx.application import Sphinx

# Before anything is drawn: the theme's own script, which does the same, comes after the whole page.
THEME = """<script>
    (({ dataset }) => {
      const dark = matchMedia("(prefers-color-scheme: dark)").matches;
      if (dataset.theme === "auto") dataset.theme = dark ? "dark" : "light";
    })(document.documentElement);
  </script>"""
LEFT_OUT = re.compile(
    r"\s*<!-- So that users can add custom icons -->|\s*<script[^>]*/fontawesome\.js[^>]*></script>"
    r'|\s*<link[^>]*sphinx-thebe\.css[^>]*>|\s*<meta name="(?:viewport|docsearch:\w+)"[^>]*>'
)
CHARSET = '<meta charset="utf-8" />'
VIEWPORT = '<meta name="viewport" content="width=device-width, initial-scale=1">'
OWN_STYLE = re.compile(r"<link[^>]*/showwork\.css")
LANDMARK = re.compile(r'<(?:section|nav|aside|form|header|footer|article)\b[^>]*\baria-label="([^"]*)"')
SKIPPED = '<div id="pst-scroll-pixel-helper"></div>'
CONTENTS = '<p class="syw-contents"><a href="#pst-primary-sidebar">Contents of the book</a></p>'
UNUSED = (
    "scripts/fontawesome.js",
    "scripts/fontawesome.js.LICENSE.txt",
    "vendor/fontawesome",
    "sphinx-thebe.js",
    "sphinx-thebe.css",
    "webpack-macros.html",
    "sbt-webpack-macros.html",
)
STYLES = (  # in the order in which a page has them
    "styles/theme.css",
    "styles/pydata-sphinx-theme.css",
    "pygments.css",
    "styles/sphinx-book-theme.css",
    "togglebutton.css",
    "copybutton.css",
    "sphinx-design.min.css",
    "trystep/style.css",
    "showwork.css",
)
OF_ICONS = re.compile(r"\.fa[bsr]?(?:-|\b)")
CHOSEN = re.compile(r"""\[data-theme=["']?(light|dark)["']?\]""")


# ---------------------------------------------------------------- a page
def finish(html: str, root: str) -> str:
    """The page as it is served; `root` is the way to the site's root, as `../`."""
    head, body_tag, body = html.partition("<body")
    if not body_tag:
        return html
    head = LEFT_OUT.sub("", head).replace(CHARSET, f"{CHARSET}\n    {VIEWPORT}", 1)
    without = f'<link rel="stylesheet" href="{root}_static/without-scripts.css">'
    # Before the book's own style, which has the last word as on a page with scripts.
    own = found.start() if (found := OWN_STYLE.search(head)) else head.index("</head>")
    head = f"{head[:own]}<noscript>{without}</noscript>\n    {head[own:]}"
    at = head.find("</script>", head.find('localStorage.getItem("theme")'))
    if at > 0:
        head = head[: at + 9] + "\n  " + THEME + head[at + 9 :]
    body = body.replace(SKIPPED, f"<noscript>{CONTENTS}</noscript>{SKIPPED}", 1)
    # The contents beside the text lead to the same places: no need to step through each heading's mark.
    body = body.replace("<pre><span></span>", "<pre>")  # Pygments' guard for code that begins with a line end
    body = body.replace(
        '<div role="list" class="citation-list">', '<div class="citation-list">'
    )  # its items are none
    body = body.replace('<a class="headerlink"', '<a class="headerlink" tabindex="-1"')
    return head + body_tag + tell_apart(body)


def tell_apart(html: str) -> str:
    """The page with a number in a landmark's name that another has too: a screen reader lists names alone."""
    seen: Counter = Counter()

    def numbered(found: re.Match) -> str:
        seen[found[1]] += 1
        number = f" ({seen[found[1]]})" if seen[found[1]] > 1 else ""
        return f'{found[0][:-1]}{number}"'

    return LANDMARK.sub(numbered, html)


def finish_pages(app: Sphinx) -> None:
    """Put `finish` behind the theme's templates, which know no such step."""
    if app.builder.format != "html":
        return
    render = app.builder.templates.render

    def finished(template: str, context: dict) -> str:
        return finish(render(template, context), context.get("content_root", ""))

    app.builder.templates.render = finished


# ---------------------------------------------------------------- styles
def rules(css: str) -> Iterator[tuple[str, str]]:
    """(head, body) of each rule at the top level of a style sheet; the body of an @import is empty."""
    css = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)
    at = 0
    while found := re.compile(r"""(?:[^{};"']|"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')*[{;]""").match(css, at):
        head, end, depth = found[0], found.end(), 1
        if head.endswith(";"):
            yield head, ""
        else:
            while depth:
                brace = re.compile(r"""(?:[^{}"']|"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')*([{}])""").match(
                    css, end
                )
                if brace is None:
                    raise ValueError(f"A style sheet ends within a rule: {head.strip()[:80]}")
                depth += 1 if brace[1] == "{" else -1
                end = brace.end()
            yield head[:-1].strip(), css[found.end() : end - 1]
        at = end


def without_icons(css: str) -> str:
    """The style sheet without the rules and the fonts of the icons that the pages do not have."""
    kept = []
    for head, body in rules(css):
        if head.startswith("@font-face") and "fontawesome" in body:
            continue
        selectors = [one for one in split(head) if not OF_ICONS.search(one)]
        if head.startswith("@") or len(selectors) == len(split(head)):
            kept.append(f"{head}{{{body}}}" if body or not head.endswith(";") else head)
        elif selectors:
            kept.append(f"{','.join(selectors)}{{{body}}}")
    return "\n".join(kept)


def split(selectors: str) -> list[str]:
    """`a, :is(b, c)` as its two selectors."""
    return [one.strip() for one in re.split(r",(?![^(]*\))(?![^\[]*\])", selectors)]


def by_system(css: str) -> tuple[str, str]:
    """The rules for the light and for the dark theme, as rules for a page whose theme is `auto`."""
    found = {"light": [], "dark": []}
    for head, body in rules(css):
        if head.startswith(("@media", "@supports")):
            for theme, inner in zip(found, by_system(body), strict=True):
                found[theme] += [f"{head}{{{inner}}}"] if inner else []
            continue
        for one in split(head) if not head.startswith("@") else []:
            themes = {match[1] for match in CHOSEN.finditer(one)}
            if len(themes) == 1 and ":not([data-theme" not in one:
                found[themes.pop()].append(f"{CHOSEN.sub('[data-theme=auto]', one)}{{{body}}}")
    return "\n".join(found["light"]), "\n".join(found["dark"])


def noscript(static: Path) -> str:
    """The style of a page without scripts."""
    sheets = [
        by_system((static / name).read_text(encoding="utf-8")) for name in STYLES if (static / name).is_file()
    ]
    light, dark = ("\n".join(parts) for parts in zip(*sheets, strict=True))
    more = (
        (static / "noscript.css").read_text(encoding="utf-8") if (static / "noscript.css").is_file() else ""
    )
    return f"{light}\n@media (prefers-color-scheme: dark) {{\n{dark}\n}}\n{more}"


def lighten(app: Sphinx, error: Exception | None) -> None:
    """Take out of the site what no page loads any more, and write the style for pages without scripts."""
    if error is not None or app.builder.format != "html":
        return
    static = Path(app.outdir) / "_static"
    for name in UNUSED:
        path = static / name
        shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)
    for path in static.rglob("*.map"):
        path.unlink()
    theme = static / "styles" / "pydata-sphinx-theme.css"
    if theme.is_file():
        theme.write_text(without_icons(theme.read_text(encoding="utf-8")), encoding="utf-8")
    (static / "without-scripts.css").write_text(noscript(static), encoding="utf-8")


def setup(app: Sphinx) -> None:
    app.connect("builder-inited", finish_pages)
    app.connect("build-finished", lighten, priority=900)
    app.add_css_file("icons.css")
    app.add_js_file("reach.js", loading_method="defer")
    app.add_js_file("rove.js", loading_method="defer")
