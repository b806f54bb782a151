import pytest
from django.core import mail
from django.core.exceptions import ImproperlyConfigured
from django.test import override_settings

from newsroom.mail import mail_settings, parse_mailer


def test_address_is_taken_apart():
    options = parse_mailer("smtp+tls://me%40x.org:s%3Acret@mail.example.org")["OPTIONS"]
    assert options["host"] == "mail.example.org"
    assert (options["username"], options["password"]) == ("me@x.org", "s:cret")


@pytest.mark.parametrize(
    ("scheme", "port", "tls", "ssl"),
    [("smtp", 25, False, False), ("smtps", 465, False, True), ("smtp+tls", 587, True, False)],
)
def test_scheme_chooses_port_and_encryption(scheme, port, tls, ssl):
    options = parse_mailer(f"{scheme}://host")["OPTIONS"]
    assert (options["port"], options["use_tls"], options["use_ssl"]) == (port, tls, ssl)


@pytest.mark.parametrize(
    "url", ["smtp://", "smtp://user:secret@", "smtp://user:secret@host:port", "smtp://:secret@:25"]
)
def test_address_without_host_or_port_is_refused_and_not_repeated(url):
    with pytest.raises(ImproperlyConfigured, match="EMAIL_URL") as refusal:
        parse_mailer(url)
    assert "secret" not in str(refusal.value)


def test_django_understands_the_settings():
    with override_settings(**mail_settings("smtps://me:secret@mail.example.org")):
        connection = mail.mailers["default"] if hasattr(mail, "mailers") else mail.get_connection()
    assert (connection.host, connection.port, connection.use_ssl) == ("mail.example.org", 465, True)
