"""Articles, and the bylines that join them to their authors."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.functional import cached_property
from taggit.managers import TaggableManager

from articles.content.text import reading_minutes
from articles.models.author import Author
from articles.models.fields import (
    BodyTextField,
    CleanHTMLField,
    DerivedField,
    ExcerptField,
    HeadlineKeyField,
    ListedAtField,
    WordCountField,
)
from articles.models.image import Image
from articles.models.json_rows import row_of
from articles.models.natural_keys import Identified
from articles.models.permalinks import address_of
from articles.models.querysets import ArticleQuerySet, BylineQuerySet
from articles.models.tag import TaggedArticle


def site_language() -> str:
    """The language of a story of which nothing else is said."""
    return settings.LANGUAGE_CODE


class Article(Identified):  # type: ignore[django-manager-missing]
    class Status(models.TextChoices):
        DRAFT = "draft", "Draft"
        IN_REVIEW = "in_review", "In review"
        APPROVED = "approved", "Approved"
        PUBLISHED = "published", "Published"
        WITHDRAWN = "withdrawn", "Withdrawn"

    class StoryType(models.TextChoices):
        NEWS = "news", "News"
        ANALYSIS = "analysis", "Analysis"
        OPINION = "opinion", "Opinion"
        FEATURE = "feature", "Feature"
        INTERVIEW = "interview", "Interview"
        REVIEW = "review", "Review"

    headline = models.CharField(max_length=300)
    headline_key = HeadlineKeyField()
    slug = models.SlugField(
        max_length=120,
        allow_unicode=True,
        help_text="The last part of its address. The old address goes on working when it changes.",
    )
    dek = models.CharField(max_length=500, blank=True, help_text="The sentence under the headline.")
    body = CleanHTMLField(blank=True)
    excerpt = ExcerptField(source="body", max_length=400, blank=True, default="")
    body_text = BodyTextField()
    word_count = WordCountField(source="body", default=0)
    dateline = models.CharField(
        max_length=120, blank=True, help_text="Where it was reported, for example “MANBIJ, Syria”."
    )

    section = models.ForeignKey(
        "articles.Section",
        # A section with stories is renamed or emptied first.
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="articles",
    )
    authors = models.ManyToManyField(Author, through="articles.Byline", related_name="articles")
    tags = TaggableManager(through=TaggedArticle, blank=True)
    story_type = models.CharField(max_length=20, choices=StoryType, default=StoryType.NEWS)
    language = models.CharField(max_length=20, default=site_language)
    lead_image = models.ForeignKey(Image, on_delete=models.SET_NULL, null=True, blank=True, related_name="leads")
    lead_caption = models.CharField(max_length=500, blank=True, help_text="Here instead of the picture’s own caption.")

    status = models.CharField(max_length=20, choices=Status, default=Status.DRAFT)
    published_at = models.DateTimeField(
        null=True, blank=True, help_text="From when readers see it; a later time schedules it."
    )
    first_published_at = models.DateTimeField(null=True, blank=True, editable=False)
    updated_at = models.DateTimeField(
        null=True, blank=True, help_text="The last update that readers should know of; empty for none."
    )
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, editable=False, related_name="+"
    )
    modified_at = models.DateTimeField(auto_now=True)
    embargoed_until = models.DateTimeField(
        null=True, blank=True, help_text="Until then no reader sees it, published or not."
    )
    expires_at = models.DateTimeField(null=True, blank=True, help_text="From when readers no longer see it.")

    canonical_url = models.URLField(
        "canonical address", max_length=500, blank=True, help_text="Where the original of a syndicated story stands."
    )
    seo_title = models.CharField("title for search engines", max_length=120, blank=True)
    seo_description = models.CharField("description for search engines", max_length=320, blank=True)

    # A working copy: what is being written for a story that readers have already. It is a row like any other, with
    # bylines and links of its own, and never public itself.
    replaces = models.OneToOneField(
        "self",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        editable=False,
        related_name="working_copy",
    )
    based_on = models.PositiveIntegerField(
        null=True,
        blank=True,
        editable=False,
        help_text="Of a working copy: the number of the version of the story from which it was begun.",
    )
    takes_effect_at = models.DateTimeField(
        "update takes effect at",
        null=True,
        blank=True,
        help_text="From when readers see the update; empty for at once.",
    )
    update_note = models.TextField(
        "what readers are told",
        max_length=2000,
        blank=True,
        help_text="What is new, in a sentence or two: it stands below the story. Without it, no reader is told.",
    )

    scheduled_move = models.CharField(
        max_length=20, blank=True, editable=False, help_text="Of a working copy: the move that waits for its time."
    )

    import_source = models.CharField(max_length=40, blank=True, editable=False)
    import_id = models.CharField(max_length=255, blank=True, editable=False)
    import_hash = models.CharField(max_length=64, blank=True, editable=False)
    # Equal to modified_at for as long as nobody has touched the article since.
    imported_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = ArticleQuerySet.as_manager()

    class Meta(Identified.Meta):
        ordering = ("-published_at", "-pk")
        permissions = (
            ("edit_any_article", "Can work on articles of others, and beyond the draft"),
            ("view_embargoed_article", "Can see articles of others under embargo"),
            ("submit_article", "Can submit articles for review"),
            ("return_article", "Can return articles to draft"),
            ("approve_article", "Can approve articles"),
            ("publish_article", "Can publish and withdraw articles"),
            ("override_embargo", "Can publish over an embargo"),
        )
        constraints = (
            # Templates and addresses: a story has words above it and a place.
            models.CheckConstraint(condition=~models.Q(headline=""), name="article_has_headline"),
            models.CheckConstraint(condition=~models.Q(slug=""), name="article_has_slug"),
            # Addresses: one story each. A working copy has that of the story which it replaces.
            models.UniqueConstraint(
                fields=("slug",),
                condition=models.Q(replaces__isnull=True),
                name="article_slug_once",
                violation_error_message="Another story has this slug.",
            ),
            # published(): a working copy is never before readers, whoever writes to it.
            models.CheckConstraint(
                condition=models.Q(replaces__isnull=True) | models.Q(status__in=("draft", "in_review", "approved")),
                name="article_working_copy_is_unpublished",
            ),
            # The heartbeat: what waits for its time has one.
            models.CheckConstraint(
                condition=models.Q(scheduled_move="")
                | models.Q(replaces__isnull=False, status="approved", takes_effect_at__isnull=False),
                name="article_scheduled_update_has_time",
            ),
            # published() and permalinks, which read both times.
            models.CheckConstraint(
                condition=~models.Q(status="published")
                | models.Q(published_at__isnull=False, first_published_at__isnull=False),
                name="article_published_has_times",
            ),
            # Editors: a story that goes before it came is a slip of the hand.
            models.CheckConstraint(
                condition=models.Q(expires_at__isnull=True)
                | models.Q(published_at__isnull=True)
                | models.Q(expires_at__gt=models.F("published_at")),
                name="article_expires_after_publication",
                violation_error_message="It would expire before it is published.",
            ),
            # The importers: one text, one article, whatever runs twice or at once.
            models.UniqueConstraint(
                fields=("import_source", "import_id"),
                condition=~models.Q(import_source=""),
                name="article_import_id_once",
            ),
            models.UniqueConstraint(
                fields=("import_source", "import_hash"),
                condition=~models.Q(import_hash=""),
                name="article_import_hash_once",
            ),
        )
        indexes = (
            # Front page, archives, paging: public stories, the newest first.
            models.Index(fields=("status", "-published_at", "-id"), name="article_newest"),
            # Section pages, previous and next.
            models.Index(fields=("section", "status", "-published_at", "-id"), name="article_newest_in_section"),
            # The admin's list by its dates: the first and the last, and its order by them.
            models.Index(fields=("published_at", "id"), name="article_by_publication"),
            # The admin's list, and its filters: what was touched last is on top.
            models.Index(fields=("-modified_at",), name="article_modified"),
            models.Index(fields=("status", "-modified_at"), name="article_modified_by_status"),
            models.Index(fields=("section", "-modified_at"), name="article_modified_by_section"),
            models.Index(fields=("story_type", "-modified_at"), name="article_modified_by_type"),
            # The page cache: what appears and expires by itself.
            models.Index(
                fields=("embargoed_until",),
                condition=models.Q(embargoed_until__isnull=False),
                name="article_by_embargo",
            ),
            models.Index(
                fields=("expires_at",), condition=models.Q(expires_at__isnull=False), name="article_by_expiry"
            ),
            # The heartbeat: updates whose time has come.
            models.Index(
                fields=("takes_effect_at",), condition=~models.Q(scheduled_move=""), name="article_update_due"
            ),
        )

    def __str__(self) -> str:
        return self.headline

    @classmethod
    def from_db(cls, db: str | None, field_names: Collection[str], values: Collection[Any], **later: Any) -> "Article":
        article = super().from_db(db, field_names, values, **later)
        article.stored_slug = article.__dict__.get("slug", "")
        return article

    # The slug under which the database knows the row: a save that changes it leaves a former slug behind.
    stored_slug: str = ""

    def get_absolute_url(self) -> str:
        moment = timezone.localtime(self.permalink_time)
        return address_of("articles:article-detail", moment.year, moment.month, self.slug)

    @property
    def permalink_time(self) -> datetime:
        """The moment whose year and month stand in the address: it never moves once readers saw it."""
        return self.first_published_at or self.published_at or self.created_at

    @property
    def summary(self) -> str:
        """What stands under the headline in lists."""
        return self.dek or self.excerpt

    @property
    def shown_image(self) -> Image | None:
        """The lead picture, as far as readers may see it: what every page and outlet shows."""
        return self.lead_image if self.lead_image and self.lead_image.is_usable() else None

    @cached_property
    def card_authors(self) -> list[Author]:
        """Of a row that came `for_cards`: whose names stand there, as far as names need it."""
        return [row_of(Author, row) for row in self.author_rows]  # type: ignore[attr-defined]

    @property
    def minutes(self) -> int:
        return reading_minutes(self.word_count)

    def is_public(self, at: datetime | None = None) -> bool:
        """The rule of `ArticleQuerySet.published` for a row in hand."""
        now = at or timezone.now()
        return (
            self.status == self.Status.PUBLISHED
            and self.published_at is not None
            and self.published_at <= now
            and (self.embargoed_until is None or self.embargoed_until <= now)
            and (self.expires_at is None or self.expires_at > now)
        )

    def derive(self) -> None:
        """Cleans and derives all that a save would, without saving."""
        for field in self._meta.concrete_fields:
            if isinstance(field, (CleanHTMLField, DerivedField)):
                field.pre_save(self, self._state.adding)

    def publish(self, at: datetime | None = None) -> None:
        """Marks the row as published from a moment on, without saving it.

        The first time of publication follows the schedule for as long as no reader has seen the story,
        and never changes after that.
        """
        now = timezone.now()
        was_seen = self.first_published_at is not None and self.first_published_at <= now
        self.published_at = at or self.published_at or now
        if not was_seen:
            # No reader sees it while an embargo holds.
            self.first_published_at = max(self.published_at, self.embargoed_until or self.published_at)
        self.status = self.Status.PUBLISHED


class Byline(models.Model):
    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="bylines")
    # A name that stands above stories is merged or renamed, never lost.
    author = models.ForeignKey(Author, on_delete=models.PROTECT, related_name="bylines")
    position = models.PositiveSmallIntegerField(default=0)
    listed_at = ListedAtField()

    objects = BylineQuerySet.as_manager()

    class Meta:
        ordering = ("position", "pk")
        constraints = (
            # The article's head: each name once.
            models.UniqueConstraint(fields=("article", "author"), name="byline_once"),
        )
        indexes = (
            # The desk's search: this person's stories.
            models.Index(fields=("author", "article"), name="byline_by_author"),
            # The author's page, the newest first.
            models.Index(fields=("author", "-listed_at", "-article"), name="byline_newest"),
        )

    def __str__(self) -> str:
        return self.author.name

    def natural_key(self) -> tuple[str, ...]:
        return (*self.article.natural_key(), *self.author.natural_key())

    natural_key.dependencies = ["articles.article", "articles.author"]  # type: ignore[attr-defined]
