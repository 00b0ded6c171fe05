"""Photograph pages of the built site: python tools/screenshots.py [--full | --readme] [PAGE …]

Each page is taken on a desktop and on a phone, light and dark, into _build/screenshots/; without PAGE, all.
PAGE is a path below _build/html, such as book/intro.html. --full takes the whole page, not the first screen.
--readme takes the landing page as the README shows it, into book/_static/screenshot.png.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import browser
import site_server
from PIL import Image
from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parents[1]
DESKTOP = {"viewport": {"width": 1280, "height": 900}}
PHONE = {"viewport": {"width": 390, "height": 844}, "device_scale_factor": 2, "is_mobile": True}
VIEWS = {
    f"{name}-{scheme}": {**view, "color_scheme": scheme}
    for name, view in (("desktop", DESKTOP), ("phone", PHONE))
    for scheme in ("light", "dark")
}


def shoot(chromium, address: str, page: str, view: str, target: Path, full: bool) -> None:
    """One picture, taken when the page is at rest."""
    context = chromium.new_context(**VIEWS[view], reduced_motion="reduce")
    tab = context.new_page()
    tab.goto(f"{address}/{page}", wait_until="load")
    tab.wait_for_timeout(200)
    tab.screenshot(path=target, full_page=full)
    context.close()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("pages", nargs="*")
    parser.add_argument("--full", action="store_true")
    parser.add_argument("--readme", action="store_true")
    parser.add_argument("--site", type=Path, default=ROOT / "_build" / "html")
    parser.add_argument("--views", nargs="+", choices=VIEWS, default=list(VIEWS))
    options = parser.parse_args()
    executable = browser.find()
    if executable is None or not options.site.is_dir():
        missing = "The site is not built: run make book first."
        print(browser.ADVICE if executable is None else missing, file=sys.stderr)
        return 1
    folder = ROOT / "_build" / "screenshots"
    folder.mkdir(parents=True, exist_ok=True)
    pages = options.pages or [page.as_posix() for page in site_server.pages(options.site)]
    with site_server.serve(options.site) as address, sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=executable, args=browser.FLAGS)
        if options.readme:
            VIEWS["readme"] = {"viewport": {"width": 1280, "height": 1420}, "color_scheme": "light"}
            target = ROOT / "book" / "_static" / "screenshot.png"
            shoot(chromium, address, "book/intro.html", "readme", target, full=False)
            Image.open(target).quantize(128).save(target, optimize=True)  # a third of the size
            pages = []
        for page in pages:
            for view in options.views:
                target = folder / f"{page.removesuffix('.html').replace('/', '-')}-{view}.png"
                shoot(chromium, address, page, view, target, options.full)
                print(target.relative_to(ROOT))
        chromium.close()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
