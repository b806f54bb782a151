"""Checks of single values that forms show beside the field."""

from django.core.exceptions import ValidationError

from articles.content.accounts import parse_accounts


def validate_accounts(value: str) -> None:
    """Refuses lines that are not a known network and a handle of its form."""
    try:
        parse_accounts(value)
    except ValueError as error:
        raise ValidationError(str(error)) from error
