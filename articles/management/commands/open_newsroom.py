"""Opens a new site: its name, sections and people, its first stories, and an account to sign in with."""

import io
import secrets
from collections import Counter, deque
from itertools import count
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from articles.importers.base import Refused
from articles.importers.options import Options
from articles.importers.outcomes import Action, summarise
from articles.importers.running import import_paths
from articles.importers.site_file import apply_site_file, name_site
from articles.models import Article
from articles.related.suggestions import relate_missing

# Syllables that are read, said and typed without mistakes: 70 of them, so that ten hold 61 bits.
_SYLLABLES: Final = [consonant + vowel for consonant in "bdfghklmnprstv" for vowel in "aeiou"]


class Command(BaseCommand):
    help = "Open a new site with the stories of a folder. A site that has stories keeps all as it is."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--seeds", type=Path, metavar="DIR", help="default: seeds, at the top of the project")

    def handle(self, *args: Any, **options: Any) -> None:
        folder = options["seeds"] or Path(settings.BASE_DIR) / "seeds"
        if options["seeds"] and not folder.is_dir():
            raise CommandError(f"There is no folder “{folder}”.", returncode=2)
        # All or nothing: after an interruption the site is still to be opened. Two that start at once wait in line.
        with transaction.atomic():
            if Article.objects.exists():
                name_site()
                self.stdout.write(f"The newsroom is open: {Article.objects.originals().count():,} articles.")
                is_new = False
            else:
                self._open(folder)
                is_new = True
            self._ensure_account()
        if is_new:
            deque(relate_missing(), maxlen=0)

    def _open(self, folder: Path) -> None:
        try:
            if not apply_site_file(folder):
                name_site()
        except Refused as refusal:
            raise CommandError(f"{refusal.path}: {refusal.message}", returncode=1) from refusal
        counts: Counter[Action] = Counter()
        if folder.is_dir():
            for outcome in import_paths([str(folder)], Options(), io.BytesIO()):
                counts[outcome.action] += 1
                if outcome.action == Action.REFUSED:
                    self.stderr.write(f"{outcome.action}: {outcome}")
        self.stdout.write(f"The newsroom opens: {summarise(counts)}")

    def _ensure_account(self) -> None:
        """Without somebody who may do everything nobody can let others in."""
        users = get_user_model().objects
        if users.filter(is_superuser=True, is_active=True).exists():
            return
        names = ("editor" if number == 1 else f"editor{number}" for number in count(1))
        name = next(name for name in names if not users.filter(username=name).exists())
        password = make_password()
        users.create_superuser(username=name, email="", password=password)
        self.stdout.write(f"Account: {name} / password: {password}")


def make_password() -> str:
    """Such as “kobu-temi-rasu-dolo-vine”."""
    return "-".join("".join(secrets.choice(_SYLLABLES) for _ in range(2)) for _ in range(5))
