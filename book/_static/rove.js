// Many small controls, few stops of the Tab key: the controls of one group are one stop, and arrow keys lead from one
// to the next. A group is the folds and copy buttons of a section, the pages in the sidebar, the buttons above a page,
// or the names beside a field. Without this script each control is a stop of its own.
(() => {
  "use strict";
  const FOLDS = "article.bd-article summary, article.bd-article button.copybtn";
  const PAGES = ".bd-sidenav a[href]";
  const BUTTONS = ".article-header-buttons > button, .article-header-buttons > .dropdown > button";
  const NAMES = ".syw-try-names button";
  const DOWN = { ArrowUp: -1, ArrowDown: 1 };
  const ALONG = { ArrowLeft: -1, ArrowRight: 1 };
  const KINDS = [
    [FOLDS, DOWN, "Up and down arrow keys: the other folds and copy buttons of this section."],
    [PAGES, DOWN, "Up and down arrow keys: the other pages of the book."],
    [BUTTONS, ALONG, "Left and right arrow keys: the other buttons."],
    [NAMES, ALONG, "Left and right arrow keys: the other names."],
  ];
  // The theme's fold of the pages below a page has a sign and no name.
  document.querySelectorAll("summary:has(> .toctree-toggle)").forEach((one) => one.setAttribute("aria-label", "Pages below"));

  const seen = (one) => !one.disabled && one.checkVisibility({ visibilityProperty: true }) && one.getClientRects().length > 0;

  // The folds of a section of the page's second level, however deep they lie in it; above the first, those of the page.
  function section(one) {
    const around = [];
    for (let up = one; (up = up.parentElement.closest("section:not(.syw-try)"));) around.push(up);
    return around.at(-2) ?? around[0];
  }
  const home = (one, selector) => (selector === FOLDS ? section(one) : one.closest(".syw-try-names") ?? selector);

  const groups = new Map(); // home -> { keys, hint, members, current }
  const groupOf = new WeakMap(); // control -> its group

  function collect() {
    KINDS.forEach(([selector, keys, words], kind) => {
      document.querySelectorAll(selector).forEach((one) => {
        const place = home(one, selector);
        if (!place || groupOf.has(one)) return;
        if (!groups.has(place)) groups.set(place, { keys, members: [], current: null });
        const group = groups.get(place);
        group.members.push(one);
        groupOf.set(one, group);
        one.setAttribute("aria-describedby", `syw-rove-${kind}`);
      });
      const hint = Object.assign(document.createElement("p"), { id: `syw-rove-${kind}`, className: "syw-rove", hidden: true, textContent: words });
      document.body.append(hint);
    });
    document.querySelector(".article-header-buttons")?.setAttribute("role", "toolbar");
    document.querySelector(".article-header-buttons")?.setAttribute("aria-label", "This page");
    groups.forEach((group) => settle(group, group.members.find((one) => one.matches(".current"))));
  }

  // One member of a group is a stop of the Tab key; where it has been hidden, the nearest before it that is seen.
  function settle(group, wanted = group.current) {
    const shown = group.members.filter(seen);
    const before = (one) => wanted && one.compareDocumentPosition(wanted) & Node.DOCUMENT_POSITION_FOLLOWING;
    group.current = shown.includes(wanted) ? wanted : shown.findLast(before) ?? shown[0] ?? wanted ?? group.members[0];
    for (const one of group.members) one.tabIndex = one === group.current ? 0 : -1;
    return shown;
  }

  const hint = (one) => document.getElementById(one.getAttribute("aria-describedby"));
  document.addEventListener("focusin", ({ target }) => {
    const group = groupOf.get(target);
    if (!group) return;
    settle(group, target);
    hint(target).hidden = group.members.filter(seen).length < 2 || !target.matches(":focus-visible");
  });
  document.addEventListener("focusout", ({ target }) => { if (groupOf.has(target)) hint(target).hidden = true; });
  document.addEventListener("keydown", (event) => {
    const group = groupOf.get(event.target);
    if (!group || event.ctrlKey || event.altKey || event.metaKey || event.shiftKey) return;
    const shown = settle(group, event.target);
    const at = shown.indexOf(event.target);
    const next = event.key in group.keys ? (at + group.keys[event.key]) % shown.length : { Home: 0, End: -1 }[event.key];
    if (next === undefined) return;
    event.preventDefault();
    shown.at(next).focus();
  });
  document.addEventListener("toggle", ({ target }) => {
    const group = groupOf.get(target.querySelector?.(":scope > summary"));
    if (group) settle(group);
  }, true);
  addEventListener("load", collect); // the copy buttons are put in by a script of their own
})();
