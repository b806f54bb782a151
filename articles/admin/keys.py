"""Numbers of rows, as forms and addresses name them."""


def is_key(text: str) -> bool:
    """Whether it can be the number of a row: whoever asks a database for another thing meets an error."""
    return text.isascii() and text.isdecimal() and len(text) < 16
