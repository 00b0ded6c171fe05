"""What is read and written again when only pages changed since the last build: an edit of one chapter.

A page is read again where the answer to a question that it asked has changed: what a file says (those of
`env.note_dependency`, and the page's own), and what is asked of many files at once (`asks`). All pages are
written again where something changed that any page may show of another: titles, anchors, terms of the
glossary (`shown_by_others`). tools/site_sources.py decides whether a build may begin with the pages of the
last one; tests/test_built_again.py compares every file with those of a build from nothing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

from helpers.course import content

Answer = Callable[[Sphinx, str], object]
ANSWERS: dict[str, Answer] = {}
SHOWN: list[Callable[[Sphinx], object]] = []


def answers(kind: str) -> Callable[[Answer], Answer]:
    """Register a function of the application and of what is asked about as the answer to `kind`."""

    def registered(answer: Answer) -> Answer:
        ANSWERS[kind] = answer
        return answer

    return registered


def shown_by_others(part: Callable[[Sphinx], Any]) -> Callable[[Sphinx], Any]:
    """Register what any page may show of another, as a function of the application."""
    SHOWN.append(part)
    return part


# ---------------------------------------------------------------- what is read again
def asked(env: BuildEnvironment) -> dict[str, dict[str, str]]:
    """{page: {question: sum of its answer}}, kept with the environment."""
    if not hasattr(env, "syw_asked"):
        env.syw_asked = {}  # type: ignore[attr-defined]
    return env.syw_asked  # type: ignore[attr-defined]


def asks(env: BuildEnvironment, kind: str, about: str = "", page: str = "") -> None:
    """The page that is being read shows an answer; when that changes, the page is read again."""
    question = f"{kind}:{about}"
    asked(env).setdefault(page or env.docname, {})[question] = answered(env.app, question)


def answered(app: Sphinx, question: str) -> str:
    """The sum of the answer to a question, found once in a build."""
    if not hasattr(app, "syw_answered"):
        app.syw_answered = {}  # type: ignore[attr-defined]
    known: dict[str, str] = app.syw_answered  # type: ignore[attr-defined]
    if question not in known:
        kind, _, about = question.partition(":")
        known[question] = sum_of(ANSWERS[kind](app, about))
    return known[question]


def sum_of(value: object) -> str:
    return hashlib.sha256(repr(value).encode("utf-8", "surrogateescape")).hexdigest()


@answers("file")
def contents(app: Sphinx, name: str) -> str:
    path = Path(app.srcdir) / name
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else "not there"


@answers("derivation")
def derivation(app: Sphinx, id: str) -> dict | None:
    return content("derivations").get(id)


@answers("derivations")
def derivations(app: Sphinx, _: str) -> dict[str, dict]:
    return content("derivations")


def changed(app: Sphinx, env: BuildEnvironment, added: set, stale: set, removed: set) -> list[str]:
    """The pages of which an answer has changed; Sphinx itself looks at dates only."""
    return [
        page
        for page, questions in asked(env).items()
        if any(answered(app, question) != known for question, known in questions.items())
    ]


def forget(app: Sphinx, env: BuildEnvironment, page: str) -> None:
    asked(env).pop(page, None)


def ask_files(app: Sphinx, doctree: object) -> None:
    """Behind a page that was read: its own file, and those that it depends on."""
    env, root = app.env, Path(app.srcdir)
    for name in {env.doc2path(env.docname), *env.dependencies[env.docname]}:
        path = root / name
        asks(env, "file", str(path.relative_to(root) if path.is_relative_to(root) else path))


# ---------------------------------------------------------------- what is written again
@shown_by_others
def names(app: Sphinx) -> list[object]:
    """Titles, numbers and anchors, to which any page may lead."""
    env, std = app.env, app.env.domaindata["std"]
    titles = {page: (title.pformat(), env.longtitles[page].pformat()) for page, title in env.titles.items()}
    anchors = {page: about.get("myst_slugs") for page, about in env.metadata.items()}
    tables = (titles, anchors, env.toc_secnumbers, env.toc_fignumbers,
              *(std[name] for name in ("labels", "anonlabels", "terms", "objects")))  # fmt: skip
    return [sorted(table.items(), key=repr) for table in tables]


@shown_by_others
def cited(app: Sphinx) -> list[str]:
    """Who cites what: a bibliography lists it."""
    found = getattr(app.env.domains.get("cite"), "citation_refs", [])
    return sorted(f"{one.docname}: {[target.key for target in one.targets]}" for one in found)


def others_too(app: Sphinx, env: BuildEnvironment) -> Iterable[str]:
    """Every page, if what they show of each other is not what it was."""
    before, now = getattr(env, "syw_shown", None), sum_of([part(app) for part in SHOWN])
    env.syw_shown = now  # type: ignore[attr-defined]
    return sorted(env.found_docs) if now != before else []


def merge(app: Sphinx, env: BuildEnvironment, pages: Iterable[str], other: BuildEnvironment) -> None:
    """What pages asked that another process read."""
    asked(env).update({page: asked(other)[page] for page in pages})


def setup(app: Sphinx) -> None:
    app.connect("env-get-outdated", changed)
    app.connect("env-purge-doc", forget)
    app.connect("doctree-read", ask_files, priority=900)
    app.connect("env-merge-info", merge)
    app.connect("env-updated", others_too, priority=900)
