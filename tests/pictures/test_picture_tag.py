from django.template import Context, Template
from html5lib import parseFragment

from articles.models import Image


def render(arguments="", **fields):
    image = Image(**{"digest": "ab" * 32, "width": 1000, "height": 600, "alt_text": "A “harbour” & ships", **fields})
    html = Template("{% load pictures %}{% picture image " + arguments + " %}").render(Context({"image": image}))
    element = parseFragment(html, namespaceHTMLElements=False)
    return element, element.find("picture/img"), element.find("picture/source")


def test_webp_is_offered_before_jpeg():
    _, img, source = render('sizes="50vw"')
    assert source.get("type") == "image/webp"
    assert source.get("srcset").count(".webp ") == img.get("srcset").count(".jpg ") == 3
    assert source.get("sizes") == img.get("sizes") == "50vw"


def test_size_and_words_are_given():
    _, img, _ = render()
    assert (img.get("width"), img.get("height"), img.get("alt")) == ("1000", "600", "A “harbour” & ships")


def test_picture_waits_until_it_is_near():
    _, img, _ = render()
    assert (img.get("loading"), img.get("decoding"), img.get("fetchpriority")) == ("lazy", "async", None)


def test_lead_picture_comes_first():
    _, img, _ = render("lead=True")
    assert (img.get("loading"), img.get("fetchpriority")) == (None, "high")


def test_decorative_picture_has_empty_words():
    _, img, _ = render(alt_text="", decorative=True)
    assert img.get("alt") == ""


def test_focal_point_is_named_by_classes_and_not_by_style():
    _, img, _ = render(focal_x=0.21, focal_y=1.0)
    assert (img.get("class"), img.get("style")) == ("fx-2 fy-10", None)


def test_centre_needs_no_class():
    _, img, _ = render(focal_x=0.52)
    assert img.get("class") is None


def test_no_image_shows_nothing():
    assert Template("{% load pictures %}{% picture image %}").render(Context({"image": None})).strip() == ""
