"""`{try-step}`, `{try-derivation}`, `{derive-it}`, `{try-text}`: the reader types, the checker answers.

`{try-step} logistic.gradient`        an exercise of book/exercises/
`{try-derivation} logistic.gradient`  from the start of a chapter's derivation to its goal, in steps of the
                                      reader's own; a line of the body, `C = bce(y, yhat)`, is an abbreviation
`{derive-it} logistic.gradient`       the same as a whole text in LaTeX, start and goal given
`{try-text} gallery.yaml`              a whole text of the reader's own, judged row by row; the file, beside
                                      the page, holds texts to begin with

Option `:seconds: 30` gives a check more time than 20 s. Only pages with one of them load the script, which
fetches Python (_build/pyodide, made by tools/browser_python.py) when the reader turns to it.
"""

from __future__ import annotations

import json
import re
import shutil
import time
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from html import escape
from pathlib import Path
from typing import ClassVar

import syw_again
import yaml
from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

HERE = Path(__file__).parent
ASSETS = ("page.js", "typed.js", "worker.js", "editor.js", "style.css")
FOLDER = "trystep"  # inside the site's _static
LONGEST = 600  # seconds that a site waits for its Python
BLANK = "…"  # in a button's text: what the reader fills in
MARK = 'class="syw-try"'
KEYBOARD = 'autocapitalize="off" autocomplete="off" autocorrect="off" spellcheck="false" enterkeyhint="go"'


# ---------------------------------------------------------------- the HTML of one exercise
def maths(latex: str) -> str:
    return f'<span class="math notranslate nohighlight">\\({escape(latex)}\\)</span>'


def chip(name: str, value: object, indices: Sequence[str] | None) -> tuple[str, str]:
    """How a name of the vocabulary is typed, and its LaTeX: ("w[j]", "w_{j}").

    `…` stands for what the reader has to fill in: "sigma(…)".
    """
    from sympy import Expr, IndexedBase, Symbol

    from helpers.proof.show.formulas import latex

    if name == "diff":
        return f"diff({BLANK}, {BLANK})", r"\frac{\partial f}{\partial v}"
    array = isinstance(value, IndexedBase)
    if isinstance(value, Expr) and not array:
        return name, latex(value if not value.args else Symbol(name))
    count = len((value.shape if array else getattr(value, "parameters", None)) or (1,))
    places = indices or (BLANK,) * count
    symbols = [Symbol(place, integer=True) for place in places]
    shown = latex(value[tuple(symbols)] if array else value(*symbols))
    return f"{name}{'[' if array else '('}{', '.join(places)}{']' if array else ')'}", shown


def names_html(vocabulary: Mapping[str, object], entries: Mapping[str, Sequence[str]]) -> str:
    """The names that a reader may use, each a button that types it."""
    from trystep.judge import definitions

    where = ", ".join(maths(one) for one in definitions(vocabulary))
    buttons = []
    for name, value in vocabulary.items():
        typed, latex = chip(name, value, entries.get(name))
        symbol = maths(latex) + " " if latex != typed else ""
        buttons.append(f'<button type="button" class="syw-try-name" data-insert="{escape(typed)}">'
                       f"{symbol}<code>{escape(typed)}</code></button>")  # fmt: skip
    return ((f'<p class="syw-try-small">Here {where}.</p>' if where else "")
            + '<div class="syw-try-names" role="group" aria-label="Names you may use">'
            + "".join(buttons) + "</div>")  # fmt: skip


def reply_html(button: str) -> str:
    """The places for what the page says."""
    return f"""<progress class="syw-try-bar" aria-label="Loading" hidden></progress>
<p class="syw-try-status" role="status"></p>
<div class="syw-try-reply" aria-live="polite"></div>
</form>
<noscript><p class="syw-try-small">{button} needs scripts, which are switched off here.
The same exercise runs in the notebook.</p></noscript>"""


