"""A site that has everything its pages can show: what readers meet on a good day and on a bad one."""

import io
from dataclasses import dataclass
from datetime import date, timedelta

from django.contrib.flatpages.models import FlatPage
from django.core.files.base import ContentFile
from PIL import Image as Pillow

from articles.content.sanitising import clean_html
from articles.models import (
    Article,
    Citation,
    Correction,
    PopularEntry,
    PopularList,
    RelatedLink,
    SiteSettings,
    Source,
)
from articles.pictures.storing import store_picture
from tests.factories import PUBLISHED_AT, make_article, make_author, make_draft, make_section, make_source

BODY = """<p>The first boat left at dawn with <strong>sixty</strong> passengers, <em>four</em> of them standing.</p>
<aside data-related="1"></aside>
<p>A second followed at noon; <a href="https://example.org/timetable">the timetable</a> is on the quay.<small data-footnote="">As of <em>this week</em>.</small></p>
<figure data-embed="youtube:dQw4w9WgXcQ"><figcaption>The crossing in full.<small data-footnote="">Filmed in <a href="https://example.org/june">June</a>.</small></figcaption></figure>
<h2>What the harbour says</h2>
<ul><li>No boat sails in a gale.</li><li>Tickets are <abbr title="not transferable">n. t.</abbr></li></ul>
<h3>And what it does</h3>
<ol><li>Count.</li><li>Count again.</li></ol>
<h4>In figures</h4>
<table><thead><tr><th scope="col">Boat</th><th scope="col">Passengers carried since the line was opened</th>
<th scope="col">Motorcycles, bicycles and prams</th><th scope="col">Days without a crossing</th></tr></thead>
<tbody><tr><th scope="row">Aurora</th><td>12,408</td><td>311</td><td>17</td></tr></tbody></table>
<blockquote><p>“Nobody asked us,” the mate said.</p></blockquote>
<aside data-related="2"></aside>
<aside class="pullquote">A timetable is a promise with a clock in it</aside>
<pre><code>06:10  07:40  09:10  10:40  12:10  13:40  15:10  16:40  18:10  19:40  21:10  22:40</code></pre>
<hr>
<p>H<sub>2</sub>O, x<sup>2</sup>, <code>ferry</code>, <s>ten</s> twelve, <q>said</q> <cite>The Log</cite>,
<span lang="ar" dir="rtl">العبّارة</span>.</p>
"""
LONG_HEADLINE = (
    "Six gauges, four borders, one flood: how a warning reached forty thousand people in time "
    "and missed one street in the last town before the sea"
)
ARABIC_HEADLINE = "قرية تعيد الماء إلى فلجها بعد أحد عشر عاماً"
PAGE_AND_A_BIT = 25


@dataclass(frozen=True)
class SampleSite:
    """The addresses of one page of every kind."""

    addresses: dict[str, str]
    story: Article
    draft: Article


def fill_site() -> SampleSite:
    settings = SiteSettings.objects.load()
    settings.name, settings.tagline = "The Meridian", "Reporting from where the lines cross"
    settings.description = "A small international publication."
    settings.accounts = "Mastodon @meridian@example.social"
    settings.save()
    world, culture = make_section("World", description="Cities, borders and islands."), make_section("Culture")
    author = make_author(role="Correspondent", place="Beirut", bio="Reports from Beirut.\n\nReads timetables.")
    author.accounts, author.portrait = "Mastodon @leila@example.social", make_picture("teal")
    author.save()

    make_older_stories(world, author)
    arabic = make_article(
        headline=ARABIC_HEADLINE,
        language="ar",
        section=culture,
        dek="سبع وعشرون فتحة واتفاق مكتوب.",
        body="<p>عاد الماء صباح الخميس إلى فلج القرية.</p>",
        authors=(author,),
    )
    story = make_story_with_everything(world, author, make_author("Tomás Reyes"))
    draft = make_draft(headline="A story that nobody may read yet", section=world)
    make_popular_list(story)
    withdrawn = make_article(headline="What we should not have printed", status="withdrawn")
    page = FlatPage.objects.create(url="/about/", title="About us", content="<p>We are nineteen people.</p>")
    page.sites.add(1)
    moment = story.published_at - timedelta(days=30)
    source = Source.objects.get(name="VICE News")
    return SampleSite(
        addresses={
            "front page": "/",
            "story with everything": story.get_absolute_url(),
            "story in Arabic": arabic.get_absolute_url(),
            "story without a picture": Article.objects.get(headline=LONG_HEADLINE).get_absolute_url(),
            "section": world.get_absolute_url(),
            "older stories of a section": f"{world.get_absolute_url()}?before={microseconds(moment)}-1",
            "section with little in it": culture.get_absolute_url(),
            "tag": "/tag/ferries/",
            "author": author.get_absolute_url(),
            "source": source.get_absolute_url(),
            "archive": "/archive/",
            "year": f"/{moment:%Y}/",
            "month": f"/{moment:%Y/%m}/",
            "flat page": "/about/",
            "corrections": "/corrections/",
            "withdrawn story": withdrawn.get_absolute_url(),
            "no such page": "/no-such-page/",
        },
        story=story,
        draft=draft,
    )


