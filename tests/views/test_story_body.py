from datetime import timedelta

import pytest
from django.utils import timezone

from tests.factories import make_article, make_draft, make_image

pytestmark = pytest.mark.django_db
NOWHERE = "0a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d"


def page(client, body):
    return client.get(make_article(body=body).get_absolute_url()).content.decode()


def link(article):
    return f'<p>See <a data-article="{article.uid}">the cranes</a>.</p>'


def test_link_to_a_story_follows_it(client):
    target = make_article(headline="Cranes", slug="cranes")
    body = link(target)
    assert '<a href="/2026/07/cranes/">the cranes</a>' in page(client, body)
    target.slug = "cranes-at-dawn"
    target.save()
    assert '<a href="/2026/07/cranes-at-dawn/">the cranes</a>' in page(client, body)


def test_link_to_what_readers_may_not_see_is_plain_text(client):
    soon = timezone.now() + timedelta(days=2)
    for target in (make_draft(), make_article(embargoed_until=soon), make_article(status="withdrawn")):
        assert "<p>See the cranes.</p>" in page(client, link(target))
    assert "<p>See the cranes.</p>" in page(client, f'<p>See <a data-article="{NOWHERE}">the cranes</a>.</p>')


def test_picture_stands_in_its_place_with_caption_and_credit(client):
    image = make_image(alt_text="A crane.", caption="Its own caption.", credit="Ana Prado", licence="CC BY 4.0")
    marker = f'<figure data-image="{image.uid}">'
    own = page(client, f"<p>One.</p>{marker}</figure><p>Two.</p>")
    assert 'alt="A crane."' in own
    assert "<span>Its own caption.</span>" in own
    assert "Ana Prado, CC BY 4.0" in own
    assert own.index("One.</p>") < own.index('alt="A crane."') < own.index("<p>Two.")
    here = page(client, f"{marker}<figcaption>A <em>crane</em>.</figcaption></figure>")
    assert "<span>A <em>crane</em>.</span>" in here
    assert "Its own caption." not in here


def test_picture_that_is_gone_leaves_no_trace(client):
    html = page(client, f'<p>One.</p><figure data-image="{NOWHERE}"><figcaption>Two.</figcaption></figure>')
    assert "data-image" not in html
    assert "Two." not in html.split('class="prose"')[1]


def test_body_with_references_costs_no_query_more(client, schedule_at_hand, django_assert_num_queries):
    plain, target, image = make_article(), make_article(), make_image()
    rich = make_article(body=f'{link(target) * 3}{f"""<figure data-image="{image.uid}"></figure>""" * 3}')
    client.get(plain.get_absolute_url())
    with django_assert_num_queries(4):
        client.get(plain.get_absolute_url())
    with django_assert_num_queries(4):
        client.get(rich.get_absolute_url())
