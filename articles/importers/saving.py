"""A planned batch goes into the database: in one transaction, by a handful of statements, whatever its size."""

from collections.abc import Iterable
from typing import Final

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from articles.addresses.free_slugs import taken_slugs
from articles.content.slugs import headline_slug, numbered_slug
from articles.importers.base import ImportedArticle, ImportedName, Refused
from articles.importers.building import Builder, Story, aware
from articles.importers.names import NameTable
from articles.importers.options import Options
from articles.importers.outcomes import Action, Outcome
from articles.importers.planning import Plan, is_touched
from articles.models import (
    Article,
    Author,
    Byline,
    Citation,
    Correction,
    FormerSlug,
    Image,
    PopularEntry,
    PopularList,
    RelatedLink,
    Source,
    Tag,
    TaggedArticle,
)
from articles.signals import articles_imported, rows_rewritten

_MAX_TAG: Final = 100
_WRITTEN: Final = frozenset({Action.CREATED, Action.UPDATED})
# What a new version of a text changes. Its address and its state stay.
_UPDATED_FIELDS: Final = (
    "headline",
    "headline_key",
    "dek",
    "body",
    "body_text",
    "excerpt",
    "word_count",
    "dateline",
    "section",
    "story_type",
    "language",
    "lead_image",
    "published_at",
    "first_published_at",
    "updated_at",
    "canonical_url",
    "import_hash",
    "modified_at",
)


class Saver:
    """Saves batches of one run; between them it remembers the names of authors, sources, tags and sections."""

    def __init__(self, options: Options, source: str) -> None:
        self.options = options
        self.source = source
        self.builder = Builder(options, source)
        self.authors = NameTable(Author)
        self.sources = NameTable(Source)
        self.tags = NameTable(Tag, slug_length=90)
        self.builder.learn_tags(self.tags.names)

    def forget(self) -> None:
        """After a transaction that was undone: what it made is not there."""
        for table in (self.authors, self.sources, self.tags):
            table.reload()
        self.builder.learn_tags(self.tags.names)

    def rehearse(self, plans: Iterable[Plan]) -> list[Outcome]:
        """Tell what would become of each plan, and write nothing."""
        return [self._rehearse_one(plan) for plan in plans]

    def _rehearse_one(self, plan: Plan) -> Outcome:
        try:
            if plan.action in _WRITTEN:
                self.builder.check(plan.article)
        except Refused as refusal:
            return refused(plan.article, refusal)
        return outcome_of(plan, plan.target)

    def save(self, plans: Iterable[Plan]) -> list[Outcome]:
        """Write what is to be created or updated, all of it or nothing; tell what became of each plan."""
        plans = list(plans)
        refusals: dict[int, Outcome] = {}
        pictures: dict[int, Image | None] = {}
        for place, plan in enumerate(plans):
            if plan.action in _WRITTEN:
                try:
                    pictures[place] = self.builder.ready(plan.article)
                except Refused as refusal:
                    refusals[place] = refused(plan.article, refusal)
        with transaction.atomic():
            _recheck(plans)
            stories = {
                place: self.builder.build(plans[place], picture)
                for place, picture in pictures.items()
                if plans[place].action in _WRITTEN
            }
            if stories:
                self._write(list(stories.values()))
        return [
            refusals.get(place) or outcome_of(plan, stories[place].row if place in stories else plan.target)
            for place, plan in enumerate(plans)
        ]

    def _write(self, stories: list[Story]) -> None:
        self._ensure_names(stories)
        created = [story.row for story in stories if story.plan.action == Action.CREATED]
        updated = [story.row for story in stories if story.plan.action == Action.UPDATED]
        _give_slugs(created)
        Article.objects.bulk_create(created)
        if updated:
            rows_rewritten.send(Article, keys=[row.pk for row in updated])
            _overwrite(updated)
        keys = self._write_own_rows(stories)
        rows = [story.row for story in stories]
        # Equal times say that nobody has touched the article since.
        Article.objects.filter(pk__in=[row.pk for row in rows]).update(imported_at=F("modified_at"))
        articles_imported.send(Article, articles=rows, link_keys=keys)

    def _ensure_names(self, stories: list[Story]) -> None:
        people = [person for story in stories for person in self._people_of(story)]
        sources = [source for story in stories for source in story.imported.sources]
        self.authors.ensure([person.name for person in people], accounts=_accounts(people))
        self.sources.ensure([source.name for source in sources], accounts=_accounts(sources))
        before = len(self.tags.names)
        self.tags.ensure([tag for story in stories for tag in story.tags])
        if len(self.tags.names) > before:
            self.builder.learn_tags(self.tags.names)

    def _people_of(self, story: Story) -> tuple[ImportedName, ...]:
        if story.imported.bylines or not self.options.author:
            return story.imported.bylines
        return (ImportedName(self.options.author),)

    def _write_own_rows(self, stories: list[Story]) -> set[str]:
        """All rows that belong to the stories. Returns the folded headlines that they refer to."""
        links = [link for story in stories for link in _links(story)]
        lists = [PopularList(article=s.row, listed_on=timezone.localdate(s.day)) for s in stories if s.imported.popular]
        RelatedLink.objects.bulk_create(links)
        PopularList.objects.bulk_create(lists)
        told = (story for story in stories if story.imported.popular)
        entries = [
            PopularEntry(list=of_story, position=position, headline=headline)
            for of_story, story in zip(lists, told, strict=True)
            for position, headline in enumerate(story.imported.popular, start=1)
        ]
        PopularEntry.objects.bulk_create(entries)
        Byline.objects.bulk_create(row for story in stories for row in self._bylines(story))
        Citation.objects.bulk_create(row for story in stories for row in self._citations(story))
        TaggedArticle.objects.bulk_create(
            TaggedArticle(content_object=story.row, tag_id=self.tags[tag]) for story in stories for tag in story.tags
        )
        Correction.objects.bulk_create(row for story in stories for row in _corrections(story))
        return {link.headline_key for link in links} | {entry.headline_key for entry in entries}

    def _bylines(self, story: Story) -> list[Byline]:
        authors = dict.fromkeys(self.authors[person.name] for person in self._people_of(story))
        return [Byline(article=story.row, author_id=pk, position=place) for place, pk in enumerate(authors)]

    def _citations(self, story: Story) -> list[Citation]:
        sources = dict.fromkeys(self.sources[source.name] for source in story.imported.sources)
        return [Citation(article=story.row, source_id=pk, position=place) for place, pk in enumerate(sources)]


