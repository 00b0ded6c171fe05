"""Oracle: counting, with and without what `make trial` sets."""

from __future__ import annotations

import pytest
from sampling import often, sample

IDS = [f"topic.line-{k}" for k in range(600)]


@pytest.fixture(autouse=True)
def no_trial(monkeypatch):
    monkeypatch.delenv("COURSE_TRIAL", raising=False)


def test_about_one_in_six_in_their_order():
    found = sample(IDS, 6)
    assert 70 <= len(found) <= 130
    assert found == [id for id in IDS if id in found]


def test_a_new_id_changes_nothing_for_the_others():
    before, after = sample(IDS, 6), sample(["a.new-one", *IDS[:300], "another.new-one", *IDS[300:]], 6)
    assert [id for id in after if id in IDS] == before


def test_a_trial_takes_all_and_tries_longer(monkeypatch):
    assert often(60) == 60
    monkeypatch.setenv("COURSE_TRIAL", "1")
    assert sample(IDS, 6) == IDS
    assert often(60) == 600