def microseconds(moment) -> int:
    return int(moment.timestamp()) * 1_000_000


def make_picture(colour: str, **overrides):
    file = io.BytesIO()
    Pillow.new("RGB", (960, 600), colour).save(file, "PNG")
    words = {"alt_text": f"A {colour} ferry.", "caption": "The ferry at noon.", "credit": "Ana Prado"} | overrides
    return store_picture(ContentFile(file.getvalue()), **words)


def make_older_stories(section, author) -> None:
    for number in range(1, PAGE_AND_A_BIT):
        make_article(
            section=section,
            authors=(author,),
            dek="It was late, but it came." if number % 3 else "",
            story_type="analysis" if number % 4 == 0 else "news",
            lead_image=make_picture("olive") if number == 5 else None,
            published_at=PUBLISHED_AT - timedelta(days=7 * number),
        )
    make_article(headline=LONG_HEADLINE, section=section, published_at=PUBLISHED_AT - timedelta(days=2))


def make_story_with_everything(section, *authors) -> Article:
    story = make_article(
        headline="Ferry service resumes on the northern route",
        dek="Sixty passengers, four of them standing, and a promise with a clock in it.",
        body=clean_html(BODY),
        dateline="VLORË, Albania",
        section=section,
        story_type="feature",
        authors=authors,
        tags=("Ferries", "Adriatic Sea"),
        lead_image=make_picture("navy", licence="CC BY 4.0", focal_x=0.2),
        updated_at=PUBLISHED_AT + timedelta(hours=15),
    )
    found = Article.objects.get(headline=LONG_HEADLINE)
    RelatedLink.objects.create(article=story, headline=LONG_HEADLINE, target=found, marker=1)
    RelatedLink.objects.create(article=story, headline="A story that never came", marker=2, position=1)
    RelatedLink.objects.create(article=story, headline="Elsewhere", url="https://example.org/", position=2)
    RelatedLink.objects.create(article=story, headline="Nowhere yet", position=3)
    Correction.objects.create(article=story, text="An earlier version gave the wrong\nnumber of passengers.")
    Correction.objects.create(article=story, kind=Correction.Kind.NOTE, text="The timetable has changed since.")
    publisher = make_source(accounts="Twitter @vicenews", url="https://example.com/", description="News in video.")
    Citation.objects.create(
        article=story,
        source=publisher,
        url="https://example.com/ferry",
        licence="CC BY-ND 4.0",
        retrieved_on=date(2026, 7, 24),
    )
    Citation.objects.create(
        article=story, source=make_source("Harbour Office"), role=Citation.Role.DATA, title="Passengers, 2025"
    )
    return story


def make_popular_list(story: Article) -> None:
    popular = PopularList.objects.create(article=story, listed_on=date(2026, 7, 23))
    PopularEntry.objects.create(list=popular, position=1, headline="A story that is not here")
    PopularEntry.objects.create(list=popular, position=2, headline=story.headline, target=story)
    arabic = Article.objects.get(headline=ARABIC_HEADLINE)
    PopularEntry.objects.create(list=popular, position=3, headline=ARABIC_HEADLINE, target=arabic)
