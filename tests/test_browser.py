"""Oracle: what must be said when there is no browser, with every way of finding one taken away."""

from __future__ import annotations

import sys
from pathlib import Path

import browser


def test_a_wrong_browser_setting_is_one_sentence(monkeypatch, capsys):
    monkeypatch.setenv("CHROMIUM", "/no/such/browser")
    assert browser.main() == 1
    assert capsys.readouterr().err == (
        "CHROMIUM is set to '/no/such/browser', which is no executable file: correct or unset it.\n"
    )


def test_the_browser_setting_comes_first(monkeypatch):
    monkeypatch.setenv("CHROMIUM", sys.executable)
    assert browser.find() == Path(sys.executable)


def test_no_browser_at_all_is_one_sentence(monkeypatch, capsys):
    monkeypatch.delenv("CHROMIUM", raising=False)
    for name in ("on_path", "of_playwright"):
        monkeypatch.setattr(browser, name, lambda: None)
    monkeypatch.setattr(browser, "quietly", lambda *command: False)
    assert browser.main() == 1
    assert capsys.readouterr().err.splitlines()[-1] == browser.ADVICE


def test_a_browser_is_installed_if_that_is_possible(monkeypatch, tmp_path):
    commands = []
    monkeypatch.setattr(browser, "quietly", lambda *command: commands.append(command) or True)
    monkeypatch.setattr(browser, "of_playwright", lambda: tmp_path / "chrome")
    assert browser.install() == tmp_path / "chrome"
    assert commands[0][1:] == ("-m", "playwright", "install", "chromium")
