"""Formulas as MathML, made while the book is built: a page needs no script to show them, and they are spoken.

Temml turns LaTeX into MathML; QuickJS runs it here, and a page runs the same file for what a reader types
(typeset.js). Two kinds of formulas come by: nodes of the document, which Sphinx hands to `inline` and
`block`, and those in raw HTML (outputs of notebooks, generated boxes), which `in_html` finds between LaTeX's
brackets in an element of class `math` or `syw-math`, and between dollars in what a notebook printed. What
Temml refuses stops a strict build.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from collections.abc import Callable
from html import unescape
from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util import logging

FOLDER = Path(__file__).resolve().parents[1] / "_static" / "maths"
SCRIPTS = (FOLDER / "temml.min.js", FOLDER / "typeset.js")  # in this order
STYLE = "maths/maths.css"
CALL = """(tex, display, macros) => {
  try { return JSON.stringify({ html: sywTypeset(tex, display, JSON.parse(macros)) }); }
  catch (error) { return JSON.stringify({ wrong: error.message }); }
}"""
MARKED = re.compile(
    r'<(span|div)( class="(?:math|syw-math)[ "][^>]*)>\s*\\([(\[])(.*?)\\[)\]]\s*</\1>', re.DOTALL
)
PRINTED = re.compile(r'(<div class="output text_html">.*?</div>)', re.DOTALL)
DOLLARS = re.compile(r"\$([^\s$<>](?:[^$<>]*[^\s$<>])?)\$(?!\d)")
NOT_TEXT = re.compile(r"<!--.*?-->|<(script|style|pre|code|textarea|svg|math)\b.*?</\1>|<[^>]*>", re.DOTALL)

logger = logging.getLogger(__name__)


class Refused(ValueError):
    """Temml cannot set a formula; the message says why."""


class Typesetter:
    """TeX to MathML, each formula once: `known` was set before, `macros` are names for every formula."""

    def __init__(self, macros: dict[str, str], known: dict[str, str] | None = None) -> None:
        self.macros = json.dumps({f"\\{name}": tex for name, tex in macros.items()})
        self.known = dict(known or {})
        self._call: Callable[[str, bool, str], str] | None = None

    def __call__(self, tex: str, display: bool = False) -> str:
        """A <math> element. Raises Refused if `tex` is no formula that Temml knows."""
        key = f"{'[' if display else '('}{tex.strip()}"
        if key not in self.known:
            self.known[key] = self._set(tex.strip(), display)
        return self.known[key]

    def _set(self, tex: str, display: bool) -> str:
        if self._call is None:
            import quickjs

            engine = quickjs.Context()
            for script in SCRIPTS:
                engine.eval(script.read_text(encoding="utf-8"))
            self._call = engine.eval(CALL)
        # As JSON: QuickJS hands over a long text that it has put together only once it is written out whole.
        reply = json.loads(self._call(tex, display, self.macros))
        if "wrong" in reply:
            raise Refused(" ".join(reply["wrong"].replace("\u0332", "").split()))
        return reply["html"]


# ---------------------------------------------------------------- formulas of the document
def typesetter(app: Sphinx) -> Typesetter:
    """The typesetter of this build, with what earlier builds have set by the same scripts and macros."""
    if not hasattr(app, "syw_typesetter"):
        made = Typesetter(app.config.syw_macros)
        store = store_of(app, made)
        if store.is_file():
            made.known = json.loads(store.read_text(encoding="utf-8"))
        app.syw_typesetter = made  # type: ignore[attr-defined]
    return app.syw_typesetter  # type: ignore[attr-defined]


def store_of(app: Sphinx, made: Typesetter) -> Path:
    """Where set formulas are kept between builds, beside the site; the name tells by what they were set."""
    by = b"".join(script.read_bytes() for script in SCRIPTS) + made.macros.encode()
    return Path(app.outdir).parent / f"maths-{hashlib.sha256(by).hexdigest()[:12]}.json"


def keep(app: Sphinx, error: Exception | None) -> None:
    if error is None and hasattr(app, "syw_typesetter"):
        made = typesetter(app)
        text = json.dumps(made.known, ensure_ascii=False)
        store_of(app, made).write_text(text, encoding="utf-8")


def set_or_warn(app: Sphinx, tex: str, display: bool, place: object) -> str:
    """The formula as MathML; where it cannot be set, a warning that names it, and its LaTeX as code."""
    try:
        return typesetter(app)(tex, display)
    except Refused as why:
        logger.warning("maths that cannot be typeset: %s (%s)", tex.strip()[:200], why, location=place)
        return f"<code>{nodes.unescape(tex).replace('&', '&amp;').replace('<', '&lt;')}</code>"


def inline(translator, node: nodes.math) -> None:
    translator.body.append(set_or_warn(translator.builder.app, node.astext(), False, node))
    raise nodes.SkipNode


def block(translator, node: nodes.math_block) -> None:
    tex = node.astext()
    if has_rows(tex):
        tex = f"\\begin{{aligned}}{tex}\\end{{aligned}}"
    anchor = f' id="{node["ids"][0]}"' if node["ids"] else ""
    formula = set_or_warn(translator.builder.app, tex, True, node)
    translator.body.append(f'<div class="math"{anchor}>{formula}</div>\n')
    raise nodes.SkipNode


def has_rows(tex: str) -> bool:
    """Whether rows stand outside every environment and every pair of braces, as Sphinx allows."""
    bare = re.sub(r"\\begin\{(\w+\*?)\}.*\\end\{\1\}", "", tex, flags=re.DOTALL)
    while (inner := re.sub(r"(?<!\\)\{(?:[^{}\\]|\\.)*(?<!\\)\}", "", bare)) != bare:
        bare = inner
    return r"\\" in bare


# ---------------------------------------------------------------- formulas in raw HTML
def in_html(html: str, set_one: Callable[[str, bool], str]) -> str:
    """`html` with its marked formulas, and those between dollars in printed HTML, as MathML."""

    def marked(found: re.Match) -> str:
        tag, attributes, bracket, tex = found.groups()
        formula = set_one(unescape(tex), bracket == "[")
        return f"<div{attributes}>{formula}</div>" if tag == "div" else formula

    def dollars(text: str) -> str:
        return DOLLARS.sub(lambda found: set_one(unescape(found[1]), False), text)

    def printed(found: re.Match) -> str:
        pieces, at = [], 0
        for kept in NOT_TEXT.finditer(found[0]):  # a dollar in code is a dollar
            pieces += [dollars(found[0][at : kept.start()]), kept[0]]
            at = kept.end()
        return "".join([*pieces, dollars(found[0][at:])])

    return PRINTED.sub(printed, MARKED.sub(marked, html))


def typeset_page(app: Sphinx, pagename: str, templatename: str, context: dict, doctree) -> None:
    if app.builder.format == "html" and "body" in context:
        context["body"] = in_html(
            context["body"], lambda tex, display: set_or_warn(app, tex, display, pagename)
        )


def copy_parts(app: Sphinx, error: Exception | None) -> None:
    """The page's own typesetter, as one script with the book's macros; the style and the fonts."""
    if error is not None or app.builder.format != "html":
        return
    target = Path(app.outdir) / "_static" / "maths"
    target.mkdir(parents=True, exist_ok=True)
    for path in (*FOLDER.glob("*.woff2"), FOLDER / "maths.css", FOLDER / "LICENSES.txt"):
        shutil.copyfile(path, target / path.name)
    code = "\n".join(script.read_text(encoding="utf-8") for script in SCRIPTS)
    macros = Typesetter(app.config.syw_macros).macros
    text = f"{code}\nglobalThis.sywMacros = {macros};\n"
    (target / "typeset.js").write_text(text, encoding="utf-8")
    (target / "temml.min.js").unlink(missing_ok=True)  # it is in that script


def setup(app: Sphinx) -> dict:
    app.add_config_value("syw_macros", {}, "env", [dict])
    app.add_html_math_renderer("syw_maths", (inline, None), (block, None))
    app.connect("html-page-context", typeset_page, priority=700)
    app.connect("build-finished", copy_parts)
    app.connect("build-finished", keep)
    app.add_css_file(STYLE)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": False}
