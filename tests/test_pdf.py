"""Oracle: pypdf reads what was printed: sheets, numbers, outline, links, and text that a page has."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
import site_check
from pypdf import PdfReader, PdfWriter
from pypdf.annotations import Link

from tools import pdf

SITE = pdf.SITE
TOC = {"root": "book/intro", "parts": [{"caption": "Reference", "chapters": [{"file": "book/changelog"}]}]}


@pytest.fixture(scope="module")
def printed(tmp_path_factory):
    """The page *Check your own derivation* by itself, and a book of three pages."""
    assert (SITE / "index.html").is_file(), site_check.MISSING
    folder = tmp_path_factory.mktemp("pdf")
    assert pdf.main(["book/check"], out=folder) == 0
    return folder


def outline(reader: PdfReader) -> list[str]:
    found = []
    for item in reader.outline:
        found += (
            [str(one.title) for one in item if not isinstance(one, list)]
            if isinstance(item, list)
            else [str(item.title)]
        )
    return found


def test_a_page_has_numbers_bookmarks_and_no_link_to_the_machine_that_printed_it(printed):
    reader = PdfReader(printed / "check.pdf")
    assert [sheet.extract_text().strip().splitlines()[-1] for sheet in reader.pages] == [
        str(k + 1) for k in range(len(reader.pages))
    ]
    assert outline(reader)[:2] == ["Check your own derivation", "How to write"]
    whole = "\n".join(sheet.extract_text() for sheet in reader.pages)
    assert "derivation" in whole
    assert "Show the code" not in whole
    assert "Ctrl" not in whole
    assert b"127.0.0.1" not in (printed / "check.pdf").read_bytes()


class Paper:
    """A printer whose pages are made here: the joining is what is asked about."""

    address = "http://127.0.0.1:1"

    def __init__(self, lengths: dict[str, int], contents: int = 1) -> None:
        self.lengths, self.contents, self.front = lengths, contents, []

    def page(self, doc: str) -> PdfReader:
        return self._sheets(self.lengths[doc], doc)

    def html(self, text: str, **paper) -> PdfReader:
        self.front.append(text)
        return self._sheets(self.contents)

    def _sheets(self, count: int, title: str = "") -> PdfReader:
        writer, buffer = PdfWriter(), io.BytesIO()
        for _ in range(count):
            writer.add_blank_page(100, 100)
        if title:
            writer.add_outline_item(title=title, page_number=0)
        writer.write(buffer)
        return PdfReader(buffer)


def test_the_contents_count_the_sheets_before_each_page():
    printer = Paper({"book/intro": 3, "book/changelog": 2}, contents=2)
    writer = pdf.whole(printer, "T", TOC)
    assert len(writer.pages) == 7
    assert "book/intro</a><span></span>3</p>" in printer.front[-1]
    assert "book/changelog</a><span></span>6</p>" in printer.front[-1]
    assert "<h2>Reference</h2>" in printer.front[-1]


def test_a_link_within_the_book_leads_to_its_sheet_and_no_other_is_kept():
    writer = PdfWriter()
    for _ in range(2):
        writer.add_blank_page(100, 100)
    for address in (
        "http://127.0.0.1:1/book/b.html#part",
        "http://127.0.0.1:1/search.html",
        "https://example.org/",
    ):
        writer.add_annotation(0, Link(rect=(0, 0, 9, 9), url=address))
    assert pdf.turn_links(writer, "http://127.0.0.1:1", {"book/b": 1}) == 1
    inner, lost, outer = (one.get_object() for one in writer.pages[0]["/Annots"])
    assert inner["/Dest"][0] == writer.pages[1].indirect_reference
    assert "/A" not in inner
    assert "/A" not in lost
    assert "/Dest" not in lost
    assert outer["/A"]["/URI"] == "https://example.org/"


def test_what_is_missing_is_one_sentence(tmp_path, capsys):
    assert pdf.main([], site=tmp_path) == 1
    assert "make book first" in capsys.readouterr().err
    with pytest.raises(pdf.PdfError, match="There is no page '99'"):
        pdf.chosen(["99"], ["notebooks/07-x"])
    assert pdf.chosen(["07", "check"], ["notebooks/07-x", "book/check"]) == ["notebooks/07-x", "book/check"]
    assert Path(pdf.OUT).parts[-2:] == ("_build", "pdf")
