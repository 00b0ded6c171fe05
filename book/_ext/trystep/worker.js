// The worker's program. The page reads this file as a script, takes the function's text and runs it in a worker:
// a worker made from text also runs where the book is opened from a folder, without a server.
globalThis.sywTryWorker = function () {
  "use strict";
  const files = new Map();
  let judge = null;

  async function unpack(name, text) {
    const letters = atob(text);
    const bytes = new Uint8Array(letters.length);
    for (let at = 0; at < letters.length; at++) bytes[at] = letters.charCodeAt(at);
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
    files.set(name, new Uint8Array(await new Response(stream).arrayBuffer()));
  }

  // Pyodide asks for its own files by address; they are here already, and nothing else is ever fetched.
  self.fetch = async (address) => {
    const content = files.get(String(address).split("/").pop());
    if (!content) throw new TypeError("The checker asks no server for anything.");
    return new Response(content, { headers: { "Content-Type": "application/wasm" } });
  };
  self.importScripts = undefined; // Pyodide refuses a worker that has it; browsers refuse the other kind from a folder

  const module = (name) => import(URL.createObjectURL(new Blob([files.get(name)], { type: "text/javascript" })));

  async function start({ texts, lock }) {
    const parts = ["library.zip", "checker.zip", "course.zip"]; // unpacked while the runtime is compiled
    const unpackAll = (wanted) => Promise.all(texts.filter(wanted).map(([name, text]) => unpack(name, text)));
    await unpackAll(([name]) => !parts.includes(name));
    postMessage({ say: "Starting Python …" });
    const { loadPyodide } = await module("pyodide.mjs");
    const starting = loadPyodide({
      indexURL: "page:/python/",
      packageBaseUrl: "page:/python/",
      createPyodideModule: (await module("pyodide.asm.mjs")).default,
      lockFileContents: lock,
      stdin: () => null,
      stdout: () => {},
      stderr: () => {},
    });
    await unpackAll(([name]) => parts.includes(name));
    const python = await starting;
    postMessage({ say: "Loading SymPy and the checker …" });
    for (const name of parts) {
      python.unpackArchive(files.get(name), "zip", { extractDir: "/course" });
    }
    files.clear();
    python.runPython("import sys; sys.path.insert(0, '/course')");
    judge = python.pyimport("judge");
    postMessage({ ready: true });
  }

  self.onmessage = async ({ data }) => {
    try {
      if (data.start) await start(data.start);
      else postMessage({ id: data.id, reply: JSON.parse(judge[data.question](...data.words)) });
    } catch (error) {
      postMessage({ id: data.id, failed: String(error?.message ?? error).split("\n").at(-1) });
    }
  };
};
