"""How many workers fit."""

import os

import pytest

from newsroom import machine
from newsroom.machine import MEBIBYTE, default_workers, memory, processors


@pytest.fixture
def groups(tmp_path):
    (tmp_path / "cpu").mkdir()
    (tmp_path / "memory").mkdir()
    return tmp_path


@pytest.fixture
def of_eight(monkeypatch):
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: set(range(8)), raising=False)


@pytest.mark.parametrize(
    ("quota", "number"), [("max 100000", 8), ("200000 100000", 2), ("50000 100000", 1), ("nonsense", 8)]
)
@pytest.mark.usefixtures("of_eight")
def test_container_uses_no_more_processors_than_its_share(groups, quota, number):
    (groups / "cpu.max").write_text(f"{quota}\n")
    assert processors(groups) == number


@pytest.mark.usefixtures("of_eight")
def test_older_control_groups_are_understood(groups):
    (groups / "cpu/cpu.cfs_quota_us").write_text("300000\n")
    (groups / "cpu/cpu.cfs_period_us").write_text("100000\n")
    (groups / "memory/memory.limit_in_bytes").write_text(f"{64 * MEBIBYTE}\n")
    assert processors(groups) == 3
    assert memory(groups) == 64 * MEBIBYTE


@pytest.mark.usefixtures("of_eight")
def test_older_control_groups_without_a_limit_leave_the_machine_as_it_is(groups):
    (groups / "cpu/cpu.cfs_quota_us").write_text("-1\n")
    (groups / "cpu/cpu.cfs_period_us").write_text("100000\n")
    assert processors(groups) == 8


def test_limit_above_the_memory_of_the_machine_is_none(groups):
    (groups / "memory.max").write_text("max\n")
    physical = memory(groups)
    (groups / "memory.max").write_text(f"{physical * 2}\n")
    assert memory(groups) == physical


@pytest.mark.parametrize(
    ("cores", "mebibytes", "workers"),
    [(2, 24_000, 2), (4, 1_024, 2), (1, 256, 1), (96, 400_000, 8)],
)
def test_workers_fit_processors_and_memory(monkeypatch, cores, mebibytes, workers):
    monkeypatch.setattr(machine, "processors", lambda: cores)
    monkeypatch.setattr(machine, "memory", lambda: mebibytes * MEBIBYTE)
    assert default_workers() == workers
