// What can be told of a typed formula without Python: brackets that do not fit, names that the exercise has not.
// The same slips in the same words as helpers/proof/read/slips.py; what this cannot judge is left to that.
(() => {
  "use strict";
  const CLOSING = { ")": "(", "]": "[" };
  const TOKEN = /(\d+(?:\.\d*)?|\.\d+)|([A-Za-z_][A-Za-z0-9_]*'*)|([-+*/^(),[\]])|\s+/y;
  const TWO_READINGS = /(?<![A-Za-z_0-9.])(?:\d+(?:\.\d*)?|\.\d+)[eE][-+]\d+/;
  const MANY_SIGNS = /(?:[-+^]\s*){7}/;
  const MOST = 200; // tokens; a longer text is Python's to refuse
  const DEEPEST = 25;

  function plain(text) {
    const { letters, signs, lowered } = globalThis.sywSigns;
    const runs = new RegExp(`[${Object.keys(lowered).join("")}]+`, "gu");
    let made = text.normalize("NFC").replace(runs, (run) => `_${[...run].map((c) => lowered[c]).join("")}`);
    for (const [sign, word] of Object.entries(signs)) made = made.replaceAll(sign, word);
    const all = [...made];
    const letter = /\p{L}/u;
    return all.map((c, at) => (letters[c] ? ` ${letters[c]}${letter.test(all[at + 1] ?? "") ? " " : ""}` : c)).join("");
  }

  // [kind, token] pairs, or null for a text that holds anything else.
  function cut(text) {
    const found = [];
    for (let at = 0; at < text.length; at = TOKEN.lastIndex) {
      TOKEN.lastIndex = at;
      const [whole, number, name, op] = TOKEN.exec(text) ?? [];
      if (whole === undefined) return null;
      if (number ?? name ?? op) found.push([number ? "number" : name ? "name" : "op", whole]);
    }
    return found;
  }

  const short = (text, width) => {
    const all = [...text.trim().split(/\s+/).join(" ")];
    return all.length <= width ? all.join("") : `${all.slice(0, width - 1).join("")}…`;
  };

  function brackets(tokens) {
    const open = [];
    for (const [, token] of tokens) {
      if (token === "(" || token === "[") open.push(token);
      else if (CLOSING[token]) {
        if (!open.length) return `“${token}” closes nothing`;
        const before = open.pop();
        if (before !== CLOSING[token]) return `“${before}” is closed by “${token}”`;
      }
    }
    return open.length ? `“${open.at(-1)}” is not closed` : "";
  }

  function bound(tokens, known) {
    const words = tokens.map(([, token]) => token);
    if (!known.binders.some((binder) => words.includes(binder))) return [];
    return words.filter((word, at) => [",", "("].includes(words[at - 1]) && words[at + 1] === "," && /^[a-z]\d?$/.test(word));
  }

  function slipsBetween(one, other) {
    let before = [];
    let row = [...other, ""].map((_, j) => j);
    for (let i = 1; i <= one.length; i += 1) {
      const last = before;
      before = row;
      row = [i];
      for (let j = 1; j <= other.length; j += 1) {
        let cost = Math.min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (one[i - 1] !== other[j - 1] ? 1 : 0));
        if (i > 1 && j > 1 && one[i - 1] === other[j - 2] && other[j - 1] === one[i - 2]) cost = Math.min(cost, last[j - 2] + 1);
        row.push(cost);
      }
    }
    return row.at(-1);
  }

  const folded = (word) => word.toLowerCase().replaceAll("_", "").replace(/(.)\1+/g, "$1");
  const isLower = (word) => /[a-z]/.test(word) && !/[A-Z]/.test(word);

  function nearest(word, names, sizes) {
    const same = names.filter((name) => folded(name) === folded(word) && !(sizes.includes(name) && isLower(word)));
    if (same.length || word.length < 3) return same[0] ?? "";
    const begun = names.find((name) => name.startsWith(word));
    if (begun) return begun;
    const alike = names.filter((name) => name[0] === word[0] || (name[1] ?? "") + name[0] === word.slice(0, 2));
    const counted = alike.map((name) => [name, slipsBetween(word, name)]);
    const [near, count] = counted.reduce((a, b) => (b[1] < a[1] ? b : a), ["", Infinity]);
    return count <= Math.min(2, Math.floor(word.length / 3)) ? near : "";
  }

  const noName = (word, hint) => `“${short(word, 30)}” is not a name of this exercise; ${hint}`;

  function unknown(word, everywhere, known) {
    const near = nearest(word, everywhere, known.sizes);
    const others = word === "T" ? globalThis.sywSigns.unread : `the names are ${known.names.join(", ")}.`;
    return noName(word, near ? `did you mean “${near}”?` : others);
  }

  function about(word, letters, known, raised) {
    const everywhere = [...known.names, ...letters, ...known.functions, ...known.binders];
    const joined = word.replaceAll("_", "");
    if (everywhere.includes(word) || word === "e" || (known.names.includes(joined) && !known.indexed.includes(joined))) return "";
    if (word === "T" && raised) return globalThis.sywSigns.whole;
    const [base] = word.split("_", 1);
    const rest = word.slice(base.length + 1);
    if (rest && known.indexed.includes(base)) {
      const indices = [...known.indices, ...letters];
      const wrong = [...rest].find((c) => !indices.includes(c) && !/\d/.test(c));
      return wrong ? unknown(wrong, everywhere, known) : "";
    }
    if (rest && known.binders.includes(base)) return globalThis.sywSigns.usage.replaceAll("{0}", base);
    const unprimed = word.replace(/'+$/, "");
    if (unprimed !== word && known.arrays.includes(unprimed)) return noName(word, globalThis.sywSigns.unread);
    if (unprimed !== word && everywhere.includes(unprimed)) {
      return `“${short(word, 30)}” is not a name of this exercise: work that derivative out.`;
    }
    return unknown(word, everywhere, known);
  }

  // The sentence on the first slip of `text`, or "" where there is none or only Python can tell.
  globalThis.sywSlip = (text, known) => {
    if (!text.trim() || /[\\{]/.test(text)) return "";
    const made = plain(text);
    const tokens = TWO_READINGS.test(made) || MANY_SIGNS.test(made) ? null : cut(made);
    if (!tokens?.length || tokens.length > MOST || tokens.filter(([, t]) => "([".includes(t)).length >= DEEPEST) return "";
    const trouble = brackets(tokens);
    if (trouble) return `“${short(text, 40)}” is not a complete formula: ${trouble}.`;
    const letters = [...new Set(bound(tokens, known))];
    for (const [at, [kind, token]] of tokens.entries()) {
      const raised = at > 0 && tokens[at - 1][1] === "^";
      const sentence = kind === "name" ? about(token.replaceAll("_prime", "'"), letters, known, raised) : "";
      if (sentence) return sentence;
    }
    return "";
  };
})();
