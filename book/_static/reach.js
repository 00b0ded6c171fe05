// A box that scrolls sideways can be reached with the Tab key, and only while there is something to scroll to.
(() => {
  "use strict";
  const BOXES = "div.math, .syw-equation, .syw-figure, .syw-claim, .cell_output, .cell_output .output, .pst-scrollable-table-container, .highlight pre, table.syw-try-point";
  const ours = new WeakSet();
  const name = (box) => (box.matches(".syw-figure") ? "Figure" : box.querySelector("math") ? "Formula" : "Output");
  const update = (box) => {
    const scrolls = box.scrollWidth > box.clientWidth + 1 && ["auto", "scroll"].includes(getComputedStyle(box).overflowX);
    if (scrolls && !box.hasAttribute("tabindex")) {
      ours.add(box);
      box.tabIndex = 0;
      box.setAttribute("role", "group");
      box.setAttribute("aria-label", `${name(box)}, scrolls sideways`);
    } else if (!scrolls && ours.delete(box)) {
      for (const attribute of ["tabindex", "role", "aria-label"]) box.removeAttribute(attribute);
    }
  };
  addEventListener("DOMContentLoaded", () => {
    const watch = new ResizeObserver((seen) => seen.forEach(({ target }) => update(target)));
    document.querySelectorAll(BOXES).forEach((box) => watch.observe(box));
  });

  // A sign behind a formula stays on its line; done here, since a chapter has hundreds of them.
  const hold = (formula) => {
    const behind = formula.nextSibling;
    const sign = /^[.,;:!?)\]’”]+/.exec(behind?.nodeValue ?? "");
    if (!sign) return;
    behind.splitText(sign[0].length);
    const held = document.createElement("span");
    held.className = "syw-held";
    formula.before(held);
    held.append(formula, behind);
  };
  addEventListener("DOMContentLoaded", () => document.querySelectorAll("article math:not([display], .syw-breaks)").forEach(hold));

  // Copied text has formulas as the LaTeX that they were written in.
  const whole = (node) => (node.nodeType === 1 ? node : node.parentElement)?.closest("math");
  document.addEventListener("copy", (event) => {
    const chosen = getSelection();
    if (chosen.isCollapsed || !event.clipboardData) return;
    const range = chosen.getRangeAt(0).cloneRange();
    const [first, last] = [whole(range.startContainer), whole(range.endContainer)];
    if (first) range.setStartBefore(first);
    if (last) range.setEndAfter(last);
    const copy = document.createElement("div");
    copy.append(range.cloneContents());
    const formulas = copy.querySelectorAll("math[alttext]");
    if (!formulas.length) return;
    formulas.forEach((formula) => {
      const marks = formula.getAttribute("display") === "block" ? "$$" : "$";
      formula.replaceWith(`${marks}${formula.getAttribute("alttext")}${marks}`);
    });
    copy.style.position = "absolute"; // innerText puts line ends only where a text is laid out
    document.body.append(copy);
    event.clipboardData.setData("text/plain", copy.innerText);
    copy.remove();
    event.preventDefault();
  });
})();
