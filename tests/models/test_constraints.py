"""Rules that the database keeps whoever writes."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models

from articles.models import Byline, Citation, Image, PopularEntry, PopularList, RelatedLink, SiteSettings, TaggedArticle
from tests.factories import PUBLISHED_AT, make_article, make_author, make_image, make_source, make_tag

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "values",
    [{"alt_text": ""}, {"decorative": True}, {"focal_x": 1.5}, {"focal_y": -0.1}],
    ids=["nothing decided", "both decided", "point right of it", "point above it"],
)
def test_picture_is_refused(values):
    with pytest.raises(IntegrityError):
        make_image(**values)


def test_decorative_picture_needs_no_words():
    assert make_image(alt_text="", decorative=True).pk


def test_author_is_named_once_on_a_story():
    author = make_author()
    article = make_article(authors=(author,))
    with pytest.raises(IntegrityError):
        Byline.objects.create(article=article, author=author)


def test_tag_is_set_once_on_a_story():
    article = make_article(tags=("Syria",))
    with pytest.raises(IntegrityError):
        TaggedArticle.objects.create(content_object=article, tag=make_tag("Syria"))


def test_source_is_cited_once_in_a_part():
    article, source = make_article(), make_source()
    Citation.objects.create(article=article, source=source)
    Citation.objects.create(article=article, source=source, role=Citation.Role.DATA)
    with pytest.raises(IntegrityError):
        Citation.objects.create(article=article, source=source)


def test_related_link_leads_to_one_place():
    article, target = make_article(), make_article()
    with pytest.raises(IntegrityError):
        RelatedLink.objects.create(article=article, headline="Two ways", target=target, url="https://example.org/")


def test_marker_in_a_body_has_one_link():
    article = make_article()
    RelatedLink.objects.create(article=article, headline="First", marker=1)
    with pytest.raises(IntegrityError):
        RelatedLink.objects.create(article=article, headline="Second", marker=1)


def test_popular_list_has_one_entry_a_position():
    popular = PopularList.objects.create(article=make_article(), listed_on=PUBLISHED_AT)
    PopularEntry.objects.create(list=popular, position=1, headline="First")
    with pytest.raises(IntegrityError):
        PopularEntry.objects.create(list=popular, position=1, headline="Second")


def test_site_has_one_row_of_settings():
    SiteSettings.objects.load()
    with pytest.raises(IntegrityError):
        SiteSettings.objects.bulk_create([SiteSettings(pk=2)])


def test_author_with_stories_cannot_be_deleted():
    author = make_author()
    make_article(authors=(author,))
    with pytest.raises(models.ProtectedError):
        author.delete()


def test_account_of_an_unknown_form_is_refused_with_its_line():
    author = make_author(accounts="Mastodon @leila@example.social\nnonsense here and there")
    with pytest.raises(ValidationError, match="nonsense"):
        author.full_clean()


def test_picture_without_a_name_is_called_by_its_words():
    assert str(Image(alt_text="A ferry at dawn")) == "A ferry at dawn"
