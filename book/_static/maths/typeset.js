// TeX to MathML, by Temml. The same file runs while the book is built (in QuickJS) and in a page, for what a reader types.
((temml) => {
  "use strict";
  const LONG = 24; // signs: an inline formula with more of them may break after a relation or an operator
  const signs = (html) => (html.match(/<m[ion]\b/g) ?? []).length;
  const attribute = (text) => text.replace(/[&<>"\n]/g, (sign) => `&#${sign.charCodeAt(0)};`);

  // Throws an Error that says what is wrong with the formula.
  globalThis.sywTypeset = (tex, displayMode, macros) => {
    // `macros` is copied since \def in one formula must not change the next; sizes are held since readers type too.
    const set = (wrap) => temml.renderToString(tex, { displayMode, wrap, macros: { ...macros }, throwOnError: true, maxSize: [50, 50] });
    const plain = set("none");
    const breaks = !displayMode && signs(plain) > LONG;
    const html = (breaks ? set("tex") : plain).replace(/^<math[^>]*>/, "");
    const display = displayMode ? ' display="block"' : "";
    return `<math${display}${breaks ? ' class="syw-breaks"' : ""} alttext="${attribute(tex.trim())}">${html}`;
  };
})(globalThis.temml ?? temml);
