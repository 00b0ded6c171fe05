"""Find the Chromium that the site tests drive, or fetch one; prints its path.

Order: $CHROMIUM, the usual names on PATH, playwright's own, `playwright install chromium`, apt-get (as root).
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "microsoft-edge")
MAC = Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")
FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", "--disable-sync",
    "--disable-background-networking", "--disable-component-update", "--disable-quic",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",  # the browser itself asks for hosts otherwise
)  # fmt: skip
ADVICE = (
    "No Chromium was found and none could be installed: install Chromium or Chrome, "
    "or set CHROMIUM to the path of its executable."
)


class BrowserError(Exception):
    """No browser; the message is all the reader needs."""


def given() -> Path | None:
    """The browser that $CHROMIUM names. Raises BrowserError if it names no executable file."""
    name = os.environ.get("CHROMIUM")
    if not name:
        return None
    path = shutil.which(name)
    if path is None:
        raise BrowserError(f"CHROMIUM is set to {name!r}, which is no executable file: correct or unset it.")
    return Path(path)


def on_path() -> Path | None:
    """A browser under one of its usual names."""
    for name in NAMES:
        if found := shutil.which(name):
            return Path(found)
    return MAC if MAC.exists() else None


def of_playwright() -> Path | None:
    """The browser that playwright installed for itself, if it did."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = Path(playwright.chromium.executable_path)
    return path if path.exists() else None


def find() -> Path | None:
    """The first browser that is there; installs nothing."""
    return given() or on_path() or of_playwright()


def quietly(*command: str) -> bool:
    """Run a command, show nothing, say whether it succeeded."""
    try:
        return subprocess.run(command, capture_output=True, timeout=900, check=False).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def install() -> Path | None:
    """Fetch a browser: playwright's own, else the system's package when that is allowed."""
    print("No Chromium found: fetching one, which takes a minute.", file=sys.stderr)
    if quietly(sys.executable, "-m", "playwright", "install", "chromium") and (path := of_playwright()):
        return path
    if shutil.which("apt-get") and os.geteuid() == 0:
        quietly("apt-get", "update")
        quietly("apt-get", "install", "-y", "--no-install-recommends", "chromium", "fonts-noto-core")
    return on_path()


def main() -> int:
    try:
        path = find() or install()
    except BrowserError as error:
        print(error, file=sys.stderr)
        return 1
    print(path or ADVICE, file=sys.stdout if path else sys.stderr)
    return 0 if path else 1


if __name__ == "__main__":
    raise SystemExit(main())
