// A reader's derivation as it looks, for those who know no LaTeX: one line below the other, each formula in a field of
// MathLive (../mathlive, fetched from npm when the book is built). The text in LaTeX stays what is judged, linked and
// saved: a line that is changed here is changed there, and all else in the text stays as it was typed.
(() => {
  "use strict";
  const home = new URL("../mathlive/", document.currentScript.src).href;
  const DISPLAYS = /^(align|aligned|alignat|displaymath|eqnarray|equation|flalign|gather|gathered|math|multline|split)\*?$/;
  const SIGN = /\\\\(?:\[[^\]]*\])?|\\(begin|end)\{(\w+\*?)\}|\$\$|\\[[\]]|\n/g;
  // What stands behind a formula in its row: its reason, which is shown, its number, a full stop.
  const BEHIND = /\s*(?:&&[^]*|(?:\\q*quad\s*)?\\text\{[^]*|\\(?:tag|label)\{[^]*|[.,])?\s*$/;
  const REASON = /&&\s*(?:\\text\{)?([^{}]*)|\\text\{([^{}]*)\}/;
  const SHORTCUTS = {
    "*": "\\cdot", "<=": "\\le", ">=": "\\ge", "!=": "\\ne", "->": "\\to", "=>": "\\implies",
    sum: "\\sum_{#?}^{#?}", prod: "\\prod_{#?}^{#?}", sqrt: "\\sqrt{#?}", partial: "\\partial", infty: "\\infty",
    ln: "\\ln", log: "\\log", exp: "\\exp", tanh: "\\tanh", max: "\\max", min: "\\min", hat: "\\hat{#?}", bar: "\\bar{#?}",
    yhat: "\\hat{y}",
  };
  const GREEK = "alpha beta gamma delta epsilon eta theta kappa lambda mu nu xi pi rho sigma tau phi chi psi omega"
    + " Gamma Delta Theta Lambda Sigma Phi Psi Omega";
  for (const letter of GREEK.split(" ")) SHORTCUTS[letter] = `\\${letter}`;
  // MathLive's own names for what everybody writes otherwise.
  const OWN = [[/\\placeholder\{[^{}]*\}/g, ""], [/\\differentialD\s*/g, "d "], [/\\exponentialE\s*/g, "e "],
    [/\\imaginaryI\s*/g, "i "], [/\\mleft/g, "\\left"], [/\\mright/g, "\\right"]];

  const load = (tag, attributes) => new Promise((done, fail) => {
    const node = document.createElement(tag);
    Object.assign(node, attributes, { onload: done, onerror: () => fail(new Error("This copy of the book was built without the formula editor.")) });
    document.head.append(node);
  });

  let library = null;
  const mathlive = () => {
    library ??= Promise.all([load("link", { rel: "stylesheet", href: `${home}mathlive-fonts.css` }),
      load("script", { src: `${home}mathlive.min.js` })]).then(() => {
      Object.assign(globalThis.MathfieldElement, { soundsDirectory: null, fontsDirectory: null });
    });
    return library;
  };

  // ------------------------------------------------------------ the text in pieces, which join to it again
  // A piece is { kind, text, shown }: layout, words or a formula; `shown` says whether it stands inside a display.
  function cut(text, isFormula) {
    const found = [];
    let [from, display, inner] = [0, 0, 0];
    const put = (piece, kind) => {
      const words = display ? "formula" : isFormula(piece) && !piece.includes("$") ? "formula" : "words";
      if (piece) found.push({ kind: kind ?? (piece.trim() ? words : "layout"), text: piece, shown: display > 0 });
    };
    for (const match of text.matchAll(SIGN)) {
      const [sign, side, name] = match;
      const change = side === "begin" ? 1 : -1;
      if (side && !DISPLAYS.test(name)) { inner += change; continue; } // cases and matrices are part of a formula
      if (inner > 0 || (sign === "\n" && display)) continue;
      put(text.slice(from, match.index));
      from = match.index + sign.length;
      put(sign, "layout");
      if (side) display = Math.max(0, display + change);
      else if (sign === "$$") display = display ? 0 : 1;
      else if (sign === "\\[") display = 1;
      else if (sign === "\\]") display = 0;
    }
    put(text.slice(from));
    return found;
  }

  const make = (tag, className, ...inside) => {
    const node = document.createElement(tag);
    node.className = className;
    node.append(...inside);
    return node;
  };

  // A field for one formula; `changed` gets its LaTeX.
  function field(latex, label, changed) {
    const made = document.createElement("math-field");
    made.setAttribute("aria-label", label);
    made.value = latex;
    made.addEventListener("input", () => changed(OWN.reduce((all, [from, to]) => all.replace(from, to), made.value)));
    made.instead = () => {
      const plain = make("input", "syw-try-input");
      Object.assign(plain, { value: latex, ariaLabel: `${label}, in LaTeX`, spellcheck: false, oninput: () => changed(plain.value) });
      return plain;
    };
    return made;
  }

  // MathLive reads a formula once the field stands in the page. One with a command that it lacks stays LaTeX, in a plain field.
  function settle(list) {
    for (const one of list.querySelectorAll("math-field")) {
      if (one.errors.length) one.replaceWith(one.instead());
      else Object.assign(one, { menuItems: [], inlineShortcuts: SHORTCUTS, smartMode: false });
    }
  }

  // ------------------------------------------------------------ the lines of one text
  class Editor {
    constructor(list, input, isFormula) {
      Object.assign(this, { list, input, isFormula, pieces: [] });
    }

    // Shows the text anew; `place` is the piece whose field gets the cursor.
    show(place = -1) {
      this.list.replaceChildren();
      this.pieces.forEach((piece, at) => { if (piece.kind !== "layout") this.list.append(this.line(piece, at)); });
      settle(this.list);
      const chosen = this.list.querySelector(`[data-piece="${place}"] :is(math-field, input)`);
      chosen?.addEventListener("mount", () => chosen.focus(), { once: true }); // it takes no focus before
    }

    read() {
      this.pieces = cut(this.input.value, this.isFormula);
      this.show();
    }

    write() {
      this.input.value = this.pieces.map((piece) => piece.text).join("");
      this.input.dispatchEvent(new Event("input"));
    }

    line(piece, at) {
      const number = this.list.childElementCount + 1;
      const away = make("button", "syw-try-away", "×");
      Object.assign(away, { type: "button", ariaLabel: `Remove line ${number}`, onclick: () => this.remove(at) });
      const inside = piece.kind === "formula" ? this.formula(piece, number) : this.words(piece, number);
      const row = make("li", "", ...inside, away);
      row.dataset.piece = at;
      row.addEventListener("keydown", (event) => event.stopPropagation()); // in a formula / is a fraction, not a search
      const next = (event) => {
        event.preventDefault();
        event.target.dispatchEvent(new Event("input")); // what was typed just before has not been told yet
        this.add("formula", at);
      };
      row.addEventListener("beforeinput", (event) => { if (event.inputType === "insertLineBreak") next(event); });
      row.addEventListener("keydown", (event) => { if (event.key === "Enter" && event.target.matches("input")) next(event); });
      return row;
    }

    formula(piece, number) {
      const [lead] = piece.text.match(/^\s*/);
      const [behind] = piece.text.slice(lead.length).match(BEHIND);
      const body = piece.text.slice(lead.length, piece.text.length - behind.length);
      // The first & of a row lines it up; those inside cases or a matrix part its columns.
      const [before] = body.split("\\begin");
      const aligned = before.includes("&");
      const reason = (behind.match(REASON) ?? []).slice(1).find(Boolean);
      const made = field(aligned ? before.replace(/&/g, " ") + body.slice(before.length) : body, `Formula of line ${number}`, (latex) => {
        piece.text = lead + (aligned ? latex.replace(/=|\\le|\\ge|<|>|$/, "&$&") : latex) + behind;
        this.write();
      });
      return reason ? [made, make("span", "syw-try-small", reason.trim())] : [made];
    }

    // Sentences stay as they are but for their formulas.
    words(piece, number) {
      const parts = piece.text.split(/\$([^$]+)\$/);
      const changed = (place) => (latex) => {
        parts[place] = latex.trim() || " "; // two dollar signs side by side would begin a display
        piece.text = parts.map((part, k) => (k % 2 ? `$${part}$` : part)).join("");
        this.write();
      };
      return parts.map((part, k) => (k % 2 ? field(part.trim(), `Formula in line ${number}`, changed(k)) : make("span", "", part)));
    }

    // A new line after the piece at `after`; without one, at the end: of the display that the text ends with, if so.
    add(kind, after = this.pieces.findLastIndex((piece) => piece.kind === "formula")) {
      const before = this.pieces[after];
      const inside = kind === "formula" && before?.kind === "formula" && before.shown;
      const text = kind === "words" ? "Let $ $." : inside && before.text.includes("&") ? "&=" : "=";
      const made = { kind, text: before?.kind === "formula" || kind === "words" ? text : "", shown: inside };
      const apart = { kind: "layout", text: inside ? " \\\\\n" : "\n", shown: inside };
      if (inside) { // the room before the end of the display stays there
        const room = before.text.match(/\s*$/)[0];
        before.text = before.text.slice(0, before.text.length - room.length);
        made.text += room;
      }
      // Before everything: what a letter is has to be said first.
      const place = kind === "words" ? this.pieces.findLastIndex((piece) => piece.kind === "words") + 1 : after < 0 ? this.pieces.length : after + 1;
      const alone = place === 0;
      this.pieces.splice(place, 0, ...(alone ? [made, ...(this.pieces.length ? [apart] : [])] : [apart, made]));
      this.write();
      this.show(alone ? 0 : place + 1);
    }

    // A line goes with the sign that parted it from the line before, or from the next one.
    remove(at) {
      const parts = (place) => this.pieces[place]?.kind === "layout" && /^\s*(\\\\.*)?\s*$/.test(this.pieces[place].text);
      if (parts(at - 1)) {
        const [, gone] = this.pieces.splice(at - 1, 2);
        if (at > 1) this.pieces[at - 2].text += gone.text.match(/\s*$/)[0]; // the room before the end of a display
      } else this.pieces.splice(at, parts(at + 1) ? 2 : 1);
      this.write();
      this.show();
    }
  }

  // The editor beside a text field, shown instead of it by a button; `trouble` says why there is none.
  globalThis.sywEditor = async (box, input, isFormula) => {
    await mathlive();
    const list = make("ol", "syw-try-lines");
    list.setAttribute("aria-label", "Your lines");
    const editor = new Editor(list, input, isFormula);
    const button = (name, kind) => Object.assign(make("button", "syw-try-begin", name), { type: "button", onclick: () => editor.add(kind) });
    const place = make("div", "syw-try-visual", list,
      make("div", "syw-try-line", button("Add a line", "formula"), button("Say what a letter is", "words")),
      make("p", "syw-try-small", "Type a fraction with /, an index with _, a power with ^; sum, sigma, hat, partial and <= become signs. Tab goes to the next empty place, Enter begins the next line."));
    input.before(place);
    input.addEventListener("put", () => { if (!place.hidden) editor.read(); });
    const turn = (on) => {
      place.hidden = !on;
      input.hidden = on;
      box.classList.toggle("syw-try-seen", on);
      if (on) editor.read();
    };
    return turn;
  };
})();
