"""What links to a story is known without reading bodies, however they were written."""

from importlib import import_module
from types import SimpleNamespace

from django.apps import apps
from django.db import connection
from django.test import TestCase

from articles.editorial.working_copies import begin_working_copy
from articles.models import Article, BodyLink, PopularEntry, PopularList, RelatedLink
from articles.related.linking import links_to
from articles.signals import articles_imported
from tests.factories import PUBLISHED_AT, make_article, make_draft, make_person, make_section, make_user


def leading_to(*targets):
    return "".join(f'<p>See <a data-article="{each.uid}">this</a>.</p>' for each in targets)


class BodyLinkTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.target, cls.other = make_article(), make_article()

    def leads(self, article):
        return set(article.body_links.values_list("target_uid", flat=True))

    def test_links_of_a_body_are_noted_when_it_is_saved(self):
        story = make_article(body=leading_to(self.target, self.target))
        assert self.leads(story) == {self.target.uid}
        story.body = leading_to(self.other)
        story.save()
        assert self.leads(story) == {self.other.uid}
        story.body = "<p>None.</p>"
        story.save(update_fields=["body"])
        assert self.leads(story) == set()

    def test_save_that_leaves_the_body_alone_writes_nothing(self):
        story = make_article(body=leading_to(self.target))
        BodyLink.objects.all().delete()
        story.save(update_fields=["dek"])
        assert self.leads(story) == set()

    def test_import_notes_them_too(self):
        story = make_article()
        Article.objects.filter(pk=story.pk).update(body=leading_to(self.target))
        story.refresh_from_db()
        articles_imported.send(Article, articles=[story], link_keys=set())
        assert self.leads(story) == {self.target.uid}

    def test_bodies_that_were_here_first_are_read_by_the_migration(self):
        story = make_article(body=leading_to(self.target, self.other))
        BodyLink.objects.all().delete()
        fill = import_module("articles.migrations.0017_body_links").fill
        fill(apps, SimpleNamespace(connection=connection))
        assert self.leads(story) == {self.target.uid, self.other.uid}

    def test_noting_twice_changes_nothing(self):
        story = make_article(body=leading_to(self.target))
        before = list(BodyLink.objects.values_list("pk", flat=True))
        BodyLink.objects.follow_bodies([story])
        assert list(BodyLink.objects.values_list("pk", flat=True)) == before


class IncomingTests(TestCase):
    def test_all_that_links_here_is_counted_and_named_to_those_who_may_see_it(self):
        world, sport = make_section(), make_section("Sport")
        target = make_article(section=world)
        body = make_article(headline="By its text", body=leading_to(target))
        related = make_article(headline="By a related link")
        RelatedLink.objects.create(article=related, headline="x", target=target)
        secret = make_draft(headline="Secret", section=sport, body=leading_to(target))
        RelatedLink.objects.create(article=secret, headline="x", target=target)
        popular = PopularList.objects.create(article=body, listed_on=PUBLISHED_AT)
        for position in (1, 2):
            PopularEntry.objects.create(list=popular, position=position, headline="x", target=target)
        begin_working_copy(body, by=make_user("chief", is_superuser=True))

        found = links_to(target, seen_by=make_person("Editor", sections=(world,)), most=5)

        assert ([each.headline for each in found.related], found.related_count) == (["By a related link"], 2)
        assert ([each.headline for each in found.bodies], found.bodies_count) == (["By its text"], 2)
        assert (found.lists_count, found.more, found.count) == (1, 2, 5)
