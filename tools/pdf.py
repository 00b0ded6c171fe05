"""Print the built site as PDF: python tools/pdf.py [01 …], part of `make pdf`.

Without a number the whole book: each page is printed by Chromium, a page of contents with page numbers goes
before them, every sheet gets its number, links between pages lead within the file, and the outline has every
chapter with its sections. With numbers (or names of pages) those pages alone, each in a file of its own.
"""

from __future__ import annotations

import argparse
import io
import sys
from collections.abc import Iterator
from html import escape
from pathlib import Path
from urllib.parse import unquote, urlsplit

import browser
import site_server
import yaml
from playwright.sync_api import Browser, sync_playwright
from pypdf import PdfReader, PdfWriter
from pypdf.generic import ArrayObject, DictionaryObject, Fit, NameObject, NullObject

ROOT = Path(__file__).resolve().parents[1]
SITE = ROOT / "_build" / "html"
OUT = ROOT / "_build" / "pdf"
PAPER = {"format": "A4", "margin": {"top": "18mm", "bottom": "22mm", "left": "18mm", "right": "18mm"}}
OPEN = """async () => {
  document.documentElement.dataset.theme = "light";
  for (const image of document.querySelectorAll("img[loading=lazy]")) image.loading = "eager";
  await window.MathJax?.startup?.promise;
  await Promise.all([...document.images].map(image => image.decode().catch(() => {})));
}"""
SHEET = """<!DOCTYPE html><html lang="en"><style>
  @page { size: A4; margin: 0 } body { margin: 0; font: 9pt system-ui, sans-serif; color: #5a6372 }
  div { height: 297mm; break-after: page; position: relative }
  span { position: absolute; bottom: 11mm; width: 100%; text-align: center }
</style>"""
CONTENTS = """<!DOCTYPE html><html lang="en"><title>Contents</title><style>
  body { font: 11pt/1.7 Charter, Georgia, serif } h1 { font: 650 26pt system-ui, sans-serif }
  h2 { font: 650 11pt system-ui, sans-serif; margin: 1em 0 0 } p { display: flex; margin: 0 }
  p span { flex: 1; border-bottom: 1px dotted #8a93a0; margin: 0 0.4em 0.4em }
  a { color: inherit; text-decoration: none }
</style>"""


class PdfError(Exception):
    """What is missing, and what to do, in one sentence."""


# ---------------------------------------------------------------- which pages
def parts(toc: dict) -> Iterator[tuple[str, list[str]]]:
    """The parts of _toc.yml with their pages, the landing page first, in a part without a name."""
    yield "", [toc["root"]]
    for part in toc["parts"]:
        yield part["caption"], [chapter["file"] for chapter in part["chapters"]]


def chosen(names: list[str], pages: list[str]) -> list[str]:
    """The pages that are meant by "07", "book/check" or "check". Raises PdfError for another."""
    found = []
    for name in names:
        fits = [
            page
            for page in pages
            if page == name or Path(page).name == name or Path(page).name.startswith(f"{name}-")
        ]
        if not fits:
            raise PdfError(
                f"There is no page {name!r}: give a chapter's number, as 07, or a page, as book/check."
            )
        found += fits
    return found


# ---------------------------------------------------------------- printing
class Printer:
    """A browser that prints pages of the served site."""

    def __init__(self, chromium: Browser, address: str) -> None:
        self.address = address
        self.tab = chromium.new_context(color_scheme="light", reduced_motion="reduce").new_page()
        self.tab.set_default_timeout(120_000)

    def page(self, doc: str) -> PdfReader:
        self.tab.goto(f"{self.address}/{doc}.html", wait_until="load")
        self.tab.evaluate(OPEN)
        return self._print(outline=True, tagged=True, **PAPER)

    def html(self, text: str, **paper) -> PdfReader:
        self.tab.set_content(text)
        return self._print(**paper)

    def _print(self, **options) -> PdfReader:
        self.tab.emulate_media(media="print", color_scheme="light")
        return PdfReader(io.BytesIO(self.tab.pdf(print_background=True, **options)))


def contents(title: str, listed: list[tuple[str, list[tuple[str, str, int]]]], address: str) -> str:
    """The page of contents as HTML: parts, and in each the titles with their page numbers."""
    lines = [CONTENTS, f"<h1>{escape(title)}</h1>"]
    for caption, entries in listed:
        lines.append(f"<h2>{escape(caption)}</h2>" if caption else "")
        for doc, heading, number in entries:
            lines.append(f'<p><a href="{address}/{doc}.html">{escape(heading)}</a><span></span>{number}</p>')
    return "\n".join(lines)


# ---------------------------------------------------------------- joining
def headings(reader: PdfReader) -> list:
    """Chromium's outline of one page: its title, and below it the sections."""
    return [item for item in reader.outline if not isinstance(item, list)] if reader.outline else []


def title_of(reader: PdfReader, doc: str) -> str:
    found = headings(reader)
    return str(found[0].title).removesuffix("#").strip() if found else Path(doc).name