def outcome_of(plan: Plan, row: Article | None = None) -> Outcome:
    notes = plan.article.notes if plan.action in _WRITTEN else ()
    message = " ".join(filter(None, (plan.message, *notes)))
    return Outcome(plan.article.path, plan.action, plan.article.headline, row.slug if row else "", message=message)


def refused(article: ImportedArticle, refusal: Refused) -> Outcome:
    path = refusal.path or article.path
    return Outcome(path, Action.REFUSED, article.headline, line=refusal.line, message=refusal.message)


def _recheck(plans: list[Plan]) -> None:
    """An editor may have saved an article since the plan was made; theirs is kept."""
    updates = {plan.target.pk: plan for plan in plans if plan.action == Action.UPDATED and plan.target}
    if not updates:
        return
    rows = (
        Article.objects.order_by().select_for_update().filter(pk__in=updates).only("pk", "modified_at", "imported_at")
    )
    untouched = {row.pk for row in rows if not is_touched(row)}
    for pk in updates.keys() - untouched:
        updates[pk].action = Action.CONFLICT
        updates[pk].message = "Somebody edited or deleted the article just now: it was left as it is."


def _give_slugs(rows: list[Article]) -> None:
    bases = [headline_slug(row.headline) or f"story-{row.uid.hex[:8]}" for row in rows]
    distinct = set(bases)
    used = set(Article.objects.order_by().filter(slug__in=distinct).values_list("slug", flat=True))
    used.update(FormerSlug.objects.order_by().filter(slug__in=distinct).values_list("slug", flat=True))
    shared = used | {base for base in distinct if bases.count(base) > 1}
    taken = used | (taken_slugs(sorted(shared)) if shared else set())
    for row, base in zip(rows, bases, strict=True):
        row.slug = numbered_slug(base, taken)
        taken.add(row.slug)


def _overwrite(rows: list[Article]) -> None:
    """Write new versions over the old ones, by one statement that fills derived columns too, and clear their rows."""
    Article.objects.bulk_create(rows, update_conflicts=True, unique_fields=["id"], update_fields=_UPDATED_FIELDS)
    for own in (Byline.objects, Citation.objects, RelatedLink.objects, PopularList.objects, Correction.objects):
        own.filter(article__in=rows).delete()
    TaggedArticle.objects.filter(content_object__in=rows).delete()


def _accounts(names: Iterable[ImportedName]) -> dict[str, str]:
    return {one.name.casefold(): "\n".join(one.accounts)[:500] for one in names if one.accounts}


def _links(story: Story) -> list[RelatedLink]:
    markers = sum(not isinstance(block, str) for block in story.imported.blocks)
    return [
        RelatedLink(
            article=story.row,
            headline=link.headline,
            url=link.url,
            marker=number if number <= markers else None,
            position=number,
        )
        for number, link in enumerate(story.imported.links, start=1)
    ]


def _corrections(story: Story) -> list[Correction]:
    return [
        Correction(
            article=story.row,
            kind=one.kind,
            text=one.text,
            corrected_at=aware(one.corrected_at) or story.row.updated_at or story.day,
        )
        for one in story.imported.corrections
    ]
