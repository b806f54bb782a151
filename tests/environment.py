"""The environment in which tests run: what newsroom/settings.py reads, and nothing of this machine's own."""

import os
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SETTINGS = ROOT / "newsroom" / "settings.py"

# The database is the one thing that whoever runs the tests may choose.
CHOSEN_BY_CALLER = {"DATABASE_URL"}


def variables_read() -> set[str]:
    """The names that newsroom/settings.py asks the environment for."""
    return set(re.findall(r'\benv\.[a-z_]+\(\s*"([A-Z][A-Z0-9_]*)"', SETTINGS.read_text(encoding="utf-8")))


def lay_out(data_dir: str) -> None:
    """Make the process's environment that of a new site which keeps its data in ``data_dir``."""
    for name in variables_read() - CHOSEN_BY_CALLER:
        os.environ.pop(name, None)
        os.environ.pop(f"{name}_FILE", None)
    os.environ["DATA_DIR"] = data_dir
    os.environ["SECRET_KEY"] = "known to every reader of this file; good for tests alone"
    os.environ["DJANGO_SETTINGS_MODULE"] = "newsroom.settings"