def form_html(
    key: str,
    label: str,
    vocabulary: Mapping[str, object],
    entries: Mapping[str, Sequence[str]],
    more: str = "",
) -> str:
    """Input, button, names and the places for the answer. Hidden until the script takes over.

    What may be typed is shown from when the reader turns to the field.
    """
    from helpers.proof.answers import FUNCTIONS_TEXT
    from helpers.proof.read.slips import known, named
    from helpers.proof.read.typed import BINDERS, FUNCTIONS

    what = escape(json.dumps(known(named(vocabulary), FUNCTIONS, BINDERS)))
    return f"""<form class="syw-try-form" data-known="{what}" hidden>
<div class="syw-try-line"><label for="{key}">{label}</label>
<input class="syw-try-input" id="{key}" type="text" maxlength="1000" {KEYBOARD}>
<button class="syw-try-check" type="submit">Check</button>{more}</div>
<div class="syw-try-more">{names_html(vocabulary, entries)}
<p class="syw-try-small">Numbers, + - * / ^ ( ), {escape(FUNCTIONS_TEXT)}; or LaTeX.</p></div>
<p class="syw-try-read"></p>
{reply_html("Checking an answer")}"""


# ---------------------------------------------------------------- the directives
class Try(SphinxDirective):
    """What all share: the name of an entry, and a box around it."""

    required_arguments = 1
    option_spec: ClassVar[dict] = {"seconds": directives.positive_int, "asked": directives.flag}
    kind = ""

    def entry(self, table: Mapping[str, object]) -> object:
        """The entry of a table that the page names."""
        id = self.arguments[0]
        if id not in table:
            near = ", ".join(get_close_matches(id, table, n=3) or sorted(table))
            raise self.error(f"{self.name}: there is no {id!r}; there is {near}.")
        return table[id]

    def box(
        self,
        title: str,
        prompt: list[nodes.Node],
        form: str,
        names: Mapping[str, str] | None = None,
        headed: bool = True,
    ) -> list[nodes.Node]:
        """The whole element as nodes: an opening tag, the prompt's own nodes, the form, a closing tag."""
        data = {"kind": self.kind, "id": self.arguments[0], "names": json.dumps(names or {}),
                "seconds": str(self.options.get("seconds", 20))}  # fmt: skip
        attributes = " ".join(f'data-{name}="{escape(value)}"' for name, value in data.items())
        heading = f'<p class="syw-try-title">{escape(title)}</p>' if headed else ""
        opening = f'<section {MARK} {attributes} aria-label="{escape(title)}">{heading}'
        first, last = (nodes.raw("", text, format="html") for text in (opening, f"{form}\n</section>"))
        return [first, *prompt, last]

    def key(self) -> str:
        return f"syw-try-{self.env.new_serialno('trystep')}"


class TryStep(Try):
    """`{try-step} ID`: an exercise with one answer."""

    kind = "answer"

    def run(self) -> list[nodes.Node]:
        from helpers.course import EXERCISES

        exercise = self.entry(EXERCISES)
        asked = "asked" in self.options  # the page has just put the question in its own words
        prompt = [] if asked else self.parse_text_to_nodes(exercise.prompt)
        form = form_html(self.key(), "Your answer", exercise.vocabulary, exercise.entries)
        return self.box("Try it here", prompt, form, headed=not asked)


