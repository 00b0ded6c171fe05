// TeX to MathML, by Temml. The same file runs while the book is built (in QuickJS) and in a page, for what a reader types.
((temml) => {
  "use strict";
  const LONG = 24; // signs: an inline formula with more of them may break after a relation or an operator
  const signs = (html) => (html.match(/<m[ion]\b/g) ?? []).length;
  const attribute = (text) => text.replace(/[&<>"\n]/g, (sign) => `&#${sign.charCodeAt(0)};`);

  // Chromium gives a bracket that may grow the width of its largest form: one around nothing tall need not grow.
  const PAIR = /(<mo fence="true" form="prefix" stretchy=)"true">([^<]*<\/mo>(?:(?!stretchy="true")[\s\S])*?<mo fence="true" form="postfix" stretchy=)"true">/;
  const TALL = /<(?:mfrac|munder|mover|munderover|mtable|msqrt|mroot)\b|"grows"/;
  const brackets = (html) => {
    for (let before = ""; before !== html;) {
      before = html;
      html = html.replace(PAIR, (_, left, inside) => {
        const how = TALL.test(inside) ? '"grows">' : '"false">';
        return left + how + inside + how;
      });
    }
    return html.replaceAll('stretchy="grows"', 'stretchy="true"');
  };
  // A font's prime is raised already; raised once more it stands over the letter.
  const PRIME = /<msup>(<m[ion][^>]*>[^<]*<\/m[ion]>)(<mo lspace="0em" rspace="0em" class="tml-prime">[^<]*<\/mo>)<\/msup>/g;
  const UPRIGHT = /<mrow>(<mi mathvariant="normal">[^<]*<\/mi>)<mspace><\/mspace><\/mrow>/g;
  const primes = (html) => html.replace(UPRIGHT, "$1").replace(PRIME, "<mrow>$1$2</mrow>");

  // The same with fewer elements: a row of one is no row, and \\; beside a sign is the sign's own space.
  const SPACE = '<mspace width="0.2778em"></mspace>';
  const SPACED = new RegExp(`(${SPACE})?<mo>([=≤≥≠≈]|&lt;|&gt;)</mo>${SPACE}`, "g");
  // A function's name needs no row of its own in a row, and the space after it is that of its invisible sign.
  const NAMED = /^<mrow>(?:<mspace width="0.1667em"><\/mspace>)?<mi[^>]*>[^<]*<\/mi><mo[^>]*>\u2061<\/mo><\/mrow>$/;
  const AFTER = '<mo>\u2061</mo><mspace width="0.1667em"></mspace>';
  const ROWS = /^(?:math|mtd|msqrt|mstyle)$/; // these are rows themselves
  const rows = (html) => {
    const tags = [...html.matchAll(/<(\/?)(\w+)([^>]*)>/g)];
    const open = [{ name: "", children: [] }];
    const dropped = new Set();
    tags.forEach(([, closes, name, attributes], at) => {
      if (!closes) {
        open.push({ name, at, bare: name === "mrow" && !attributes, children: [] });
        return;
      }
      const done = { ...open.pop(), end: at };
      const within = open.at(-1) ?? done;
      if (ROWS.test(name) && done.children.length === 1 && done.children[0].bare) drop(done.children[0]);
      within.children.push(done);
      done.named = done.bare && NAMED.test(html.slice(tags[done.at].index, tags[at].index + "</mrow>".length));
      const row = ROWS.test(name) || name === "mrow";
      if (row && done.children.length > 1) done.children.filter((child) => child.named).forEach(drop);
      if (done.bare && done.children.length === 1) drop(done);
    });
    function drop({ at, end }) { dropped.add(at).add(end); }
    let kept = "";
    let from = 0;
    tags.forEach((tag, at) => {
      if (!dropped.has(at)) return;
      kept += html.slice(from, tag.index);
      from = tag.index + tag[0].length;
    });
    return kept + html.slice(from);
  };
  const fewer = (html) => rows(`<math>${html.replaceAll(AFTER, '<mo rspace="0.1667em">\u2061</mo>')}`).slice("<math>".length)
    .replace(SPACED, (_, before, sign) => `<mo${before ? ' lspace="0.5556em"' : ""} rspace="0.5556em">${sign}</mo>`);

  // Throws an Error that says what is wrong with the formula.
  globalThis.sywTypeset = (tex, displayMode, macros) => {
    // `macros` is copied since \def in one formula must not change the next; sizes are held since readers type too.
    const set = (wrap) => temml.renderToString(tex, { displayMode, wrap, macros: { ...macros }, throwOnError: true, maxSize: [50, 50] });
    const plain = set("none");
    const breaks = !displayMode && signs(plain) > LONG;
    const html = (breaks ? set("tex") : plain).replace(/^<math[^>]*>/, "");
    const shaped = breaks ? primes(brackets(html)) : fewer(primes(brackets(html)));
    const display = displayMode ? ' display="block"' : "";
    return `<math${display}${breaks ? ' class="syw-breaks"' : ""} alttext="${attribute(tex.trim())}">${shaped}`;
  };
})(globalThis.temml ?? temml);
