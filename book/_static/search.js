// Search in the reader's own browser: MiniSearch scores sections, and a page counts by its best ones.
// The data comes as a script, not as a request, so that a copy in a folder can be searched as well.
const SYNONYM = 0.75; // a word that means the same, beside the word itself
const REST = 0.12; // what further sections of a page add to its best one
const SHOWN = 30;
const GLOSSARY = "book/glossary";

const letters = (word) => word.toLowerCase().normalize("NFKD").replace(/[\u0300-\u036f]/g, "");
// The plural and the ends -ing, -ed, -ation, -ise and -ize: as much of a stem as English needs to be found.
const stem = (word) => {
  let stem = letters(word).replace(/[’']s?$/, "");
  if (stem.length < 4) return stem;
  stem = stem.replace(/(?<=[^su])s$/, "").replace(/ie$/, "y");
  if (stem.length > 5) stem = stem.replace(/(?:is|iz)(?:ation|e|ed|ing|er)$/, "is").replace(/(?<=[a-z]{3})(?:ing|ed)$/, "");
  return stem.replace(/(?<=[a-z]{3})e$/, "").replace(/([b-df-hj-np-rtv-z])\1$/, "$1");
};
const words = (text) => text.split(/[^\p{L}\p{N}’']+/u).filter(Boolean);

class Search {
  constructor({ pages, same, ignored }) {
    this.ignored = new Set(ignored);
    this.entries = pages.flatMap(([doc, weight, entries]) =>
      entries.map(([anchor, title, text, more]) => ({ doc, weight, anchor, title, text, more, page: entries[0][1] })));
    this.entries.forEach((entry, id) => { entry.id = id; entry.head = entry.anchor ? "" : entry.title; });
    this.index = new MiniSearch({ fields: ["head", "title", "text", "more"], tokenize: words, processTerm: (word) => stem(word) || null,
      searchOptions: { boost: { head: 5, title: 3, more: 0.5 }, combineWith: "AND" } });
    this.index.addAll(this.entries);
    this.same = same.map((group) => group.map((phrase) => words(phrase).map(stem).join(" ")));
  }

  // The query as phrases, each with what may stand in its place: [["fine tun", "unfreez"], …].
  meant(query) {
    const asked = words(query).map((word) => [letters(word), stem(word)]);
    const kept = asked.filter(([word]) => !this.ignored.has(word));
    const stems = (kept.length ? kept : asked).map(([, stem]) => stem);
    const found = [];
    for (let k = 0; k < stems.length;) {
      const lengths = [3, 2, 1].filter((n) => k + n <= stems.length);
      const fits = (n) => this.same.filter((group) => group.includes(stems.slice(k, k + n).join(" ")));
      const length = lengths.find((n) => fits(n).length) ?? 1;
      const phrase = stems.slice(k, k + length).join(" ");
      found.push([phrase, ...new Set(fits(length).flat().filter((other) => other !== phrase))]);
      k += length;
    }
    return found;
  }

  // For each phrase the score of every entry that holds it, or a word that means the same.
  scores(phrases) {
    return phrases.map((variants) => {
      const best = new Map();
      variants.forEach((variant, place) => {
        const loose = place ? {} : { prefix: (term) => term.length > 3, fuzzy: (term) => (term.length > 5 ? 0.2 : false) };
        for (const { id, score } of this.index.search(variant, loose)) {
          best.set(id, Math.max(best.get(id) ?? 0, place ? SYNONYM * score : score));
        }
      });
      return best;
    });
  }

  pages(query) {
    const phrases = this.meant(query), scores = this.scores(phrases);
    const found = new Map();
    for (const entry of this.entries) {
      const hits = scores.map((best) => best.get(entry.id) ?? 0);
      const held = hits.filter(Boolean).length;
      if (!held) continue;
      const score = hits.reduce((a, b) => a + b, 0) * (held / phrases.length);
      const page = found.get(entry.doc) ?? { doc: entry.doc, title: entry.page, weight: entry.weight, entries: [], held: new Set() };
      page.entries.push({ entry, score });
      hits.forEach((hit, k) => hit && page.held.add(k));
      found.set(entry.doc, page);
    }
    for (const page of found.values()) {
      page.entries.sort((a, b) => b.score - a.score);
      const [best, ...rest] = page.entries.map(({ score }) => score);
      const all = best + REST * rest.slice(0, 12).reduce((a, b) => a + b, 0);
      page.score = page.weight * all * (page.held.size / phrases.length) ** 2;
    }
    const asked = ` ${words(query).map(stem).join(" ")} `;
    const named = (term) => phrases.some((variants) => variants.includes(term)) || (term.includes(" ") && asked.includes(` ${term} `));
    const terms = this.entries.filter(({ doc, title }) => doc === GLOSSARY && named(words(title).map(stem).join(" ")));
    if (terms.length) found.delete(GLOSSARY); // its entry stands above all pages
    return { phrases, terms, pages: [...found.values()].sort((a, b) => b.score - a.score).slice(0, SHOWN) };
  }

  // The sentence among the page's best places that holds most of the phrases, or else of their words.
  snippet(entries, phrases) {
    const held = (sentence) => {
      const stems = words(sentence).map(stem), joined = ` ${stems.join(" ")} `;
      const fits = (variant) => {
        const parts = variant.split(" ");
        return joined.includes(` ${variant} `) ? 1 : 0.6 * parts.filter((part) => stems.includes(part)).length / parts.length;
      };
      return phrases.reduce((sum, variants) => sum + Math.max(fits(variants[0]), ...variants.slice(1).map((v) => SYNONYM * fits(v))), 0);
    };
    const list = entries.flatMap((entry, place) => entry.text.split("\n").filter(Boolean).map((text) => [text, held(text) - 0.01 * place]));
    return list.reduce((best, one) => (one[1] > best[1] ? one : best), list[0] ?? ["", 0])[0];
  }
}

const marked = (sentence, phrases) => {
  const stems = new Set(phrases.flat().flatMap((phrase) => phrase.split(" ")));
  return sentence.split(/([^\p{L}\p{N}’']+)/u).map((part) => {
    if (!stems.has(stem(part))) return part;
    const mark = document.createElement("mark");
    mark.textContent = part;
    return mark;
  });
};
const element = (name, properties, ...children) => {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
};
const link = (entry, text) => element("a", { href: `${entry.doc}.html${entry.anchor ? `#${entry.anchor}` : ""}` }, text);

const showPage = (search, page, phrases) => {
  const { entries, title } = page, own = search.entries.find(({ doc }) => doc === page.doc);
  const best = entries[0].entry;
  const said = search.snippet([...entries.slice(0, 5).map(({ entry }) => entry), own], phrases);
  const places = entries.map(({ entry }) => entry).filter(({ anchor, title }) => anchor && title).slice(0, 4);
  const item = element("li", {}, link(best.anchor ? { doc: page.doc } : best, title));
  if (said) item.append(element("p", { className: "syw-snippet" }, ...marked(said, phrases)));
  if (places.length) item.append(element("p", { className: "syw-places" }, ...places.map((entry) => link(entry, entry.title))));
  return item;
};
const show = (search, query) => {
  const place = document.getElementById("search-results");
  if (!query.trim()) return place.replaceChildren();
  const { phrases, terms, pages } = search.pages(query);
  const status = pages.length ? `${pages.length} page${pages.length > 1 ? "s" : ""}, the likeliest first.`
    : `“${query}” did not match anything. Try another word for it, or fewer words.`;
  const defined = terms.map((entry) => element("p", { className: "syw-defined" }, link(entry, entry.title), `: ${entry.text.replaceAll("\n", " ")}`));
  place.replaceChildren(element("p", { className: "syw-found" }, status), ...defined,
    element("ul", { className: "search" }, ...pages.map((page) => showPage(search, page, phrases))));
};

window.sywSearchData = (data) => {
  const search = (window.sywSearch = new Search(data));
  const field = document.querySelector(".bd-search-container form input");
  window.sywSearchShow = (query) => show(search, query);
  let wait = 0;
  field.value = new URLSearchParams(location.search).get("q") ?? "";
  field.addEventListener("input", () => {
    clearTimeout(wait);
    wait = setTimeout(() => show(search, field.value), 150);
  });
  show(search, field.value);
  field.focus();
};