class TryDerivation(Try):
    """`{try-derivation} ID`: from the start of a derivation to its goal, in the reader's own steps."""

    kind = "step"
    has_content = True

    def run(self) -> list[nodes.Node]:
        from helpers.course import DERIVATIONS
        from helpers.proof.answers import entries
        from helpers.proof.show.formulas import hypotheses_latex
        from trystep import judge

        syw_again.asks(self.env, "derivation", self.arguments[0])
        entry, names = self.entry(DERIVATIONS), self.abbreviations()
        part, *others = entry.chain.parts
        if others or any(line.means.relation != "=" for line in part.lines):
            raise self.error(f"{self.name}: {entry.id} is not one chain of equalities.")
        try:
            vocabulary = judge.words(entry.id, json.dumps(names))
        except ValueError as error:
            raise self.error(f"{self.name}: {error}") from None
        goal, start = (judge.abbreviated(e, vocabulary) for e in (part.last, part.start))
        given = ", ".join(f"${one}$" for one in hypotheses_latex(part.given))
        words = entry.title + (f", for {given}" if given else "")
        prompt = self.parse_text_to_nodes(f"{words}. Your last line is to be\n\n$${goal}$$")
        lines = f'<ol class="syw-try-steps" aria-label="Your lines"><li>{maths(start)}</li></ol>'
        where = entries(vocabulary, [part.start, *(line.expr for line in part.lines)], part.last)
        undo = '<button class="syw-try-undo" type="button" hidden>Undo</button>'
        form = form_html(self.key(), "Your next line", vocabulary, where, undo)
        return self.box("Derive it yourself", prompt, lines + form, names)

    def abbreviations(self) -> dict[str, str]:
        """The body's lines, `name = formula`."""
        found = {}
        for line in filter(str.strip, self.content):
            name, _, formula = (part.strip() for part in line.partition("="))
            if not (name.isidentifier() and formula):
                raise self.error(f"{self.name}: write an abbreviation as “name = formula”, not {line!r}.")
            found[name] = formula
        return found


class TryText(Try):
    """`{try-text} FILE`: a text of the reader's own; the texts of a YAML file are there to begin with."""

    kind = "text"

    def run(self) -> list[nodes.Node]:
        path = Path(self.env.srcdir) / Path(self.env.docname).parent / self.arguments[0]
        self.env.note_dependency(str(path))
        syw_again.asks(self.env, "derivations")  # the tasks to choose from
        texts = yaml.safe_load(path.read_text(encoding="utf-8"))
        wanted = {"title", "text", "about"}
        for place, one in enumerate(texts, 1):
            if set(one) != wanted:
                raise self.error(
                    f"{path.name}: entry {place} must have {', '.join(sorted(wanted))}, and no more."
                )
        buttons = "".join(
            f'<button type="button" class="syw-try-begin" data-text="{escape(one["text"])}" '
            f'title="{escape(one["about"])}">{escape(one["title"])}</button>'
            for one in texts
        )
        return self.box("Your derivation", [], text_form_html(self.key(), buttons, tasks_html()))


class DeriveIt(Try):
    """`{derive-it} ID`: a derivation of the book to be made as a whole text; start and goal are given."""

    kind = "text"

    def run(self) -> list[nodes.Node]:
        from helpers.checking import UnknownTask, task
        from helpers.proof.show.derivation import words

        syw_again.asks(self.env, "derivation", self.arguments[0])
        try:
            asked = task(self.arguments[0])
        except UnknownTask as reason:
            raise self.error(f"{self.name}: {reason}") from None
        lines = "one line" if asked.lines == 1 else f"{asked.lines} lines"
        goal = f"Begin with\n\n$${asked.start}$$\n\nand arrive at\n\n$${asked.goal}$$"
        given = ", ".join(SENTENCE.findall("\n".join(asked.sentences)))
        prompt = self.parse_text_to_nodes(f"Given {given}. {goal}")
        hidden = f'<input type="hidden" class="syw-try-task" value="{escape(asked.id)}">'
        form = text_form_html(self.key(), "", hidden)
        summary = f"<b>Derive it yourself.</b> {words(asked.title)}: the book takes {lines}."
        first = nodes.raw("", f'<details class="syw-try-fold"><summary>{summary}</summary>', format="html")
        return self.box("Derive it yourself", [first, *prompt], f"{form}</details>", headed=False)


SENTENCE = re.compile(r"\$[^$]+\$")


def tasks_html() -> str:
    """The book's derivations as tasks to choose from; without one, the text stands for itself."""
    from helpers.checking import tasks

    topics: dict[str, list[str]] = {}
    for one in tasks():
        topic = one.id.partition(".")[0].replace("_", " ")
        option = f'<option value="{escape(one.id)}">{escape(one.title)}</option>'
        topics.setdefault(topic, []).append(option)
    groups = "".join(
        f'<optgroup label="{escape(t)}">{"".join(found)}</optgroup>' for t, found in topics.items()
    )
    none = '<option value="">none: a text of your own</option>'
    choice = f'<select class="syw-try-task">{none}{groups}</select>'
    return f"<label>A derivation of the book as a task {choice}</label>"


