"""Every side effect on one screen: what follows from what."""

from collections.abc import Iterable
from typing import Any, Final

from django.apps import AppConfig
from django.conf import settings
from django.contrib.flatpages.models import FlatPage
from django.contrib.sites.models import Site
from django.db import DEFAULT_DB_ALIAS
from django.db.models import Model
from django.db.models.signals import (
    m2m_changed,
    post_delete,
    post_migrate,
    post_save,
    pre_delete,
    pre_migrate,
    pre_save,
)
from django.dispatch import receiver

from articles.addresses.former_slugs import remember_former_slug
from articles.content.sanitising import clean_html
from articles.content.text import html_to_text
from articles.importers.deletions import remember_deleted_import
from articles.models import (
    Article,
    BodyLink,
    Correction,
    Image,
    ImageUse,
    PopularEntry,
    RelatedLink,
    TaggedArticle,
)
from articles.models.listed_at import drop_triggers, ensure_triggers
from articles.models.planner import ensure_statistics
from articles.page_cache.recording import (
    SHOWN_MODELS,
    is_taken_along,
    note_before,
    record_deleted,
    record_loading,
    record_popular,
    record_rows,
    record_saved,
    record_surroundings,
)
from articles.pictures.storing import forget_picture
from articles.related.healing import heal_references
from articles.related.suggestions import forget_findings
from articles.related.upkeep import relate_on_commit
from articles.search.backends import text_index
from articles.signals import articles_imported, popular_lists_changed, rows_rewritten, suggestions_changed

# ``raw`` is true while a fixture is loaded: its rows are whole already.


@receiver(pre_save, sender=Article)
def derive_words_of_loaded_article(instance: Article, raw: bool = False, **_: Any) -> None:  # noqa: FBT001, FBT002 - Django's
    """A fixture does not carry them, and loading one derives nothing by itself."""
    if raw:
        instance.body_text = html_to_text(instance.body)


@receiver(post_save, sender=Article)
def follow_saved_article(instance: Article, raw: bool = False, **_: Any) -> None:  # noqa: FBT001, FBT002 - Django's
    if not raw:
        remember_former_slug(instance)
        heal_references([instance.headline_key])


@receiver(post_save, sender=Article)
def follow_saved_body(instance: Article, update_fields: frozenset[str] | None, **_: Any) -> None:
    """Of a fixture too: one by hand says only what the body shows, one of long ago what another body showed."""
    if update_fields is None or "body" in update_fields:
        ImageUse.objects.follow_bodies([instance])
        BodyLink.objects.follow_bodies([instance])


@receiver(pre_save, sender=BodyLink)
@receiver(pre_save, sender=ImageUse)
def make_room_for_loaded_reference(
    instance: BodyLink | ImageUse,
    raw: bool = False,  # noqa: FBT001, FBT002 - Django's
    **_: Any,
) -> None:
    """A fixture brings it under a number of its own, when the story that came before it has made it already."""
    if raw:
        same = type(instance).objects.filter(article=instance.article_id, **{instance.IDENTIFIER: str(instance)})
        same.exclude(pk=instance.pk).delete()


@receiver(post_save, sender=RelatedLink)
@receiver(post_save, sender=PopularEntry)
def follow_saved_reference(
    instance: RelatedLink | PopularEntry,
    raw: bool = False,  # noqa: FBT001, FBT002 - Django's
    **_: Any,
) -> None:
    if not raw and instance.target_id is None:
        heal_references([instance.headline_key])


@receiver([post_save, post_delete], sender=Correction)
@receiver([post_save, post_delete], sender=RelatedLink)
def follow_changed_part(
    instance: Correction | RelatedLink,
    raw: bool = False,  # noqa: FBT001, FBT002 - Django's
    **_: Any,
) -> None:
    """Whoever corrects a story has changed it: no import may write over that."""
    if not raw:
        Article.objects.filter(pk=instance.article_id).touch()


@receiver(post_delete, sender=Article)
def follow_deleted_article(instance: Article, **_: Any) -> None:
    remember_deleted_import(instance)


@receiver(articles_imported)
def follow_import(articles: list[Article], link_keys: set[str], **_: Any) -> None:
    record_rows(Article, [article.pk for article in articles])
    heal_references({article.headline_key for article in articles} | link_keys)
    ImageUse.objects.follow_bodies(articles)
    BodyLink.objects.follow_bodies(articles)
    # Many at once: the command computes what they lead to when all are here.
    forget_findings(articles)


