"""Tags of languages, as HTML has them."""


def primary_language(tag: str) -> str:
    """“en” of “en-GB”: what a text is in, wherever it is written so."""
    return tag.partition("-")[0].lower()
