"""Accounts on networks, which authors, sources and the site itself have."""

from django.core.exceptions import ValidationError
from django.db import models

from articles.content.accounts import Account, parse_accounts, readable_accounts


def validate_accounts(value: str) -> None:
    """Refuses lines that are not a known network and a handle of its form."""
    try:
        parse_accounts(value)
    except ValueError as error:
        raise ValidationError(str(error)) from error


class WithAccounts(models.Model):
    accounts = models.TextField(
        max_length=500,
        blank=True,
        validators=[validate_accounts],
        help_text="One a line: the network, then the handle, for example “Mastodon @leila@example.social”.",
    )

    class Meta:
        abstract = True

    @property
    def account_links(self) -> list[Account]:
        return readable_accounts(self.accounts)
