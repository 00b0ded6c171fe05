"""`make run`: execute notebooks from top to bottom and store their outputs, with what they were made with.

    python tools/run_notebooks.py [NAME …] [--profile quick|full] [--jobs N]

NAME is a number (01), a name (01-logistic-regression) or a file; without one all notebooks run. A notebook is
written in one move and only if every cell ran; one that fails stays as it was, and the exit status is 1.
Stored in its metadata under `show_your_work`: profile, data tier, device, seconds, versions, commit,
and two SHA-256 sums, of the code and of the outputs, by which `tests/test_notebooks.py` sees stale outputs.
"""

from __future__ import annotations

import argparse
import asyncio
import hashlib
import json
import os
import re
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import nbformat
import prose_numbers
from nbformat import NotebookNode

from helpers.places import chapters
from helpers.runtime import write_whole

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "notebooks"
KEPT_CELL_METADATA = ("tags", "mystnb", "jupyter", "editable", "deletable")
SPARE = 2_000_000  # bytes that new outputs may take beyond the old ones
KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}

# Runs in the notebook's kernel after its last cell: only there is it known which data were read.
ASK = """
import json as _json
from helpers.runtime import provenance as _provenance
_tiers = {getattr(v, "tier", None) for v in list(globals().values()) if type(v).__name__ == "Dataset"}
print(_json.dumps({**_provenance(), "tier": ", ".join(sorted(map(str, _tiers))) or "no data"}))
"""


class NotebookFailed(Exception):
    """A cell raised, the kernel died, or nothing can be stored; the message names the cell or the file."""


# -- what is stored


def code_cells(nb: NotebookNode) -> list[NotebookNode]:
    return [cell for cell in nb.cells if cell.cell_type == "code"]


def code_hash(nb: NotebookNode) -> str:
    """SHA-256 of the sources of all code cells, in order; prose and tags may change without a new run."""
    return _sha256([cell.source for cell in code_cells(nb)])


def outputs_hash(nb: NotebookNode) -> str:
    """SHA-256 of the outputs and execution counts of all code cells, in order."""
    return _sha256([[cell.execution_count, cell.outputs] for cell in code_cells(nb)])


def _sha256(value) -> str:
    text = json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def tidy(nb: NotebookNode) -> None:
    """Drop what differs between two equal runs: stderr, timings, widget state, the kernel's whereabouts."""
    nb.metadata = NotebookNode({"kernelspec": KERNEL, "language_info": {"name": "python"}})
    for cell in nb.cells:
        cell.metadata = NotebookNode({k: v for k, v in cell.metadata.items() if k in KEPT_CELL_METADATA})
    for cell in code_cells(nb):
        cell.outputs = _merged(o for o in cell.outputs if o.get("name") != "stderr")


def _merged(outputs) -> list[NotebookNode]:
    """Neighbouring pieces of one stream as one: where the kernel cuts them is chance."""
    merged: list[NotebookNode] = []
    for output in outputs:
        if merged and output.output_type == merged[-1].output_type == "stream":
            merged[-1].text += output.text
        else:
            merged.append(output)
    return merged


def write(nb: NotebookNode, path: Path) -> None:
    """The notebook, whole or not at all; OSError where there is no room or no right."""
    write_whole(path, (nbformat.writes(nb) + "\n").encode())


def demand_room(path: Path) -> None:
    """NotebookFailed if the notebook could not be stored at `path` again: to be asked before it runs."""
    part = path.with_suffix(".part")
    try:
        if not os.access(path, os.W_OK):
            raise PermissionError(0, "the file may not be written")
        part.write_bytes(bytes(path.stat().st_size + SPARE))
    except OSError as error:
        why = f"{path.parent} or {path.name} cannot be written ({error.strerror})"
        raise NotebookFailed(f"{path.stem}: not run, because {why}: make room or rights first.") from error
    finally:
        with suppress(OSError):  # it may not be there; what stopped us is what has to be told
            part.unlink()


# -- running