def add_outline(writer: PdfWriter, reader: PdfReader, first: int, parent) -> None:
    """The outline of one page below `parent`, its sheets counted from `first`."""

    def add(items: list, above) -> None:
        last = above
        for item in items:
            if isinstance(item, list):
                add(item, last)
                continue
            sheet = reader.get_destination_page_number(item)
            title = str(item.title).removesuffix("#").strip()
            place = Fit.xyz(left=0, top=float(item.top)) if item.top is not None else Fit.fit()
            last = writer.add_outline_item(title=title, page_number=first + sheet, parent=above, fit=place)

    add(reader.outline, parent)


def turn_links(writer: PdfWriter, address: str, firsts: dict[str, int]) -> int:
    """Let links to pages that are in the file lead there; how many were turned."""
    turned = 0
    for sheet in writer.pages:
        for reference in sheet.get("/Annots", []):
            annotation = reference.get_object()
            action = annotation.get("/A", DictionaryObject()).get_object()
            uri = str(action.get("/URI", ""))
            if not uri.startswith(f"{address}/"):
                continue
            doc = unquote(urlsplit(uri).path).strip("/").removesuffix(".html")
            if doc in firsts:
                annotation[NameObject("/Dest")] = top_of(writer.pages[firsts[doc]].indirect_reference)
                turned += 1
            del annotation["/A"]  # what is not in the file was served by this machine only
    return turned


def top_of(sheet) -> ArrayObject:
    """The destination at the head of a sheet, in the reader's own magnification."""
    return ArrayObject([sheet, NameObject("/XYZ"), NullObject(), NullObject(), NullObject()])


def number_sheets(writer: PdfWriter, printer: Printer) -> None:
    """The number of every sheet, at its foot."""
    sheets = "".join(f"<div><span>{k}</span></div>" for k in range(1, len(writer.pages) + 1))
    stamps = printer.html(SHEET + sheets, prefer_css_page_size=True)
    for sheet, stamp in zip(writer.pages, stamps.pages, strict=False):
        sheet.merge_page(stamp)


def whole(printer: Printer, title: str, toc: dict) -> PdfWriter:
    """The book: contents, then every page; the contents are printed twice, as their length moves the rest."""
    printed = {doc: printer.page(doc) for _, docs in parts(toc) for doc in docs}
    length, listed, firsts = 1, [], {}
    for _ in range(2):
        listed, firsts, at = [], {}, length
        for caption, docs in parts(toc):
            entries = []
            for doc in docs:
                firsts[doc] = at
                entries.append((doc, title_of(printed[doc], doc), at + 1))
                at += len(printed[doc].pages)
            listed.append((caption, entries))
        front = printer.html(contents(title, listed, printer.address), **PAPER)
        length = len(front.pages)
    writer = PdfWriter()
    writer.append(front, import_outline=False)
    writer.add_outline_item(title="Contents", page_number=0)
    for caption, docs in parts(toc):
        above = writer.add_outline_item(title=caption, page_number=firsts[docs[0]]) if caption else None
        for doc in docs:
            writer.append(printed[doc], import_outline=False)
            add_outline(writer, printed[doc], firsts[doc], above)
    turn_links(writer, printer.address, firsts)
    return writer


def single(printer: Printer, doc: str) -> PdfWriter:
    """One page as a file of its own."""
    reader, writer = printer.page(doc), PdfWriter()
    writer.append(reader, import_outline=False)
    add_outline(writer, reader, 0, None)
    turn_links(writer, printer.address, {doc: 0})
    return writer


def save(writer: PdfWriter, printer: Printer, path: Path, title: str) -> None:
    number_sheets(writer, printer)
    writer.add_metadata({"/Title": title})
    writer.compress_identical_objects()
    path.parent.mkdir(parents=True, exist_ok=True)
    writer.write(path)
    shown = path.relative_to(ROOT) if path.is_relative_to(ROOT) else path
    print(f"{shown}: {len(writer.pages)} sheets, {path.stat().st_size / 1e6:.1f} MB")


def main(names: list[str], site: Path = SITE, out: Path = OUT) -> int:
    toc = yaml.safe_load((ROOT / "_toc.yml").read_text(encoding="utf-8"))
    title = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))["title"]
    try:
        executable = browser.find()
        if executable is None:
            raise PdfError(browser.ADVICE)
        if not (site / "index.html").is_file():
            raise PdfError("The site is not built: run make book first.")
        docs = chosen(names, [doc for _, docs in parts(toc) for doc in docs])
        with site_server.serve(site) as address, sync_playwright() as playwright:
            printer = Printer(
                playwright.chromium.launch(executable_path=executable, args=browser.FLAGS), address
            )
            for doc in docs:
                save(single(printer, doc), printer, out / f"{Path(doc).name}.pdf", title)
            if not docs:
                save(whole(printer, title, toc), printer, out / "show-your-work.pdf", title)
    except (PdfError, browser.BrowserError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("pages", nargs="*", help="chapters by number, or pages; none: the whole book")
    raise SystemExit(main(parser.parse_args().pages))
