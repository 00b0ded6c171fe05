// What a reader types is judged by the book's own checker, in Python, in a worker of this page. Nothing is sent
// anywhere. Python is loaded when the reader first turns to it, and started anew when a check takes too long.
(() => {
  "use strict";
  const home = new URL(".", document.currentScript.src).href;
  const ELSEWHERE = "The same exercise runs in the notebook.";
  const MISSING = `This copy of the book was built without the in-browser checker. ${ELSEWHERE}`;
  const UNABLE = `This browser could not start the checker. ${ELSEWHERE}`;
  const BROKEN = "The checker gave up on this one and was started anew. Try a simpler form.";
  const undecided = (seconds) => `Not decided within ${seconds} seconds. Try a simpler form or a smaller step.`;

  // ------------------------------------------------------------ Python: its files, its worker, its answers
  const texts = new Map();
  let list = null;
  globalThis.sywTryFiles = (found) => { list = found; };
  globalThis.sywTryFile = (name, text) => { texts.set(name, text); };

  const sayers = new Set();
  const say = (text, share) => sayers.forEach((sayer) => sayer(text, share));
  const megabytes = (bytes) => (bytes / 1e6).toFixed(1);

  // A script tag is the one way to a file that browsers allow from a server and from a folder alike.
  const script = (name) => new Promise((done, fail) => {
    const tag = document.createElement("script");
    Object.assign(tag, { src: home + name, onload: done, onerror: () => fail(new Error(UNABLE)) });
    document.head.append(tag);
  });

  async function load() {
    await Promise.all([script("worker.js"), script("files.js")]);
    if (!list) throw new Error(MISSING);
    const all = list.files.reduce((sum, file) => sum + file.bytes, 0);
    let done = 0;
    await Promise.all(list.files.map(async (file) => {
      await script(file.script);
      done += file.bytes;
      say(`Loading Python: ${megabytes(done)} of ${megabytes(all)} MB`, done / all);
    }));
  }

  function newWorker() {
    const source = URL.createObjectURL(new Blob([`(${globalThis.sywTryWorker})()`], { type: "text/javascript" }));
    try { return new Worker(source); } finally { setTimeout(() => URL.revokeObjectURL(source), 1000); }
  }

  let loading = null; // the files, once a page
  let python = null; // the running worker, or the promise of one

  // ask(seconds, question, ...words) gives the checker's reply, or the reason why there is none.
  async function start() {
    await (loading ??= load());
    const worker = newWorker();
    const waiting = new Map();
    let asked = 0;
    let ended = false;
    const end = (reason) => {
      worker.terminate();
      ended = true;
      python = null;
      for (const settle of waiting.values()) settle({ verdict: "unknown", message: reason });
      wake().catch(() => {});
    };
    await new Promise((done, fail) => {
      worker.onerror = () => fail(new Error(UNABLE));
      worker.onmessage = ({ data }) => {
        if (data.say) say(data.say);
        else if (data.ready) done();
        else if (!waiting.has(data.id)) fail(new Error(UNABLE));
        else if (data.failed) end(BROKEN);
        else waiting.get(data.id)(data.reply);
      };
      worker.postMessage({ start: { texts: [...texts], lock: list.lock } });
    });
    worker.onerror = () => end(BROKEN);
    const put = (seconds, question, words) => new Promise((done) => {
      const id = ++asked;
      const timer = setTimeout(() => end(undecided(seconds)), seconds * 1000);
      waiting.set(id, (reply) => { clearTimeout(timer); waiting.delete(id); done(reply); });
      worker.postMessage({ id, question, words });
    });
    // One question at a time: its seconds count from its own turn, and an earlier one that is ended takes none with it.
    let turn = Promise.resolve();
    const ask = (seconds, question, ...words) => {
      turn = turn.then(() => (ended ? wake().then((next) => next.ask(seconds, question, ...words)) : put(seconds, question, words)));
      return turn;
    };
    return { ask, busy: () => waiting.size > 0 };
  }

  function wake() {
    python ??= start().catch((error) => { python = null; loading = null; throw error; });
    return python;
  }

  // ------------------------------------------------------------ small pieces of page
  const make = (tag, className, ...inside) => {
    const node = document.createElement(tag);
    if (className) node.className = className;
    node.append(...inside);
    return node;
  };

  // The typesetter that made the page's formulas comes with the first formula that is made here. What it cannot set,
  // as a text half typed, stays as it is.
  let typesetter = null;
  const maths = (latex) => {
    const node = make("span", "syw-try-maths", latex);
    typesetter ??= script("../maths/typeset.js");
    typesetter.then(() => {
      const { sywTypeset, sywMacros } = globalThis;
      node.innerHTML = sywTypeset(`\\displaystyle ${latex}`, false, sywMacros); // MathML of its own making: it escapes all text
      node.firstChild.setAttribute("alttext", latex);
    }).catch(() => {});
    return node;
  };

  const LABELS = { unknown: "undecided", unread: "not read" };
  const badge = (verdict) => {
    const colour = verdict === "unread" ? "unknown" : verdict;
    return make("span", `syw-verdict syw-${colour}`, LABELS[verdict] ?? verdict);
  };

  function numbers(point) {
    const rows = point.map(([latex, value]) => {
      const name = make("th", "", maths(latex));
      name.scope = "row";
      return make("tr", "", name, make("td", "", value));
    });
    return make("table", "syw-try-point", make("caption", "", "It fails at"), make("tbody", "", ...rows));
  }

  const ruling = (reply) => [make("p", "", badge(reply.verdict), " ", reply.message),
    ...(reply.point?.length ? [numbers(reply.point)] : [])];
  const understood = (reply) => (reply.latex ? [make("span", "syw-try-label", "Read as"), maths(reply.latex)] : []);

  // ------------------------------------------------------------ what all kinds share
  function parts(box) {
    const find = (name) => box.querySelector(`.syw-try-${name}`);
    const seconds = Number(box.dataset.seconds);
    return { seconds, form: find("form"), input: find("input"), check: find("check"), status: find("status"),
      read: find("read"), reply: find("reply"), bar: find("bar") };
  }

  async function ready(ui) {
    const sayer = (text, share) => {
      ui.status.textContent = text;
      ui.bar.hidden = false;
      if (share === undefined) ui.bar.removeAttribute("value");
      else ui.bar.value = share;
    };
    sayers.add(sayer);
    try {
      sayer("Loading Python …");
      return await wake();
    } finally {
      sayers.delete(sayer);
      ui.status.textContent = "";
      ui.bar.hidden = true;
    }
  }

  // Ask the checker, with the button at rest and the seconds counted meanwhile.
  async function consult(ui, question, ...words) {
    ui.check.disabled = true;
    ui.reply.replaceChildren();
    let clock = 0;
    try {
      const { ask } = await ready(ui);
      const began = Date.now();
      const count = () => { ui.status.textContent = `Checking … ${Math.round((Date.now() - began) / 1000)} s`; };
      clock = setInterval(count, 1000);
      return await ask(ui.seconds, question, ...words);
    } catch (error) {
      return { verdict: "unknown", message: error.message };
    } finally {
      clearInterval(clock);
      ui.status.textContent = "";
      ui.check.disabled = false;
    }
  }

  // While the reader types, show how the text is read; a text that is not complete yet is no error.
  function previews(box, ui) {
    let timer = 0;
    const preview = async () => {
      const running = await python?.catch(() => null);
      const text = ui.input.value;
      if (!running || running.busy() || !text.trim()) return;
      const reply = await running.ask(ui.seconds, "read", box.dataset.kind, box.dataset.id, box.dataset.names, text);
      if (reply.latex && ui.input.value === text) ui.read.replaceChildren(...understood(reply));
    };
    ui.input.addEventListener("input", () => {
      ui.reply.replaceChildren();
      if (!ui.input.value.trim()) ui.read.replaceChildren();
      clearTimeout(timer);
      timer = setTimeout(preview, 300);
    });
  }

  function names(box, input) {
    box.querySelectorAll(".syw-try-name").forEach((button) => button.addEventListener("click", () => {
      const { insert } = button.dataset;
      const start = input.selectionStart;
      input.setRangeText(insert.replaceAll("…", ""), start, input.selectionEnd, "end");
      if (insert.includes("…")) input.setSelectionRange(start + insert.indexOf("…"), start + insert.indexOf("…"));
      input.focus();
      input.dispatchEvent(new Event("input"));
    }));
  }

  // What may be typed is shown from the first turn to the field on: a field that closed again would move the page.
  function prepare(box, submit) {
    const ui = parts(box);
    const known = ui.form.dataset.known ? JSON.parse(ui.form.dataset.known) : null; // one line's names
    box.addEventListener("focusin", () => box.classList.add("syw-try-open"), { once: true });
    const complain = (error) => { ui.status.textContent = error.message; };
    ui.input.addEventListener("focus", () => ready(ui).catch(complain), { once: true });
    ui.form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (ui.check.disabled || !ui.input.value.trim()) return;
      const slip = known ? globalThis.sywSlip(ui.input.value, known) : "";
      if (!slip) { submit(ui, ui.input.value); return; }
      ui.read.replaceChildren();
      ui.reply.replaceChildren(...ruling({ verdict: "unread", message: slip }));
    });
    names(box, ui.input);
    previews(box, ui);
    ui.form.hidden = false;
    return ui;
  }

  // ------------------------------------------------------------ an exercise with one answer
  function answering(box) {
    prepare(box, async (ui, text) => {
      const reply = await consult(ui, "answer", box.dataset.id, text);
      ui.read.replaceChildren(...understood(reply));
      ui.reply.replaceChildren(...ruling(reply));
    });
  }

  // ------------------------------------------------------------ a derivation, step by step
  const GOAL = (lines) => {
    const steps = lines.length === 1 ? "one step" : `${lines.length} steps`;
    return lines.every((line) => line.verdict === "proved") ? `That is the goal: derived in ${steps}, all proved.`
      : `That is the goal, in ${steps}; not all are proved, some only hold at all numbers tried.`;
  };

  function deriving(box) {
    const list = box.querySelector(".syw-try-steps");
    const undo = box.querySelector(".syw-try-undo");
    const lines = []; // the reader's accepted steps: { text, verdict }

    const ui = prepare(box, async (ui, text) => {
      const before = JSON.stringify(lines.map((line) => line.text));
      const reply = await consult(ui, "step", box.dataset.id, box.dataset.names, before, text);
      const holds = reply.verdict === "proved" || reply.verdict === "checked";
      ui.reply.replaceChildren(...ruling(reply));
      ui.read.replaceChildren(...(holds ? [] : understood(reply)));
      if (!holds) return;
      lines.push({ text, verdict: reply.verdict });
      list.append(make("li", "", maths(`= ${reply.latex}`), " ", badge(reply.verdict)));
      ui.input.value = "";
      undo.hidden = false;
      if (!reply.reached) return;
      ui.reply.replaceChildren(make("p", "syw-try-goal", GOAL(lines)));
      ui.form.classList.add("syw-try-done");
      undo.focus();
    });

    undo.addEventListener("click", () => {
      ui.input.value = lines.pop().text;
      list.lastElementChild.remove();
      ui.form.classList.remove("syw-try-done");
      ui.reply.replaceChildren();
      undo.hidden = lines.length === 0;
      ui.input.focus();
    });
  }

  // ------------------------------------------------------------ a text of the reader's own
  // The text stands in the address after #, which no browser sends anywhere: a link to the page holds it.
  // What can be told without Python is told at once: brackets that do not fit, an environment without an end.
  const PAIRS = { ")": "(", "]": "[", "}": "{" };

  function slip(text) {
    const plain = text.replace(/%.*$/gm, "").replace(/\\\\(\[[^\]]*\])?/g, " ").replace(/\\[{}|]/g, " ");
    const begun = [...plain.matchAll(/\\begin\{(\w+\*?)\}/g)].length;
    const ended = [...plain.matchAll(/\\end\{(\w+\*?)\}/g)].length;
    if (begun !== ended) return `There ${begun === 1 ? "is" : "are"} ${begun} \\begin and ${ended} \\end.`;
    const open = [];
    for (const [at, sign] of [...plain].entries()) {
      if ("{".includes(sign)) open.push(at);
      else if (PAIRS[sign] && sign === "}" && open.pop() === undefined) return `A } closes nothing: “${around(plain, at)}”.`;
    }
    return open.length ? `A { is never closed: “${around(plain, open.pop())}”.` : "";
  }

  const around = (text, at) => text.slice(Math.max(0, at - 12), at + 13).trim();

  const isFormula = (row) => /[=<>]|\\(le|ge|frac|sum)/.test(row) && !/^\s*(let|suppose|assume|given)\b/i.test(row);

  // The rows as they are typed, typeset; what is no formula is left out.
  function echo(text) {
    const kept = text.replace(/%.*$/gm, "").replace(/\\(begin|end)\{\w+\*?\}(\{\d+\})?/g, "\n").replace(/\$\$|\\[[\]]/g, "\n");
    const rows = kept.split(/\\\\(?:\[[^\]]*\])?|\n/).map((row) => row.trim())
      .filter(isFormula);
    return rows.slice(0, 40).map((row) => make("div", "syw-try-typed", maths(row.replace(/&&.*$/, "").replace(/&/g, " "))));
  }

  function found(reply) {
    const row = make("span", "syw-try-label", reply.row === undefined ? "" : `Row ${reply.row}`);
    const line = make("li", "", row, ...(reply.latex ? [maths(reply.latex), " "] : []), badge(reply.verdict), " ");
    if (reply.remark) line.append(`${reply.remark}. `);
    if (reply.message) line.append(reply.message);
    if (reply.point?.length) line.append(numbers(reply.point));
    return line;
  }

  function hypotheses(reply) {
    const all = [...reply.where, ...reply.given];
    const shown = all.flatMap((latex, k) => [make("span", "syw-held", maths(latex), k < all.length - 1 ? ";" : ""), " "]);
    return [make("span", "syw-try-label", "Given"), ...(shown.length ? shown : ["nothing"])];
  }

  const note = (line) => {
    const said = [line.mistake?.name, line.remark, line.message].filter(Boolean).join("; ");
    return said ? ` (${said})` : "";
  };

  // Each verdict in the margin of its row; the text itself stands as it was typed.
  function asLatex(text, lines) {
    const said = lines.map((line) => {
      const at = line.point?.map(([name, value]) => `$${name} = ${value.replace("−", "-")}$`).join(", ");
      const words = `row ${line.row}: ${line.verdict === "unread" ? "not read" : line.verdict}${note(line)}`;
      return `\\marginpar{\\raggedright\\footnotesize ${words.replace(/[_&%#]/g, "\\$&")}${at ? ` at ${at}` : ""}}`;
    });
    const body = /\\begin\{(align|equation|gather|displaymath)|\$\$|\\\[/.test(text) ? text.trim()
      : text.trim().split("\n").map((row) => (/^\s*(let|suppose|assume|given)\b/i.test(row) ? row : `\\[ ${row.trim()} \\]`)).join("\n");
    return `\\documentclass{article}\n\\usepackage{amsmath,amssymb}\n\\usepackage[right=7cm,marginparwidth=5.5cm]{geometry}\n`
      + `\\begin{document}\n${body}\n\n${said.join("\n\n")}\n\\end{document}\n`;
  }

  const download = (name, type, text) => {
    const link = make("a");
    Object.assign(link, { href: URL.createObjectURL(new Blob([text], { type })), download: name });
    link.click();
  };

  function asMarkdown(text, lines) {
    const said = lines.map((line) => `${line.row}. ${line.verdict === "unread" ? "not read" : line.verdict}`
      + (line.latex ? `: $${line.latex}$` : "") + note(line)
      + (line.point?.length ? ` at ${line.point.map(([name, value]) => `$${name}$ = ${value}`).join(", ")}` : ""));
    return `# A derivation, checked line by line\n\n${text.trim()}\n\n## Verdicts\n\n${said.join("\n")}\n`;
  }

  const fragment = () => new URLSearchParams(location.hash.slice(1).replace(/\+/g, "%2B"));
  const linked = () => fragment().get("text") ?? "";
  const here = (text, task) => `${location.href.split("#")[0]}#${task ? `task=${encodeURIComponent(task)}&` : ""}`
    + `text=${encodeURIComponent(text)}`;

  function summed(lines, done) {
    const right = lines.every((line) => ["proved", "definition"].includes(line.verdict))
      && lines.some((line) => line.verdict === "proved");
    const all = lines.length === 1 ? "The one line is" : `All ${lines.length} lines are`;
    const said = [right ? `${all} right.` : "", ...(done?.remarks ?? [])].filter(Boolean);
    return said.map((text) => sentence(text, right && done?.reached !== false ? "syw-try-goal" : ""));
  }

  // A sentence in which formulas stand between dollar signs.
  const sentence = (text, className) => make("p", className,
    ...text.split("$").map((part, k) => (k % 2 ? maths(part) : part)));

  function checking(box) {
    const rows = box.querySelector(".syw-try-rows");
    const typed = box.querySelector(".syw-try-echo");
    const task = box.querySelector(".syw-try-task");
    const goals = box.querySelector(".syw-try-goals");
    let lines = [];
    const ui = parts(box);
    const clear = () => {
      lines = [];
      for (const place of [rows, ui.read, ui.reply, typed]) place.replaceChildren();
    };
    const judge = async () => {
      const text = ui.input.value;
      if (ui.check.disabled || !text.trim()) return;
      history.replaceState(null, "", here(text, task.value));
      clear();
      typed.replaceChildren(...echo(text));
      const wrong = slip(text);
      if (wrong) { ui.reply.replaceChildren(...ruling({ verdict: "unread", message: wrong })); return; }
      const reply = await consult(ui, "text", text, task.value);
      if (reply.verdict) { ui.reply.replaceChildren(...ruling(reply)); return; }
      typed.replaceChildren();
      ui.read.replaceChildren(...hypotheses(reply));
      let done = null;
      for (let place = 0; ; place += 1) {
        const line = await consult(ui, "relation", text, task.value, String(place));
        if (ui.input.value !== text) return;
        if (line.done) { done = line; break; }
        lines.push(line);
        rows.append(found(line));
        if (line.row === undefined) break; // the checker gave up
      }
      ui.reply.replaceChildren(...summed(lines, done));
      await nameMistakes(text);
    };
    // The verdicts first: looking a mistake up in the catalogue takes longer than seeing that there is one.
    const nameMistakes = async (text) => {
      for (const [place, line] of lines.entries()) {
        if (line.verdict !== "refuted" || !line.latex) continue;
        const { ask } = await ready(ui);
        if (ui.input.value !== text) return;
        const known = await ask(ui.seconds, "mistake", text, task.value, String(place));
        if (ui.input.value !== text) return;
        if (!known.name) continue;
        line.mistake = known;
        rows.children[place]?.append(make("strong", "", ` ${known.name}. `), known.hint);
      }
    };
    const told = async () => {
      goals.hidden = true;
      if (task.tagName !== "SELECT" || !task.value) return;
      const asked = await consult(ui, "begin", task.value);
      if (asked.verdict) { ui.reply.replaceChildren(...ruling(asked)); return; }
      put(asked.text);
      clear();
      goals.replaceChildren("Arrive at ", maths(asked.goal), `. The book takes ${asked.lines} lines.`);
      goals.hidden = false;
    };
    const put = (text) => {
      ui.input.value = text;
      ui.input.dispatchEvent(new Event("put"));
    };
    let timer = 0;
    ui.form.addEventListener("submit", (event) => { event.preventDefault(); judge(); });
    ui.input.addEventListener("focus", () => wake().catch((error) => { ui.status.textContent = error.message; }), { once: true });
    ui.input.addEventListener("input", () => {
      clear();
      clearTimeout(timer);
      timer = setTimeout(() => typed.replaceChildren(...echo(ui.input.value)), 300);
    });
    task.addEventListener("change", told);
    box.querySelectorAll(".syw-try-begin").forEach((button) => button.addEventListener("click", () => {
      if (task.tagName === "SELECT") task.value = "";
      goals.hidden = true;
      put(button.dataset.text);
      judge();
    }));
    box.querySelector(".syw-try-link").addEventListener("click", async () => {
      history.replaceState(null, "", here(ui.input.value, task.value));
      await navigator.clipboard?.writeText(location.href);
      ui.status.textContent = "The address of this page now holds your text, and is copied.";
    });
    editing(box, ui);
    const save = (name, type, made) => download(name, type, made(ui.input.value, lines));
    box.querySelector(".syw-try-save").addEventListener("click", () => save("derivation.md", "text/markdown", asMarkdown));
    box.querySelector(".syw-try-tex").addEventListener("click", () => save("derivation.tex", "text/x-tex", asLatex));
    ui.form.hidden = false;
    const sent = fragment().get("task") ?? "";
    if (linked() && (task.tagName === "SELECT" || sent === task.value)) {
      ui.input.value = linked();
      box.querySelector("details")?.setAttribute("open", "");
      if (task.tagName === "SELECT" && [...task.options].some((option) => option.value === sent)) task.value = sent;
    }
  }

  // The formula editor comes when it is first asked for.
  function editing(box, ui) {
    const button = box.querySelector(".syw-try-look");
    const [without, within] = [button.textContent, "Write in LaTeX"];
    let turn = null;
    button.addEventListener("click", async () => {
      const on = button.textContent === without;
      try {
        turn ??= script("editor.js").then(() => globalThis.sywEditor(box, ui.input, isFormula));
        (await turn)(on);
        button.textContent = on ? within : without;
      } catch (error) {
        turn = null;
        ui.status.textContent = error.message;
      }
    });
  }

  const KINDS = { text: checking, answer: answering, step: deriving };
  const boxes = document.querySelectorAll(".syw-try");
  boxes.forEach((box) => KINDS[box.dataset.kind](box));

  // Python starts when a field comes near, once the page itself is at rest; who never gets there loads nothing.
  const idle = globalThis.requestIdleCallback ?? ((run) => setTimeout(run, 1500));
  const near = new IntersectionObserver((seen) => {
    if (!seen.some((one) => one.isIntersecting) || navigator.connection?.saveData) return;
    near.disconnect();
    idle(() => wake().catch(() => {}));
  }, { rootMargin: "50%" });
  boxes.forEach((box) => near.observe(box));
})();
