"""What links to a story: the bodies that lead to it, the related links, the popular lists that came with texts."""

from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser, User

from articles.models import Article, BodyLink, PopularEntry, RelatedLink

Person = User | AnonymousUser


@dataclass(frozen=True)
class Incoming:
    """The stories that lead to one, of each kind the newest that a person may see, and how many there are in all."""

    related: list[Article]
    related_count: int
    bodies: list[Article]
    bodies_count: int
    # Imported popular lists that name it.
    lists_count: int

    @property
    def count(self) -> int:
        return self.related_count + self.bodies_count + self.lists_count

    @property
    def more(self) -> int:
        """How many stories are not shown: too many, or not for this person's eyes."""
        return self.related_count + self.bodies_count - len(self.related) - len(self.bodies)


def links_to(article: Article, *, seen_by: Person, most: int) -> Incoming:
    """What leads to a story; working copies lead nowhere yet."""
    stories = Article.objects.originals()
    related = stories.filter(pk__in=RelatedLink.objects.filter(target=article).order_by().values("article"))
    bodies = stories.filter(pk__in=BodyLink.objects.filter(target_uid=article.uid).order_by().values("article"))
    shown = [
        list(each.visible_to(seen_by).only("headline", "status").order_by("-modified_at")[:most])
        for each in (related, bodies)
    ]
    lists = PopularEntry.objects.filter(target=article).order_by().values("list").distinct()
    return Incoming(shown[0], related.count(), shown[1], bodies.count(), lists.count())
