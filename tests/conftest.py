"""Fixtures: one thread for each test, a bare machine, and an MNIST of 60 + 20 random images."""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path

import numpy as np
import pytest
from synthetic_mnist import idx

COURSE_VARIABLES = ("COURSE_DATA", "COURSE_TIER", "COURSE_OFFLINE", "COURSE_DEVICE", "COURSE_CACHE")


@pytest.fixture(autouse=True)
def one_thread() -> None:
    """Tests run side by side on few cores, where PyTorch's threads would mostly wait for each other."""
    if "torch" in sys.modules:
        sys.modules["torch"].set_num_threads(1)


@pytest.fixture
def bare_machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No data folder, no cache, no network and no GPU, whatever this machine has."""
    from helpers.data import _cifar_tiers, _download, _tiers

    for name in COURSE_VARIABLES:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("COURSE_DEVICE", "cpu")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr(_tiers, "ROOT", tmp_path / "repository")
    monkeypatch.setenv("TORCH_HOME", str(tmp_path / "torch"))
    monkeypatch.setattr(_download, "HOST", "http://nobody.invalid/")
    monkeypatch.setattr(_cifar_tiers, "URL", "http://nobody.invalid/cifar")
    _download._attempt.cache_clear()


@pytest.fixture(scope="module")
def chromium():
    """The browser, for one module: while it is open its thread runs an event loop, and can run no other."""
    import browser
    from playwright.sync_api import sync_playwright

    executable = browser.find()
    assert executable, browser.ADVICE
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=executable, args=browser.FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def arrays() -> dict[str, np.ndarray]:
    """The four arrays of the small MNIST by the names of their files."""
    from helpers.data import _tiers

    random = np.random.default_rng(3)
    contents = []
    for n in (60, 20):
        contents.append(random.integers(0, 256, (n, 28, 28), dtype=np.uint8))
        contents.append(random.permutation(np.arange(n) % 10).astype(np.uint8))
    return dict(zip(_tiers.FILES, contents, strict=True))


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch, arrays: dict[str, np.ndarray]) -> None:
    """Let the small MNIST be the published one."""
    from helpers.data import _mnist, _tiers

    for name, array in arrays.items():
        monkeypatch.setitem(_tiers.FILES, name, hashlib.sha256(idx(array)).hexdigest())
    monkeypatch.setattr(_mnist, "FULL", 60)