ASKED = "LaTeX, as you would write it in your homework"


def text_form_html(key: str, buttons: str, tasks: str) -> str:
    """A field for many lines, the texts to begin with, and the places for the verdicts."""
    begin = (
        f'<div class="syw-try-names" role="group" aria-label="Texts to begin with">{buttons}</div>'
        if buttons
        else ""
    )
    return f"""<form class="syw-try-form" hidden>
{begin}
{tasks}
<p class="syw-try-goals" hidden></p>
<label for="{key}">{ASKED}</label>
<textarea class="syw-try-input syw-try-area" aria-label="{ASKED}"
id="{key}" rows="9" maxlength="20000" {KEYBOARD}></textarea>
<div class="syw-try-line"><button class="syw-try-check" type="submit">Check every line</button>
<button class="syw-try-undo syw-try-look" type="button">Write without LaTeX</button>
<button class="syw-try-undo syw-try-link" type="button">Copy a link to it</button>
<button class="syw-try-undo syw-try-save" type="button">Save as Markdown</button>
<button class="syw-try-undo syw-try-tex" type="button">Save as LaTeX</button></div>
<div class="syw-try-echo" role="group" aria-label="How it looks"></div>
<div class="syw-try-read" aria-live="polite"></div>
<ol class="syw-try-rows" aria-label="Verdicts"></ol>
{reply_html("Checking a derivation")}"""


# ---------------------------------------------------------------- the site
def add_script(app: Sphinx, pagename: str, templatename: str, context: dict, doctree) -> None:
    """Only pages that use it load the script."""
    if MARK in (context.get("body") or ""):
        for name in ("signs.js", "typed.js", "page.js"):
            app.add_js_file(f"{FOLDER}/{name}", loading_method="defer")
        app.add_css_file(f"{FOLDER}/style.css")


def signs_js() -> str:
    """The tables of the typed form for the page, from those of the parser."""
    from helpers.proof.read import slips, tokens

    tables = {"letters": tokens.LETTERS, "signs": tokens.SIGNS, "lowered": tokens.LOWERED,
              "usage": slips.SUM_USAGE, "whole": tokens.WHOLE, "unread": slips.UNREAD}  # fmt: skip
    return f"globalThis.sywSigns = {json.dumps(tables)};\n"


def copy_python(app: Sphinx, error: Exception | None) -> None:
    """Put the script and the pages' Python into the site; where that was not made, the pages will say so."""
    if error is not None or app.builder.format != "html":
        return
    made, target = Path(app.confdir) / "_build" / "pyodide", Path(app.outdir) / "_static" / FOLDER
    being_made = made.with_suffix(".being-made")  # `make book` assembles them beside this build
    for _ in range(10 * LONGEST):
        if not being_made.exists():
            break
        time.sleep(0.1)
    parts = [path for path in made.glob("*") if path.suffix in (".js", ".txt")]
    files = {path.name: path for path in [*(HERE / name for name in ASSETS), *parts]}
    target.mkdir(parents=True, exist_ok=True)
    (target / "signs.js").write_text(signs_js(), encoding="utf-8")
    for stale in {path.name for path in target.iterdir()} - {*files, "signs.js"}:
        (target / stale).unlink()
    for name, path in files.items():
        if "-" not in name or not (target / name).exists():  # the name of a part changes with its contents
            shutil.copyfile(path, target / name)
    if "files.js" not in files:
        (target / "files.js").write_text("sywTryFiles(null);\n")
    editor = made.with_name("mathlive")
    if editor.is_dir():
        shutil.copytree(editor, target.with_name("mathlive"), dirs_exist_ok=True)


def setup(app: Sphinx) -> dict:
    app.setup_extension("syw_maths")  # what is typed is typeset as the page is
    app.add_directive("try-step", TryStep)
    app.add_directive("try-derivation", TryDerivation)
    app.add_directive("try-text", TryText)
    app.add_directive("derive-it", DeriveIt)
    app.connect("html-page-context", add_script)
    app.connect("build-finished", copy_python)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": False}
