"""Template tags of the public pages."""

from typing import Any

from django import template

from articles.popularity.leaderboards import popular_posts as ranked_posts

register = template.Library()


@register.inclusion_tag("articles/_popular.html", takes_context=True)
def popular_posts(context: template.Context) -> dict[str, Any]:
    """The "Popular posts" sidebar, as long as the site's settings say."""
    chosen = context["site"].settings
    posts = ranked_posts(chosen.popular_length) if chosen.popular_shown else []
    return {"posts": posts, "heading": chosen.popular_heading}
