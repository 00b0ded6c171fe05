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

  // The same with fewer elements: <math> is a row itself, and \\; on both sides of a sign is the sign's own space.
  const SPACED = /<mspace width="0\.2778em"><\/mspace><mo>([=≤≥≠])<\/mo><mspace width="0\.2778em"><\/mspace>/g;
  const outer = (html) => {
    let depth = 0;
    for (const found of html.matchAll(/<(\/?)mrow\b[^>]*>/g)) {
      depth += found[1] ? -1 : 1;
      if (depth === 0) return found.index + found[0].length === html.length - "</math>".length;
    }
    return false;
  };
  const fewer = (html) => {
    const short = html.startsWith("<mrow>") && outer(html) ? `${html.slice(6, -14)}</math>` : html;
    return short.replace(SPACED, '<mo lspace="0.5556em" rspace="0.5556em">$1</mo>');
  };

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