def client_for(nb: NotebookNode, folder: Path):
    """An nbclient whose kernel is this very Python, whatever kernels are registered on the machine."""
    from ipykernel.kernelspec import RESOURCES, get_kernel_dict
    from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
    from jupyter_client.manager import AsyncKernelManager
    from nbclient import NotebookClient

    class ThisPython(KernelSpecManager):
        def get_kernel_spec(self, kernel_name):
            return KernelSpec(resource_dir=RESOURCES, **get_kernel_dict())

    class Manager(AsyncKernelManager):
        def _kernel_spec_manager_default(self):
            return ThisPython()

        exit_status = None  # of a kernel that died; afterwards nobody can be asked

        async def is_alive(self):
            if self.has_kernel and (status := await self.provisioner.poll()) is not None:
                type(self).exit_status = status  # the client forgets its manager, but not its class
            return await super().is_alive()

    resources = {"metadata": {"path": str(folder)}}
    return NotebookClient(
        nb, kernel_manager_class=Manager, resources=resources, timeout=None, record_timing=False
    )


def _number(nb: NotebookNode) -> None:
    """Count the code cells 1, 2, 3 …, one that is empty, too, which no kernel runs."""
    for number, cell in enumerate(code_cells(nb), start=1):
        cell.execution_count = number
        for output in (o for o in cell.outputs if "execution_count" in o):
            output.execution_count = number


async def _execute(nb: NotebookNode, path: Path, on_cell) -> dict[str, str]:
    """Run all cells and return what the kernel says about itself; raises NotebookFailed."""
    from nbclient.exceptions import CellExecutionError, DeadKernelError

    client, cell, number = client_for(nb, path.parent), None, 0
    try:
        async with client.async_setup_kernel(stderr=subprocess.DEVNULL):
            with suppress(
                NotImplementedError, RuntimeError
            ):  # Windows has none; then nothing is to be undone
                # nbclient's own handler kills the kernel and lets the run go on.
                asyncio.get_running_loop().remove_signal_handler(signal.SIGINT)
            for index, cell in enumerate(nb.cells):
                number += cell.cell_type == "code"
                await client.async_execute_cell(cell, index)
                on_cell(cell)
            nb.cells.append(nbformat.v4.new_code_cell(ASK))
            await client.async_execute_cell(nb.cells[-1], len(nb.cells) - 1)
            return json.loads(nb.cells.pop().outputs[0].text)
    except CellExecutionError as error:
        first = (cell.source.strip().splitlines() or [""])[0] if cell else ""
        where = f"{path.stem}, code cell {number} ({first[:60]})"
        raise NotebookFailed(f"{where}: {error.ename}: {_last_line(error.evalue)}") from error
    except DeadKernelError as error:
        raise NotebookFailed(f"{path.stem}, code cell {number}: {_why_dead(client)}.") from error


def _why_dead(client) -> str:
    """Why the kernel ended, as far as its exit status tells (negative: the number of a signal)."""
    status = client.kernel_manager_class.exit_status
    if status in (-getattr(signal, "SIGINT", 2), 130):
        return "interrupted"
    if status in (-9, 137):  # how systems without memory left end a process
        return "the kernel was killed, perhaps for lack of memory"
    return "the kernel died" + (f" with status {status}" if status is not None else "")


def _last_line(text: str) -> str:
    return next((line for line in reversed(text.splitlines()) if line.strip()), "no message")


async def run(path: Path, on_cell=lambda cell: None) -> float:
    """Execute the notebook at `path` in place; the seconds it took. On failure the file is left alone."""
    demand_room(path)
    nb = nbformat.read(path, as_version=4)
    start = time.perf_counter()
    made_with = await _execute(nb, path, on_cell)
    _number(nb)
    seconds = round(time.perf_counter() - start, 1)
    tidy(nb)
    record = {name: made_with[name] for name in ("profile", "tier", "device", "commit")}
    record |= {
        "versions": {name: made_with[name] for name in ("python", "torch", "sympy")},
        "seconds": seconds,
    }
    nb.metadata["show_your_work"] = record | {"code": code_hash(nb), "outputs": outputs_hash(nb)}
    own = _whose(record)
    missing = prose_numbers.fill(nb, own)
    if missing and not own:  # a quick run may measure less: then the published number stays, without a star
        names = ", ".join(missing)
        raise NotebookFailed(f"{path.stem}: no cell prints the numbers {names} that its text names.")
    try:
        write(nb, path)
    except OSError as error:
        raise NotebookFailed(f"{path.stem}: ran, but cannot be stored ({error.strerror}).") from error
    return seconds