# What changes of a story without a change of what it is about.
_BESIDES: Final = frozenset({"updated_at", "modified_at"})


@receiver(post_save, sender=Article)
def relate_saved_article(
    instance: Article,
    update_fields: frozenset[str] | None,
    raw: bool = False,  # noqa: FBT001, FBT002 - Django's
    **_: Any,
) -> None:
    if not raw and instance.replaces_id is None and (update_fields is None or update_fields - _BESIDES):
        relate_on_commit([instance.pk])


@receiver([post_save, post_delete], sender=TaggedArticle)
def relate_tagged_article(
    instance: TaggedArticle,
    raw: bool = False,  # noqa: FBT001, FBT002 - Django's
    origin: Any = None,
    **_: Any,
) -> None:
    """A tag or a story that goes takes its rows along: thousands, perhaps, and what leads on goes with the story."""
    if not raw and not is_taken_along(instance, origin):
        relate_on_commit([instance.content_object_id])


@receiver(post_delete, sender=Image)
def follow_deleted_image(instance: Image, **_: Any) -> None:
    forget_picture(instance.file.name or "", instance.digest, instance.width)


@receiver(pre_save, sender=FlatPage)
def clean_flat_page(instance: FlatPage, **_: Any) -> None:
    instance.content = clean_html(instance.content)


@receiver(pre_save, sender=Site)
def keep_one_site(instance: Site, raw: bool = False, **_: Any) -> None:  # noqa: FBT001, FBT002 - Django's
    """A fixture knows the site by its address: here it is the one that the settings number, called as it may."""
    if raw and not instance.pk:
        instance.pk = settings.SITE_ID


# What readers see of rows: where that changes, a line in the purge log, in the same transaction. --------------------------


def note_shown(instance: Model, raw: bool = False, **_: Any) -> None:  # noqa: FBT001, FBT002 - Django's
    if not raw:
        note_before(instance)


def purge_saved(instance: Model, created: bool, raw: bool = False, **_: Any) -> None:  # noqa: FBT001, FBT002 - Django's
    if not raw:
        record_saved(instance, is_new=created)


def purge_deleted(instance: Model, origin: Any = None, **_: Any) -> None:
    if not is_taken_along(instance, origin):
        record_deleted(instance)


for model in SHOWN_MODELS:
    pre_save.connect(note_shown, sender=model)
    post_save.connect(purge_saved, sender=model)
    pre_delete.connect(purge_deleted, sender=model)


@receiver(post_save)
def purge_after_loading(sender: type[Model], raw: bool = False, **_: Any) -> None:  # noqa: FBT001, FBT002 - Django's
    if raw and sender._meta.app_label in {"articles", "flatpages"}:  # noqa: SLF001 - public, whatever its name says
        record_loading()


@receiver(m2m_changed, sender=FlatPage.sites.through)
def purge_page_of_site(instance: Model, action: str, **_: Any) -> None:
    """A page without a site stands nowhere."""
    if isinstance(instance, FlatPage) and action in {"post_add", "pre_remove", "pre_clear"}:
        record_rows(FlatPage, [instance.pk])


@receiver(rows_rewritten)
def purge_rewritten(sender: type[Model], keys: Iterable[int], **_: Any) -> None:
    record_rows(sender, keys)


@receiver(suggestions_changed)
def purge_surroundings(stories: Iterable[int], **_: Any) -> None:
    record_surroundings(stories)


@receiver(popular_lists_changed)
def purge_popular_lists(lists: Iterable[tuple[str, int]], **_: Any) -> None:
    record_popular(lists)


@receiver(pre_migrate)
def make_way_for_migrations(sender: AppConfig, using: str, plan: list[Any], **_: Any) -> None:
    if sender.name == "articles" and using == DEFAULT_DB_ALIAS and plan:
        drop_triggers()


@receiver(post_migrate)
def keep_database_in_order(sender: AppConfig, using: str, **_: Any) -> None:
    """Django's changes of a table on SQLite lose the triggers that keep the index of texts and what lists go by, and its statistics."""
    if sender.name == "articles" and using == DEFAULT_DB_ALIAS:
        text_index().ensure()
        ensure_triggers()
        ensure_statistics()
