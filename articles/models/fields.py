"""Model fields that keep themselves right on every way into the database, bulk writes included.

Migrations record the plain Django field beneath, so that they never depend on this module.
"""

from collections.abc import Callable
from typing import Any

from django.db import models

from articles.content.excerpts import excerpt
from articles.content.folding import fold_headline
from articles.content.sanitising import CleanHTML, clean_html
from articles.content.text import html_to_text, word_count


class CleanHTMLField(models.TextField):
    """HTML of the allowlist and nothing else: cleaned before it is written, whoever writes it.

    What comes from the database is marked as clean: templates show it as it is, and saving it again costs nothing.
    """

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> CleanHTML | None:
        return None if value is None else CleanHTML(value)

    def to_python(self, value: Any) -> CleanHTML | None:
        """Fixtures come this way, past `pre_save`: they are input like any other."""
        return None if value is None else clean_html(value)

    def pre_save(self, model_instance: models.Model, add: bool) -> str:  # noqa: FBT001 - Django's signature
        cleaned = clean_html(getattr(model_instance, self.attname) or "")
        setattr(model_instance, self.attname, cleaned)
        return cleaned

    def deconstruct(self) -> tuple[str, str, Any, Any]:
        name, _, args, kwargs = super().deconstruct()
        return name, "django.db.models.TextField", args, kwargs


class DerivedField(models.Field):
    """A column computed from another one of the same row; mix it into a concrete field."""

    derive: Callable[[str], Any]
    plain: str

    def __init__(self, *args: Any, source: str = "", **kwargs: Any) -> None:
        self.source = source
        kwargs["editable"] = False
        super().__init__(*args, **kwargs)

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:  # noqa: FBT001 - Django's signature
        value = type(self).derive(getattr(model_instance, self.source) or "")
        setattr(model_instance, self.attname, value)
        return value

    def deconstruct(self) -> tuple[str, str, Any, Any]:
        name, _, args, kwargs = super().deconstruct()
        return name, self.plain, args, kwargs


class HeadlineKeyField(DerivedField, models.CharField):
    """The folded headline by which references in other texts find this row."""

    derive = staticmethod(fold_headline)
    plain = "django.db.models.CharField"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"max_length": 300, "db_index": True, "source": "headline", "blank": True, **kwargs})


class WordCountField(DerivedField, models.PositiveIntegerField):
    derive = staticmethod(word_count)
    plain = "django.db.models.PositiveIntegerField"


class ExcerptField(DerivedField, models.CharField):
    """The opening of a body as plain text, so that lists need not read whole bodies."""

    derive = staticmethod(excerpt)
    plain = "django.db.models.CharField"


class BodyTextField(DerivedField, models.TextField):
    """The words of a body: what the index of the database reads. No fixture carries it: who loads one derives it."""

    derive = staticmethod(html_to_text)
    plain = "django.db.models.TextField"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"source": "body", "blank": True, "default": "", "serialize": False, **kwargs})


class ListedAtField(models.DateTimeField):
    """When the story that a row belongs to was published, and nothing while it is not: lists go by an index of it.

    The database keeps it, whoever writes to either table: see `articles.models.listed_at`.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"null": True, "editable": False, "serialize": False, **kwargs})

    def deconstruct(self) -> tuple[str, str, Any, Any]:
        name, _, args, kwargs = super().deconstruct()
        return name, "django.db.models.DateTimeField", args, kwargs