def _whose(record: dict) -> str:
    """Whose the numbers of this run are, for the note under the title; "" for the published ones."""
    if record["profile"] == "full" and "embedded" not in record["tier"]:
        return ""
    return f"this copy was run in the {record['profile']} profile, {record['tier']} tier, {record['device']}"


async def _run_with_bar(path: Path, position: int, free: asyncio.Semaphore) -> bool:
    """Run one notebook, as soon as there is room, under its own progress bar; did it succeed?"""
    from tqdm import tqdm

    async with free:
        cells = len(nbformat.read(path, as_version=4).cells)
        bar = tqdm(total=cells, desc=path.stem, position=position, unit="cell", leave=False)
        try:
            line = f"ok      {path.stem}  {await run(path, lambda cell: bar.update()):.0f} s"
        except NotebookFailed as error:
            line = f"FAILED  {error}"
        finally:
            bar.close()
        tqdm.write(line)
        return line.startswith("ok")


async def _run_all(paths: list[Path], jobs: int) -> int:
    """How many of the notebooks failed."""
    free = asyncio.Semaphore(jobs)
    bars = [_run_with_bar(path, k % jobs, free) for k, path in enumerate(paths)]
    done = await asyncio.gather(*bars)
    return done.count(False)


# -- the command


def find(names: list[str], folder: Path = FOLDER) -> list[Path]:
    """The notebooks meant by `names`, all of them for none; SystemExit with a sentence for an unknown one."""
    there = chapters(folder)
    if not names:
        return there
    found = []
    for name in (n for given in names for n in re.split(r"[,\s]+", given) if n):
        wanted, place = Path(name).stem, Path(name).parent
        matches = [p for p in there if p.stem == wanted or p.stem.split("-")[0] == wanted.zfill(2)]
        elsewhere = place != Path() and place.resolve() != folder.resolve()
        if elsewhere or not matches:
            known = ", ".join(p.stem for p in there) or "none"
            sys.exit(f"No notebook {name!r} in {folder.name}/: there are {known}.")
        found += matches
    return list(dict.fromkeys(found))


def _arguments(argv: list[str] | None) -> argparse.Namespace:
    cores = os.cpu_count() or 1
    parser = argparse.ArgumentParser(prog="make run", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("names", nargs="*", help="numbers or names of notebooks, such as 01; default all")
    parser.add_argument(
        "--profile", choices=("quick", "full"), default=os.environ.get("COURSE_PROFILE") or "quick"
    )
    parser.add_argument(
        "--jobs", type=int, default=max(1, cores // 2), help="notebooks at a time (default: %(default)s)"
    )
    parser.add_argument("--folder", type=Path, default=FOLDER, help=argparse.SUPPRESS)
    arguments = parser.parse_args(argv)
    if arguments.jobs < 1:
        parser.error(f"--jobs must be at least 1, not {arguments.jobs}")
    return arguments


def main(argv: list[str] | None = None) -> int:
    arguments = _arguments(argv)
    paths = find(arguments.names, arguments.folder)
    jobs = min(arguments.jobs, len(paths)) or 1
    # Kernels inherit these. The same hash seed as in conftest.py; bars would end up in the outputs.
    os.environ |= {"COURSE_PROFILE": arguments.profile, "COURSE_QUIET": "1", "PYTHONHASHSEED": "0"}
    os.environ["COURSE_PUBLISH"] = (
        "1" if arguments.profile == "full" else ""
    )  # this command is the publisher's
    os.environ.setdefault("OMP_NUM_THREADS", str(max(1, (os.cpu_count() or 1) // jobs)))
    try:
        failed = asyncio.run(_run_all(paths, jobs))
    except KeyboardInterrupt:
        print("Interrupted; notebooks that had not finished are as they were.", file=sys.stderr)
        return 130
    if failed:
        print(f"{failed} of {len(paths)} notebooks failed; their files are as they were.", file=sys.stderr)
    return int(failed > 0)


if __name__ == "__main__":
    sys.exit(main())
