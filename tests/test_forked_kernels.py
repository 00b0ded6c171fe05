"""Oracle: what the operating system says about the processes, and a kernel that starts in the usual way."""

from __future__ import annotations

import json
import os
import sys
import time

import pytest
from jupyter_client.manager import start_new_kernel

from tools import forked_kernels

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="Kernels are forked on Linux only.")
LOOK = """
import json, os, sys
early = sorted({name.partition(".")[0] for name in sys.modules} & {"helpers", "torch", "sympy"})
if "seen" in dir():
    early.append("another's names")
seen = True
backend = os.environ["MPLBACKEND"]
print(json.dumps([os.getcwd(), os.environ.get("COLOUR"), early, backend, sys.executable]))
"""


def printed(client, code: str) -> str:
    """What `code` prints in the kernel; an error of it fails the test."""
    found = []
    client.execute_interactive(
        code, timeout=60, output_hook=lambda m: found.append((m["msg_type"], m["content"]))
    )
    assert [content for kind, content in found if kind == "error"] == []
    return "".join(content["text"] for kind, content in found if kind == "stream")


@pytest.fixture(scope="module")
def kernels(tmp_path_factory):
    """Two forks, started one after the other in another folder, and what they see."""
    folder = tmp_path_factory.mktemp("folder")
    started = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("COLOUR", "green")
        for code in ("import torch", "from helpers import notation"):
            with forked_kernels.forked(code):
                started.append(start_new_kernel(kernel_name="python3", cwd=str(folder)))
    yield folder, started
    for manager, client in started:
        client.stop_channels()
        manager.shutdown_kernel(now=True)
    forked_kernels.close()


def test_a_fork_has_its_folder_its_environment_and_no_module_of_the_course(kernels):
    folder, started = kernels
    for (_, client), loaded in zip(started, (["torch"], ["sympy", "torch"]), strict=True):
        where, colour, early, backend, executable = json.loads(printed(client, LOOK))
        assert (where, colour, executable) == (str(folder), "green", sys.executable)
        assert set(loaded) <= set(early) <= {"sympy", "torch"}  # by this one, and by what was forked before
        assert backend == forked_kernels.INLINE


def test_a_fork_looks_for_modules_where_an_ordinary_kernel_does(kernels):
    folder, started = kernels
    manager, client = start_new_kernel(kernel_name="python3", cwd=str(folder))
    usual = printed(client, "import sys; print(sys.path)")
    client.stop_channels()
    manager.shutdown_kernel(now=True)
    assert printed(started[0][1], "import sys; print(sys.path)") == usual


def test_figures_and_errors_come_back_as_from_any_kernel(kernels):
    _, started = kernels
    found = []
    code = "import matplotlib.pyplot as plt; plt.plot([1, 2]); plt.show(); 1 / 0"
    started[0][1].execute_interactive(code, timeout=60, output_hook=found.append)
    kinds = [message["msg_type"] for message in found if message["msg_type"] != "status"]
    assert kinds == ["execute_input", "display_data", "error"]
    assert "image/png" in found[[m["msg_type"] for m in found].index("display_data")]["content"]["data"]


def test_a_kernel_is_ended_and_the_other_lives(kernels):
    _, started = kernels
    (first, _), (second, client) = started
    pids = [manager.provisioner.process.pid for manager, _ in started]
    assert len({*pids, os.getpid()}) == 3
    assert [os.getpgid(pid) for pid in pids] == pids
    first.shutdown_kernel(now=True)
    with pytest.raises(ProcessLookupError):
        os.kill(pids[0], 0)
    assert printed(client, "print(1 + 1)") == "2\n"
    assert second.is_alive()


def test_an_endless_cell_can_be_interrupted(kernels):
    _, ((_, _), (manager, client)) = kernels
    asked = client.execute("import time\ntime.sleep(600)")
    time.sleep(0.5)
    manager.interrupt_kernel()
    while (reply := client.get_shell_msg(timeout=60))["parent_header"]["msg_id"] != asked:
        pass
    assert reply["content"]["ename"] == "KeyboardInterrupt"


def test_no_kernel_outlives_the_process_that_forks(kernels):
    _, ((_, _), (manager, _)) = kernels
    process = manager.provisioner.process
    forked_kernels.close()
    assert process.wait(timeout=30) == 0


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ("from helpers.claims import find", set()),
        ("from helpers.proof import check", {"sympy"}),
        (
            "from helpers import models, notation\nimport torch",
            {"sympy", "numpy", "torch", "torch.nn.functional"},
        ),
        ("from helpers.plots import figure", {"numpy", "matplotlib.pyplot"}),
    ],
)
def test_only_what_a_chapter_needs_is_imported_for_it(code, found):
    assert set(forked_kernels.needed(code)) == found
