// Run a Python file inside Pyodide under node: node in_pyodide.mjs RUNTIME FOLDER SCRIPT
// RUNTIME holds Pyodide's files, FOLDER is seen by the script as /folder. The exit status is 1 if the script raises.
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";

const [runtime, folder, script] = process.argv.slice(2).map((path) => resolve(path));
try {
  const { loadPyodide } = await import(pathToFileURL(`${runtime}/pyodide.mjs`).href);
  const python = await loadPyodide({ indexURL: `${runtime}/` });
  python.mountNodeFS("/folder", folder);
  python.runPython(readFileSync(script, "utf8"), { filename: script });
} catch (error) {
  // The error itself would print a megabyte of source; its last line says what Python raised.
  console.error(String(error.message ?? error).trim());
  process.exit(1);
}
