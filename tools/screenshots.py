"""Photograph the landing page of the built site as the README shows it: python tools/screenshots.py."""

from __future__ import annotations

import sys
from pathlib import Path

import browser
import site_server
from PIL import Image
from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parents[1]
SITE = ROOT / "_build" / "html"
TARGET = ROOT / "book" / "_static" / "screenshot.png"


def main() -> int:
    executable = browser.find()
    if executable is None or not SITE.is_dir():
        missing = "The site is not built: run make book first."
        print(browser.ADVICE if executable is None else missing, file=sys.stderr)
        return 1
    with site_server.serve(SITE) as address, sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=executable, args=browser.FLAGS)
        tab = chromium.new_page(
            viewport={"width": 1280, "height": 1420}, color_scheme="light", reduced_motion="reduce"
        )
        tab.goto(f"{address}/book/intro.html", wait_until="load")
        tab.wait_for_timeout(200)
        tab.screenshot(path=TARGET)
        chromium.close()
    Image.open(TARGET).quantize(128).save(TARGET, optimize=True)  # a third of the size
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
