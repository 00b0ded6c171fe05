"""How a page does for readers with a screen reader or a keyboard: axe-core's rules, and its tab stops.

axe looks at each element and its style, so what is only many elements (formulas, drawings, coloured code)
is made text before it looks: formulas are MathML, for which it has no rules, and a drawing is one picture
with a name.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files

GRAVE = ("serious", "critical")
# The first two pieces of code keep their colours, for the contrast of each; folded parts are looked at too.
PREPARE = """() => {
  document.querySelectorAll("article details").forEach(fold => { fold.open = true; });
  document.querySelectorAll("math").forEach(formula => formula.replaceWith("x"));
  document.querySelectorAll("svg > :not(title)").forEach(part => part.remove());
  const code = [...document.querySelectorAll(".highlight pre")];
  code.slice(2).forEach(one => { one.textContent = one.textContent; });
}"""
# Texts look alike if they, and what they stand in, have the same classes: colours are compared for two.
RUN = """async ([options, alike]) => {
  const seen = {}, look = e => `${e.tagName} ${e.className} ${e.getAttribute("style")}`;
  const own = e => [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim());
  const early = e => {
    const kind = [e.id, ...[e, e.parentElement, e.parentElement.parentElement].map(look)].join(" in ");
    return (seen[kind] = (seen[kind] || 0) + 1) <= 2;
  };
  const include = alike ? [...document.querySelectorAll("body *")].filter(own).filter(early) : [document];
  const {violations} = await axe.run({include}, {resultTypes: ["violations"], elementRef: false, ...options});
  return violations.map(({id, impact, nodes}) => ({id, impact, html: nodes.map(node => node.html)}));
}"""
COLOURS = "color-contrast"  # the rule that takes most of the time
DARK = """() => { document.documentElement.dataset.theme = "dark"; }"""
# Controls that are seen before the end of the main text, in order; marks that lead to a heading are none.
SEEN = """
  const all = document.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex]");
  const end = [...document.querySelectorAll("article.bd-article > *, article.bd-article")].pop();
  const before = e => end.contains(e) || end.compareDocumentPosition(e) & Node.DOCUMENT_POSITION_PRECEDING;
  const shown = e => !e.disabled && !e.closest("dialog:not([open])") && !e.matches(".headerlink")
    && e.checkVisibility({visibilityProperty: true}) && e.getClientRects().length > 0;
  const seen = [...all].filter(e => before(e) && shown(e));"""
STOPS = f"""() => {{ {SEEN}
  return seen.filter(e => e.tabIndex >= 0).map(e => e.outerHTML.slice(0, 90));
}}"""
NUMBER = f"""() => {{ {SEEN}
  const named = "a, button, input, select, textarea, summary";
  const controls = seen.filter(e => e.matches(named) || e.tabIndex >= 0);
  controls.forEach((control, number) => {{ control.dataset.number = number; }});
  return controls.length;
}}"""
# From every stop of the Tab key, where it belongs to a group, the arrow keys lead through the group.
WALK = """() => {
  const reached = new Set(), at = () => document.activeElement;
  const event = key => new KeyboardEvent("keydown", {key, bubbles: true, cancelable: true});
  const stops = [...document.querySelectorAll("[data-number]")].filter(e => e.tabIndex >= 0);
  for (const stop of stops) {
    for (const key of ["ArrowRight", "ArrowDown"]) { // down opens a menu, last
      stop.focus();
      const seen = new Set();
      while (!seen.has(at())) {
        seen.add(at());
        reached.add(Number(at().dataset.number));
        at().dispatchEvent(event(key));
      }
    }
  }
  return [...reached];
}"""


@cache
def axe() -> str:
    """axe-core, as the package that brings it for tests has it."""
    return files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")


def stops(tab) -> list[str]:
    """The elements at which the Tab key stops from the top of the page to the end of its main text."""
    return tab.evaluate(STOPS)


def controls(tab) -> list[int]:
    """The controls before the end of the main text, numbered in their order; each then bears its number."""
    return [*range(tab.evaluate(NUMBER))]


def walked(tab) -> set[int]:
    """The numbers of the controls that keys reach: those where Tab stops, and from there the arrow keys."""
    controls(tab)
    return set(tab.evaluate(WALK))


def violations(tab, grave: tuple[str, ...] = GRAVE, *, every: bool = False) -> list[str]:
    """What axe complains of on the page in `tab`, light and dark; the page is not fit for use afterwards.

    Colours are compared for two of all texts that look alike, or for `every` text.
    """
    tab.evaluate(PREPARE)
    tab.evaluate(axe())
    colours = [{"runOnly": {"type": "rule", "values": [COLOURS]}}, not every]
    found = {"light": tab.evaluate(RUN, [{"rules": {COLOURS: {"enabled": False}}}, False])}
    found["light"] += tab.evaluate(RUN, colours)
    tab.evaluate(DARK)
    found["dark"] = tab.evaluate(RUN, colours)
    return [
        f"{theme}: {one['id']} ({one['impact']}), {len(one['html'])} times: {one['html'][0][:140]}"
        for theme, complaints in found.items()
        for one in complaints
        if one["impact"] in grave
    ]
