"""What the benchmarks share: the lines they want printed at the end, beside pytest-benchmark's own table."""

from __future__ import annotations

import pytest

LINES = pytest.StashKey[list[str]]()


def pytest_configure(config: pytest.Config) -> None:
    config.stash[LINES] = []


@pytest.fixture(scope="session")
def lines(request: pytest.FixtureRequest) -> list[str]:
    """Append to it what is to be read after the run."""
    return request.config.stash[LINES]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    for line in config.stash[LINES]:
        terminalreporter.write_line(line)
