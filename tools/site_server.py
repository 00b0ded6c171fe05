"""Serve a built site on this machine while something looks at it, and list its pages."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path


class Quiet(SimpleHTTPRequestHandler):
    """A file server that logs nothing; a browser keeps what it got, but asks whether it has changed."""

    def log_message(self, *args: object) -> None:
        pass

    def end_headers(self) -> None:
        self.send_header("Cache-Control", "no-cache")
        super().end_headers()


@contextmanager
def serve(folder: Path) -> Iterator[str]:
    """The address under which `folder` is served until the block ends, on a free port of 127.0.0.1."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def pages(folder: Path) -> list[Path]:
    """The pages of the site, relative to `folder`; not the redirect at its root, nor Sphinx's own folders."""
    found = (page.relative_to(folder) for page in folder.rglob("*.html"))
    inner = (page for page in found if not any(part.startswith("_") for part in page.parts))
    return sorted(page for page in inner if page != Path("index.html"))
