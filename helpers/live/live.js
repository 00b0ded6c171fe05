// A figure that moves: sliders and step buttons over planes, bars, diagrams and pictures, from one JSON spec.
// No library, no network; the page keeps its picture where this script does not run. See helpers/live.
"use strict";
window.sywLive ??= (() => {
  const COLOURS = { ink: "#7a828e", rule: "#a3a9b2", blue: "#3f7fc4", orange: "#d9722e", green: "#2a9d7f",
    purple: "#a06bb5", ochre: "#b48c1e" };
  const CSS = `.syw-live{margin:1rem 0}.syw-live .syw-views{display:flex;flex-wrap:wrap;gap:.6rem 1.2rem;align-items:flex-start}
.syw-live .syw-views figure{flex:1 1 17rem;min-width:0;max-width:34rem;margin:0;padding:0}.syw-live svg{display:block;width:100%;height:auto;overflow:visible}
.syw-live text{font:14.5px var(--syw-sans,system-ui,sans-serif);fill:var(--syw-ink,#7a828e)}
.syw-live .syw-key{font:.78rem/1.5 var(--syw-sans,system-ui,sans-serif);color:var(--syw-muted,inherit)}
.syw-live .syw-key span{margin-right:1rem;white-space:nowrap}.syw-live .syw-key svg{display:inline;width:1.8em;height:.7em;margin-right:.3em}
.syw-live .syw-controls{display:grid;grid-template-columns:repeat(auto-fill,minmax(15rem,1fr));gap:.35rem 1.6rem;align-items:center;margin:.5rem 0;font:.86rem/1.4 var(--syw-sans,system-ui,sans-serif)}
.syw-live label{display:flex;align-items:center;gap:.5rem;max-width:26rem}
.syw-live input{flex:1;min-width:6rem;accent-color:var(--syw-blue,#3f7fc4)}.syw-live label b{min-width:4.6em;font-weight:500;font-variant-numeric:tabular-nums}
.syw-live button{font:inherit;padding:.25rem .8rem;min-height:1.9rem;margin-right:.4rem;border:1px solid var(--syw-rule,#a3a9b2);border-radius:4px;background:none;color:inherit;cursor:pointer}
.syw-live button:disabled{opacity:.45;cursor:default}.syw-live output{display:block;font-size:.95em;line-height:1.5;min-height:1.5em}
.syw-live .syw-drag{cursor:grab;touch-action:none}.syw-live img{max-width:100%;image-rendering:pixelated}
@media print{.syw-live .syw-controls{display:none}}`;
  const colour = name => `var(--syw-${name},${COLOURS[name] || COLOURS.ink})`;

  function make(tag, attributes = {}, ...inside) {
    const svg = /^(svg|g|path|circle|rect|line|text|title)$/.test(tag);
    const made = svg ? document.createElementNS("http://www.w3.org/2000/svg", tag) : document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) if (value !== null) made.setAttribute(name, value);
    made.append(...inside);
    return made;
  }

  // ---------------------------------------------------------------- numbers
  function format(value, how = "") {
    if (typeof value === "string") return value;
    if (!Number.isFinite(value)) return Number.isNaN(value) ? "undefined" : value > 0 ? "∞" : "−∞";
    const [, digits, kind] = /^(?:\.(\d+))?([fe%dg]?)$/.exec(how) || [];
    const n = digits === undefined ? 6 : Number(digits);
    const text = kind === "d" ? String(Math.round(value)) : kind === "%" ? `${(100 * value).toFixed(digits || 0)}%`
      : kind === "f" ? value.toFixed(n) : kind === "e" ? value.toExponential(n)
      : String(Number(value.toPrecision(n || 1)));
    return text.replace(/-/g, "−").replace(/^−(0(?:\.0*)?%?)$/, "$1");
  }

  // A name means a control, a letter that a layer runs over, or a formula of such names.
  function reader(spec) {
    const compiled = {};
    for (const [name, f] of Object.entries(spec.formulas)) {
      if (f.js !== undefined) compiled[name] = new Function(...f.args, `return ${f.js};`);
    }
    function get(what, env) {
      if (typeof what === "number") return what;
      if (typeof what === "object") return slice(what, env);
      if (what in env) return env[what];
      const f = spec.formulas[what];
      return f.mean ? mean(f, env) : compiled[what](...f.args.map(name => get(name, env)));
    }
    function mean(f, env) {
      const names = Object.keys(f.over), n = f.over[names[0]].length, inner = Object.create(env);
      let sum = 0;
      for (let s = 0; s < n; s++) {
        for (const name of names) inner[name] = f.over[name][s];
        sum += get(f.mean, inner);
      }
      return sum / n;
    }
    // One row of a stored table: its first axes are numbered by the places of the controls.
    function slice(what, env) {
      if (Array.isArray(what)) return what.map(one => typeof one === "object" ? get(one, env) : one);
      return (what.at || []).reduce((rows, name) => rows[env["#" + name]], spec.tables[what.table]);
    }
    return get;
  }

  // ---------------------------------------------------------------- a plane with axes
  function ticks(axis) {
    const { from, to } = axis;
    if (axis.log) {
      const whole = [];
      for (let e = Math.ceil(Math.log10(from) - 1e-9); e <= Math.log10(to) + 1e-9; e++) whole.push(10 ** e);
      return whole;
    }
    const rough = (to - from) / 5, size = 10 ** Math.floor(Math.log10(rough));
    const step = [1, 2, 5, 10].map(k => k * size).find(s => s >= rough * 0.999);
    const found = [];
    for (let k = Math.ceil(from / step - 1e-9); k * step <= to + 1e-9 * step; k++) found.push(k * step);
    return found;
  }
  const scale = (axis, low, high) => {
    const s = axis.log ? Math.log10 : v => v, a = s(axis.from), b = s(axis.to);
    return v => low + (high - low) * (s(v) - a) / (b - a);
  };

  function contour(f, levels, xs, ys, X, Y) {
    const z = ys.map(y => xs.map(x => f(x, y)));
    let d = "";
    for (const level of levels) for (let i = 0; i + 1 < ys.length; i++) for (let j = 0; j + 1 < xs.length; j++) {
      const corners = [[j, i], [j + 1, i], [j + 1, i + 1], [j, i + 1]], cut = [];
      for (let k = 0; k < 4; k++) {
        const [a, b] = [corners[k], corners[(k + 1) % 4]], za = z[a[1]][a[0]] - level, zb = z[b[1]][b[0]] - level;
        if (za < 0 === zb < 0) continue;
        const t = za / (za - zb);
        cut.push([X(xs[a[0]] + t * (xs[b[0]] - xs[a[0]])), Y(ys[a[1]] + t * (ys[b[1]] - ys[a[1]]))]);
      }
      for (let k = 0; k + 1 < cut.length; k += 2) d += `M${cut[k].map(v => v.toFixed(1))}L${cut[k + 1].map(v => v.toFixed(1))}`;
    }
    return d;
  }

  function orbit(layer, env, get) {
    const state = Object.create(env), names = Object.keys(layer.start), found = [];
    for (const name of names) state[name] = get(layer.start[name], env);
    for (let k = 0; k <= get(layer.n, env); k++) {
      found.push([get(layer.x, state), get(layer.y, state)]);
      const next = names.map(name => get(layer.next[name], state));
      names.forEach((name, i) => { state[name] = next[i]; });
    }
    return found;
  }

  const spread = (from, to, n) => Array.from({ length: n + 1 }, (_, k) => from + (to - from) * k / n);
  function places(layer, view, env, get) {  // the points of a layer, in the units of the axes
    if (layer.kind === "mark") return [[get(layer.x, env), get(layer.y, env)]];
    if (layer.kind === "orbit") return orbit(layer, env, get);
    if (layer.kind === "points") {
      const x = get(layer.x, env), y = get(layer.y, env);
      return x.map((v, k) => [v, y[k]]);
    }
    const from = layer.from === null ? view.x.from : get(layer.from, env), to = layer.to === null ? view.x.to : get(layer.to, env);
    const inner = Object.create(env);
    return spread(from, to, layer.n).map(t => {
      inner[layer.over] = t;
      return [layer.x === null ? t : get(layer.x, inner), get(layer.y, inner)];
    });
  }

  let clips = 0;
  function plane(view, get, set) {
    const W = 460, H = view.square ? 400 : 290, L = 58, R = 12, T = 12, B = 46;
    const X = scale(view.x, L, W - R), Y = scale(view.y, H - B, T);
    const svg = make("svg", { viewBox: `0 0 ${W} ${H}`, role: "img", "aria-label": view.alt });
    const id = `syw-clip-${clips++}`, axes = make("g", { stroke: colour("rule"), "stroke-width": 0.6 });
    const clip = document.createElementNS("http://www.w3.org/2000/svg", "clipPath");
    clip.id = id;
    clip.append(make("rect", { x: L - 5, y: T - 5, width: W - L - R + 10, height: H - T - B + 10 }));
    const drawn = make("g", { "clip-path": `url(#${id})`, fill: "none", "stroke-width": 2 }), words = make("g");
    for (const v of ticks(view.x)) {
      axes.append(make("line", { x1: X(v), x2: X(v), y1: H - B, y2: H - B + 4 }));
      words.append(make("text", { x: X(v), y: H - B + 18, "text-anchor": "middle" }, format(v, ".4g")));
    }
    for (const v of ticks(view.y)) {
      axes.append(make("line", { x1: L, x2: W - R, y1: Y(v), y2: Y(v), opacity: 0.5 }));
      words.append(make("text", { x: L - 7, y: Y(v) + 4, "text-anchor": "end" }, format(v, ".4g")));
    }
    axes.append(make("path", { d: `M${L} ${T}V${H - B}H${W - R}`, fill: "none", "stroke-width": 1 }));
    words.append(make("text", { x: (L + W - R) / 2, y: H - 6, "text-anchor": "middle" }, view.x.label));
    words.append(make("text", { x: 0, y: 0, transform: `translate(13 ${(T + H - B) / 2}) rotate(-90)`, "text-anchor": "middle" }, view.y.label));
    svg.append(clip, axes, words, drawn);
    if (view.drag) drags(svg, view, (px, py) => {
      set(view.drag[0], view.x.from + (px * W - L) / (W - R - L) * (view.x.to - view.x.from));
      set(view.drag[1], view.y.from + (py * H - (H - B)) / (T - H + B) * (view.y.to - view.y.from));
    });
    const draw = env => drawn.replaceChildren(...view.layers.flatMap(layer => shapes(layer, view, env, get, X, Y)));
    return [svg, draw, key(view)];
  }

  function shapes(layer, view, env, get, X, Y) {
    const stroke = colour(layer.colour);
    if (layer.kind === "contours") {
      const inner = Object.create(env), n = 56;
      const f = (x, y) => { inner[layer.x] = x; inner[layer.y] = y; return get(layer.f, inner); };
      const d = contour(f, layer.levels, spread(view.x.from, view.x.to, n), spread(view.y.from, view.y.to, n), X, Y);
      return [make("path", { d, stroke, "stroke-width": layer.levels.length > 1 ? 1 : 2 })];
    }
    const held = v => Math.max(-1e4, Math.min(1e4, v));  // far outside, but a number that SVG can draw
    const at = places(layer, view, env, get).map(([x, y]) => Number.isFinite(x) && Number.isFinite(y) ? [held(X(x)), held(Y(y))] : null);
    const found = [];
    if (layer.joined) {
      const d = at.map((p, k) => p && `${k && at[k - 1] ? "L" : "M"}${p[0].toFixed(1)} ${p[1].toFixed(1)}`).filter(Boolean).join("");
      found.push(make("path", { d, stroke, "stroke-dasharray": layer.dash || null }));
    }
    if (layer.size) at.forEach((p, k) => {
      if (!p) return;
      const fill = layer.group ? colour(layer.group[k]) : stroke;
      found.push(make("circle", { cx: p[0].toFixed(1), cy: p[1].toFixed(1), r: layer.size, fill, opacity: layer.faint ? 0.55 : 1 }));
    });
    return found;
  }

  function key(view) {
    const named = view.layers.filter(layer => layer.label);
    return make("div", { class: "syw-key" }, ...named.map(layer => {
      const stroke = colour(layer.colour), line = layer.joined || layer.kind === "contours";
      const sign = line ? make("line", { x1: 0, x2: 28, y1: 5, y2: 5, stroke, "stroke-width": 3, "stroke-dasharray": layer.dash || null })
        : make("circle", { cx: 14, cy: 5, r: 4.5, fill: stroke });
      return make("span", {}, make("svg", { viewBox: "0 0 28 10", "aria-hidden": "true" }, sign), layer.label);
    }));
  }

  function drags(svg, view, moved) {
    svg.classList.add("syw-drag");
    const told = event => {
      const box = svg.getBoundingClientRect();
      moved((event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height);
    };
    svg.addEventListener("pointerdown", event => { svg.setPointerCapture(event.pointerId); told(event); });
    svg.addEventListener("pointermove", event => { if (event.buttons) told(event); });
  }

  // ---------------------------------------------------------------- bars, diagrams, pictures
  function bars(view, get) {
    const n = view.top || view.labels.length || 5, row = 26, W = 460, L = view.room, R = 62, H = n * row + 30;
    const X = scale(view, L, W - R), svg = make("svg", { viewBox: `0 0 ${W} ${H}`, role: "img", "aria-label": view.alt });
    const draw = env => {
      const values = Array.isArray(view.y) ? view.y.map(one => get(one, env)) : get(view.y, env);
      const labels = get(view.labels, env);
      let order = values.map((_, k) => k);
      if (view.top) order = order.sort((a, b) => values[b] - values[a]).slice(0, view.top);
      const zero = X(Math.max(view.from, Math.min(view.to, 0)));
      svg.replaceChildren(...order.flatMap((k, i) => {
        const x = X(Math.max(view.from, Math.min(view.to, values[k]))), y = i * row + 4;
        const rect = { x: Math.min(x, zero), y, width: Math.abs(x - zero), height: row - 8 };
        return [make("rect", { ...rect, fill: colour(view.colour) }),
          make("text", { x: L - 8, y: y + 14, "text-anchor": "end" }, labels[k]),
          make("text", { x: Math.max(x, zero) + 6, y: y + 14 }, format(values[k], view.format))];
      }), make("text", { x: (L + W - R) / 2, y: H - 6, "text-anchor": "middle" }, view.label));
    };
    return [svg, draw];
  }

  function diagram(view, get) {
    const W = 460, H = view.height, svg = make("svg", { viewBox: `0 0 ${W} ${H}`, role: "img", "aria-label": view.alt });
    const place = node => [30 + node.x * (W - 60), 30 + node.y * (H - 60)];
    const draw = env => {
      const now = env["#" + view.step];
      const seen = (part, k) => part.from === undefined ? true : now >= part.from;
      const said = part => part.value !== null && seen(part) ? format(get(part.value, env), view.format) : "";
      const ink = part => part.from === now ? colour("orange") : colour("ink");
      const paper = "var(--syw-paper,var(--jp-layout-color0,#fff))", onLine = `;stroke:${paper};stroke-width:7px;paint-order:stroke`;
      const edges = view.edges.map(edge => {
        const [a, b] = [view.nodes[edge.a], view.nodes[edge.b]].map(place), t = edge.t;
        const x = a[0] + t * (b[0] - a[0]), y = a[1] + t * (b[1] - a[1]);
        return [make("line", { x1: a[0], y1: a[1], x2: b[0], y2: b[1], stroke: ink(edge), "stroke-width": edge.from === now ? 2.5 : 1.2 }),
          make("text", { x, y: y - 5, "text-anchor": "middle", style: `fill:${ink(edge)}${onLine}` }, `${edge.label} ${said(edge)}`.trim())];
      });
      const nodes = view.nodes.flatMap(node => {
        const [x, y] = place(node);
        const style = `fill:${ink(node)}`;
        return [make("circle", { cx: x, cy: y, r: 22, style: `fill:${paper}`, stroke: ink(node), "stroke-width": node.from === now ? 3 : 1.4 }),
          make("text", { x, y: y + 4, "text-anchor": "middle", style }, node.label),
          make("text", { x, y: y + 37, "text-anchor": "middle", style }, said(node))];
      });
      svg.replaceChildren(...[0, 1].flatMap(k => edges.map(edge => edge[k])), ...nodes); // no line crosses a number
    };
    return [svg, draw];
  }

  function pictures(view) {
    const image = make("img");
    return [image, env => { image.src = view.pictures[env["#" + view.at]]; image.alt = view.alts[env["#" + view.at]]; }];
  }

  // ---------------------------------------------------------------- the whole
  function mount(box) {
    const source = box.querySelector('script[type="application/json"]');
    if (!source || box.dataset.live) return;
    box.dataset.live = "yes";
    const spec = JSON.parse(source.textContent), get = reader(spec), env = {}, inputs = {};
    const show = (control, k) => control.names ? control.names[k]
      : `${format(control.stops[k], control.format)}${control.unit ? " " + control.unit : ""}`;
    const output = make("output", { "aria-live": "polite" });
    function set(name, value) {
      const stops = spec.controls.find(c => c.name === name).stops;
      const best = stops.reduce((k, v, i) => Math.abs(v - value) < Math.abs(stops[k] - value) ? i : k, 0);
      if (env["#" + name] !== best) go(name, best);
    }
    function go(name, k) {
      env["#" + name] = k;
      env[name] = spec.controls.find(c => c.name === name).stops[k];
      inputs[name](k);
      queue();
    }
    const views = spec.views.map(view => ({ plane, bars, diagram, pictures })[view.kind](view, get, set));
    let waiting = 0;
    function queue() {
      waiting ||= requestAnimationFrame(() => { waiting = 0; draw(); });
    }
    function draw() {
      for (const [, paint] of views) paint(env);
      output.textContent = spec.readout.replace(/\{(\w+)(?::([^}]*))?\}/g, (_, name, how) => {
        const control = spec.controls.find(c => c.name === name);
        return control && how === undefined ? show(control, env["#" + name]) : format(get(name, env), how);
      });
    }
    const controls = spec.controls.map(control => {
      const { name, label, stops } = control;
      const text = make("b");
      if (control.kind === "steps") {
        const button = (word, by) => {
          const made = make("button", { type: "button" }, word);
          made.addEventListener("click", () => go(name, by ? env["#" + name] + by : 0));
          return made;
        };
        const [again, back, next] = [button("Start", 0), button("Back", -1), button("Next", 1)];
        inputs[name] = k => {
          text.textContent = `${label} ${k + 1} of ${stops.length}: ${show(control, k)}`;
          again.disabled = back.disabled = k === 0;
          next.disabled = k === stops.length - 1;
        };
        return make("div", { role: "group", "aria-label": label }, again, back, next, text);
      }
      const input = make("input", { type: "range", min: 0, max: stops.length - 1, step: 1 });
      input.addEventListener("input", () => go(name, Number(input.value)));
      inputs[name] = k => {
        input.value = k;
        text.textContent = show(control, k);
        input.setAttribute("aria-valuetext", show(control, k));
      };
      return make("label", {}, make("span", {}, label), input, text);
    });
    for (const control of spec.controls) go(control.name, control.start);
    const figures = views.map(([picture, , legend]) => make("figure", {}, picture, ...(legend ? [legend] : [])));
    box.replaceChildren(source, make("div", { class: "syw-views" }, ...figures),
      make("div", { class: "syw-controls" }, ...controls), output);
    draw();
  }

  function all() {
    if (!document.getElementById("syw-live-style") && document.querySelector(".syw-live")) {
      document.head.append(make("style", { id: "syw-live-style" }, CSS));
    }
    document.querySelectorAll(".syw-live").forEach(mount);
  }
  document.addEventListener("DOMContentLoaded", all);
  return { all, format, reader, orbit };
})();
window.sywLive.all();
