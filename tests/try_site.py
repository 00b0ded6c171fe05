"""A small site with each kind of exercise, built with the book's extension; a tab that notes its requests."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
CONF = """
import sys
sys.path[:0] = [{ext!r}]
extensions = ["myst_parser", "trystep"]
myst_enable_extensions = ["dollarmath"]
exclude_patterns = ["_build"]
html_theme = "basic"
"""
ALL_KINDS = """# All kinds

```{try-step} logistic.gradient
```

```{try-derivation} logistic.gradient
L = -(y*log(yhat) + (1 - y)*log(1 - yhat))
```

```{derive-it} softmax.jacobian
```

"""
HASTY = """# Little time

```{try-step} logistic.gradient
:seconds: 1
```
"""
OWN = """# Own

```{try-text} texts.yaml
```
"""
BRIEF = """# Little time for a text

```{try-text} texts.yaml
:seconds: 1
```
"""
FAR = (
    "# Far away\n\n"
    + "A paragraph.\n\n" * 400
    + """
```{derive-it} softmax.jacobian
```
"""
)
TEXTS = r"""
- title: A lost sign
  about: one slip, and a last line that is right
  text: |-
    Let $C = (y - w x)^2$.
    \frac{\partial C}{\partial w} = -2 (y - w x) x
      = 2 (y - w x) x
      = -2 x y + 2 w x^2
"""
START = """# Start

```{toctree}
all
hasty
own
brief
far
```
"""
PAGES = {"index": START, "all": ALL_KINDS, "hasty": HASTY, "own": OWN, "brief": BRIEF, "far": FAR}


def build(
    folder: Path,
    pages: dict[str, str],
    *,
    python: Path | None,
    editor: Path | None = None,
    strict: bool = True,
):
    """Build `pages` in `folder` with the pages' Python and formula editor; the finished process."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "conf.py").write_text(CONF.format(ext=str(ROOT / "book" / "_ext")))
    for name, text in pages.items():
        (folder / f"{name}.md").write_text(text)
    (folder / "texts.yaml").write_text(TEXTS)
    (folder / "_build").mkdir(exist_ok=True)
    for name, part in (("pyodide", python), ("mathlive", editor)):
        if part is not None:
            (folder / "_build" / name).symlink_to(part)
    flags = ["-W", "--keep-going"] if strict else []
    command = [sys.executable, "-m", "sphinx", "-q", "-n", *flags, str(folder), str(folder / "out")]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)


class Visit:
    """One page in a tab as wide as a phone, with all that it asked for and complained about."""

    def __init__(self, chromium, address: str, seconds: int = 40) -> None:
        self.tab = chromium.new_page(viewport={"width": 390, "height": 844})
        self.tab.set_default_timeout(1000 * seconds)
        self.requests, self.complaints = [], []
        self.tab.on("request", lambda request: self.requests.append(request.url))
        self.tab.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.tab.goto(address)

    def foreign(self, host: str) -> list[str]:
        """Requests to anywhere but `host` and to what the page itself holds."""
        return [url for url in self.requests if not url.startswith((host, "blob:", "data:"))]

    def box(self, kind: str) -> Box:
        return Box(self.tab.locator(f".syw-try[data-kind={kind}]"))


class Box:
    """One exercise of a page, used as a reader would."""

    def __init__(self, place) -> None:
        self.place = place
        self.input, self.reply = place.locator(".syw-try-input"), place.locator(".syw-try-reply")

    def ask(self, text: str) -> str:
        """Type a line, press Enter, wait for the ruling; returns what the page then says."""
        self.input.fill(text)
        self.input.press("Enter")
        return self.said()

    def said(self) -> str:
        self.reply.locator("p").first.wait_for()
        return " ".join(self.reply.inner_text().split())

    def numbers(self) -> list[str]:
        """The right column of the counterexample."""
        return self.reply.locator("td").all_inner_texts()
