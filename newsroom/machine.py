"""What this machine, or the container on it, has to give: processors and memory."""

import os
from pathlib import Path
from typing import Final

MEBIBYTE: Final = 2**20
# What a worker needs when it has been up for a day: Django, its part of the page cache, what a large import leaves behind.
MEMORY_OF_WORKER: Final = 256 * MEBIBYTE
# More processes keep more copies of the same pages; whoever has so many processors says how many workers it shall be.
MOST_WORKERS: Final = 8
CONTROL_GROUPS: Final = Path("/sys/fs/cgroup")


def default_workers() -> int:
    """One for each processor, as far as half of the memory reaches."""
    return max(1, min(processors(), memory() // 2 // MEMORY_OF_WORKER, MOST_WORKERS))


def processors(groups: Path = CONTROL_GROUPS) -> int:
    """Those that this process may run on, as far as its container may use them; one at least."""
    usable = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(1, min(usable, _share_of_processors(groups) or usable))


def memory(groups: Path = CONTROL_GROUPS) -> int:
    """Bytes: the machine's, or the limit of the container."""
    limits = [_number(groups / "memory.max"), _number(groups / "memory/memory.limit_in_bytes")]
    return min([_physical_memory(), *(limit for limit in limits if limit)])


def _share_of_processors(groups: Path) -> int | None:
    """Microseconds of processor in each period, as control groups of version 2 and 1 say it; None where it is no matter."""
    quota, _, period = _text(groups / "cpu.max").partition(" ")
    if not period:
        quota, period = _text(groups / "cpu/cpu.cfs_quota_us"), _text(groups / "cpu/cpu.cfs_period_us")
    if not (quota.isdecimal() and period.isdecimal()):
        return None
    # A worker on half a processor is better than none.
    return max(1, int(quota) // max(1, int(period)))


def _physical_memory() -> int:
    try:
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (AttributeError, ValueError):  # not every system says it
        return MOST_WORKERS * MEMORY_OF_WORKER * 2


def _number(path: Path) -> int | None:
    text = _text(path)
    return int(text) if text.isdecimal() else None


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError):
        return ""
