"""What a planned text becomes, before it is written: the article's row with its section, picture, times and tags."""

import io
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.conf import settings
from django.utils import timezone

from articles.content.slugs import headline_slug
from articles.content.tag_proposals import KnownTags, propose_tags
from articles.content.text import text_to_html
from articles.importers.base import ImportedArticle, ImportedPicture, Refused
from articles.importers.options import Options
from articles.importers.outcomes import Action
from articles.importers.planning import Plan
from articles.models import Article, Image, Section
from articles.pictures.storing import PictureRefused, keep_row, prepare_picture, store_files

_MAX_TAG: Final = 100


@dataclass(slots=True)
class Story:
    """A plan on its way into the database."""

    plan: Plan
    row: Article
    tags: list[str]

    @property
    def imported(self) -> ImportedArticle:
        return self.plan.article

    @property
    def day(self) -> datetime:
        return self.row.published_at or timezone.now()


def aware(moment: datetime | None) -> datetime | None:
    """A time without a zone is in the site's own."""
    return timezone.make_aware(moment) if moment is not None and timezone.is_naive(moment) else moment


class Builder:
    """Builds stories of one run; knows the sections and the tags of the site."""

    def __init__(self, options: Options, source: str) -> None:
        self.options = options
        self.source = source
        self.sections = {section.slug: section for section in Section.objects.all()}
        self.known_tags = KnownTags(())

    def learn_tags(self, names: Iterable[str]) -> None:
        self.known_tags = KnownTags(names)

    def check(self, imported: ImportedArticle) -> None:
        """Raise Refused where building would, and leave nothing behind."""
        self._section_of(imported)
        if imported.picture:
            try:
                prepare_picture(io.BytesIO(imported.picture.data))
            except PictureRefused as error:
                raise _refuse_picture(imported.picture, error) from error

    def ready(self, imported: ImportedArticle) -> Image | None:
        """Do what takes long, before the transaction: others want to write. Returns the picture, its row not saved.

        Raises Refused for a section that is not there, and for a picture that cannot be used.
        """
        self._section_of(imported)
        return self._store_picture(imported.picture)

    def build(self, plan: Plan, picture: Image | None) -> Story:
        """The story of a text that is ready."""
        imported = plan.article
        row = plan.target or Article(import_source=self.source, import_id=plan.import_id, status=self.options.status)
        row.import_hash = imported.content_hash
        row.headline = imported.headline
        row.dek = imported.dek
        row.body = text_to_html(imported.blocks)
        row.dateline = imported.dateline
        row.section = self._section_of(imported)
        row.story_type = imported.story_type or Article.StoryType.NEWS
        row.language = imported.language or self.options.language or settings.LANGUAGE_CODE
        row.canonical_url = imported.canonical_url
        row.updated_at = aware(imported.updated_at)
        row.lead_image = keep_row(picture) if picture else None
        self._set_times(row, imported, is_new=plan.action == Action.CREATED)
        return Story(plan, row, self._tags_of(imported, row.language))

    def _section_of(self, imported: ImportedArticle) -> Section | None:
        if imported.section:
            section = self.sections.get(headline_slug(imported.section, max_length=80))
            if section is None:
                known = ", ".join(sorted(self.sections)) or "none yet"
                raise Refused(f"There is no section “{imported.section}”; expected one of: {known}.")
            return section
        return self.options.section or self.sections.get(headline_slug(imported.folder, max_length=80))

    @staticmethod
    def _store_picture(picture: ImportedPicture | None) -> Image | None:
        if picture is None:
            return None
        image = Image(
            alt_text=picture.alt,
            decorative=picture.decorative,
            caption=picture.caption,
            credit=picture.credit,
            licence=picture.licence,
            focal_x=picture.focal_x,
            focal_y=picture.focal_y,
        )
        try:
            store_files(image, io.BytesIO(picture.data))
        except PictureRefused as error:
            raise _refuse_picture(picture, error) from error
        return image

    def _set_times(self, row: Article, imported: ImportedArticle, *, is_new: bool) -> None:
        """A new article gets its times; a new version of one moves only with a date that the text itself says."""
        said = aware(imported.published_at)
        now = timezone.now()
        if not is_new:
            row.published_at = said or row.published_at
            if row.first_published_at and row.first_published_at > now:  # no reader has seen it
                row.first_published_at = row.published_at
            return
        row.published_at = said or self.options.published_at
        if row.status in {Article.Status.PUBLISHED, Article.Status.WITHDRAWN}:
            row.published_at = row.published_at or min(imported.file_time or now, now)
            row.first_published_at = row.published_at

    def _tags_of(self, imported: ImportedArticle, language: str) -> list[str]:
        names = [*imported.tags, *self.options.tags]
        if self.options.suggest_tags:
            proposals = propose_tags(imported.headline, imported.paragraphs, known=self.known_tags, language=language)
            names += [proposal.name for proposal in proposals]
        once = {name.casefold(): name for name in reversed(names) if len(name) <= _MAX_TAG}
        return list(reversed(once.values()))


def _refuse_picture(picture: ImportedPicture, error: PictureRefused) -> Refused:
    return Refused(f"The picture “{picture.file}”: {error}")
