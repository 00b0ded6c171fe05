"""Oracle: a web server on this machine that offers a known data set, or breaks in a known way."""

from __future__ import annotations

import functools
import gzip
import hashlib
import socket
import threading
import time
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
import torch
from synthetic_mnist import damage, idx, only_error

from helpers.data import _download, mnist

pytestmark = pytest.mark.usefixtures("bare_machine")


class Server:
    """A web server on this machine that offers files, and remembers what was asked for."""

    def __init__(self, files: dict[str, bytes]) -> None:
        self.files, self.asked = files, []
        self.http = HTTPServer(("127.0.0.1", 0), functools.partial(_Handler, self))
        self.url = f"http://127.0.0.1:{self.http.server_port}/"
        threading.Thread(target=self.http.serve_forever, args=(0.02,), daemon=True).start()


class _Handler(BaseHTTPRequestHandler):
    def __init__(self, server: Server, *arguments) -> None:
        self.offer = server
        super().__init__(*arguments)

    def _head(self) -> bytes:
        name = self.path.strip("/")
        self.offer.asked.append(f"{self.command} {name}")
        content = self.offer.files.get(name)
        self.send_response(404 if content is None else 200)
        self.send_header("Content-Length", str(len(content or b"")))
        self.end_headers()
        return content or b""

    def do_HEAD(self) -> None:
        self._head()

    def do_GET(self) -> None:
        self.wfile.write(self._head())

    def log_message(self, *arguments) -> None:
        pass


@pytest.fixture
def server(small, arrays, monkeypatch):
    """The synthetic MNIST on the web, where torchvision looks for it."""
    from torchvision.datasets import MNIST

    files = {f"{name}.gz": gzip.compress(idx(array), mtime=0) for name, array in arrays.items()}
    server = Server(files)
    monkeypatch.setattr(_download, "HOST", server.url)
    monkeypatch.setattr(MNIST, "mirrors", [server.url])
    monkeypatch.setattr(MNIST, "resources", [(n, hashlib.md5(f).hexdigest()) for n, f in files.items()])
    yield server
    server.http.shutdown()
    server.http.server_close()


def left_behind(tmp_path: Path) -> list[str]:
    return [str(path) for path in (tmp_path / "cache").rglob("*") if path.is_file()]


def test_download_once_then_from_the_cache(server, arrays, tmp_path, monkeypatch):
    data = mnist(n_valid=10)
    assert (data.tier, len(data.train)) == ("download", 50)
    assert torch.equal(data.test.y, torch.tensor(arrays["t10k-labels-idx1-ubyte"], dtype=torch.int64))
    cache = tmp_path / "cache" / "show-your-work"
    assert [path.name for path in cache.iterdir()] == ["MNIST"]
    asked = len(server.asked)
    monkeypatch.setenv("COURSE_OFFLINE", "1")
    assert mnist(n_valid=10).tier == "download"
    assert len(server.asked) == asked


def test_course_offline_asks_nobody(server, monkeypatch):
    monkeypatch.setenv("COURSE_OFFLINE", "1")
    assert "COURSE_OFFLINE is set" in mnist(n_valid=10).note
    monkeypatch.setenv("COURSE_TIER", "download")
    assert "cannot be downloaded (COURSE_OFFLINE is set)" in only_error()
    assert server.asked == []


def test_one_attempt_in_a_process(server, tmp_path):
    server.files.clear()
    assert [mnist(n_valid=10).tier for _ in range(3)] == ["embedded"] * 3
    assert len(server.asked) == 1
    assert left_behind(tmp_path) == []


@pytest.mark.parametrize("how", ["cut", "empty"])
def test_broken_download_leaves_nothing_behind(server, tmp_path, how):
    name = "train-images-idx3-ubyte.gz"
    server.files[name] = damage(server.files[name], how)
    assert mnist(n_valid=10).tier == "embedded"
    assert any(request.startswith("GET") for request in server.asked)
    assert left_behind(tmp_path) == []


def test_ctrl_c_in_the_download_leaves_nothing_behind(server, tmp_path, monkeypatch):
    from torchvision.datasets import MNIST

    def interrupted(self) -> None:
        Path(self.raw_folder).mkdir(parents=True)
        (Path(self.raw_folder) / "train-images-idx3-ubyte.gz").write_bytes(b"half")
        raise KeyboardInterrupt

    monkeypatch.setattr(MNIST, "download", interrupted)
    with pytest.raises(KeyboardInterrupt):
        mnist()
    assert left_behind(tmp_path) == []


def test_damaged_cache_is_an_error_and_not_replaced(server, tmp_path):
    mnist(n_valid=10)
    path = tmp_path / "cache" / "show-your-work" / "MNIST" / "raw" / "t10k-labels-idx1-ubyte"
    path.write_bytes(path.read_bytes()[:-1])
    assert "is cut short" in only_error(n_valid=10)


def test_silent_server_is_given_up(monkeypatch):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        monkeypatch.setattr(_download, "HOST", f"http://127.0.0.1:{silent.getsockname()[1]}/")
        monkeypatch.setattr(_download, "WAIT", 0.3)
        start = time.perf_counter()
        data = mnist(n_train=1_000, n_valid=500)
    assert time.perf_counter() - start < 3
    assert data.tier == "embedded"
    assert "no data folder; no " in data.note


def test_name_server_that_does_not_answer_is_given_up(monkeypatch):
    over = threading.Event()

    def look_up(*arguments: object, **options: object) -> None:
        over.wait(10)
        raise OSError("the test is over")

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    monkeypatch.setattr(_download, "WAIT", 0.3)
    start = time.perf_counter()
    assert "no answer within 0.3 s" in mnist(n_train=1_000, n_valid=500).note
    assert time.perf_counter() - start < 3
    over.set()


def test_forced_download_without_a_network_is_one_sentence(monkeypatch):
    monkeypatch.setenv("COURSE_TIER", "download")
    assert "MNIST cannot be downloaded (no connection" in only_error()


def test_the_server_asked_first_is_torchvisions(monkeypatch):
    from torchvision.datasets import MNIST

    monkeypatch.undo()
    assert MNIST.mirrors[0] == _download.HOST


def test_a_socket_keeps_its_own_time_limit_afterwards(server):
    mnist(n_valid=10)
    assert socket.getdefaulttimeout() is None
