"""What production refuses to start with. All of it is said at once, each as a sentence that says what to set."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from django.core.exceptions import ImproperlyConfigured

from nis_library.environment import SQLITE

Settings = Mapping[str, Any]
KEY_LENGTH, KEY_LETTERS = 50, 12
KEY_RECIPE = "python3 -c 'import secrets; print(secrets.token_urlsafe(50))'"
WEAK = ("demo-", "insecure", "secret", "change", "default", "example", "password")
LOCMEM = "django.core.cache.backends.locmem.LocMemCache"
SMTP = "django.core.mail.backends.smtp.EmailBackend"


def refuse_unsafe(settings: Settings) -> None:
    """Raises ImproperlyConfigured with every refusal, in production. A demo may run with anything."""
    if settings["NIS_ENV"] != "production":
        return
    if found := [sentence for check in CHECKS for sentence in check(settings)]:
        raise ImproperlyConfigured("\n".join(["NIS_ENV=production refuses to start:", *(f"- {one}" for one in found)]))


def debug(settings: Settings) -> Iterator[str]:
    if settings["DEBUG"]:
        yield "DEBUG is on and would show settings to visitors: leave it unset."


def secret_key(settings: Settings) -> Iterator[str]:
    key = settings["SECRET_KEY"]
    if not key:
        yield f"SECRET_KEY is missing: set it to a random text ({KEY_RECIPE})."
    elif _is_weak(key):
        yield f"SECRET_KEY is weak: set it to {KEY_LENGTH} random characters or more ({KEY_RECIPE})."


def _is_weak(key: str) -> bool:
    return len(key) < KEY_LENGTH or len(set(key)) < KEY_LETTERS or any(word in key.lower() for word in WEAK)


def field_key(settings: Settings) -> Iterator[str]:
    """Several keys may stand there with commas between them: each has to be good."""
    keys = [key for key in (part.strip() for part in settings["FIELD_KEY"].split(",")) if key]
    if not keys:
        yield f"FIELD_KEY is missing: it encrypts passport data; set it to a random text ({KEY_RECIPE})."
    elif any(_is_weak(key) for key in keys):
        yield f"FIELD_KEY is weak: set it to {KEY_LENGTH} random characters or more ({KEY_RECIPE})."
    elif settings["SECRET_KEY"] in keys:
        yield f"FIELD_KEY is SECRET_KEY again: set it to a text of its own ({KEY_RECIPE})."


def hosts(settings: Settings) -> Iterator[str]:
    given = settings["ALLOWED_HOSTS"]
    if not given:
        yield "ALLOWED_HOSTS is missing: set it to the portal's host name."
    elif any(host.startswith("*") or host == "." for host in given):
        yield "ALLOWED_HOSTS holds «*» and would answer to any name: set it to the portal's host name."


def site_url(settings: Settings) -> Iterator[str]:
    url = settings["SITE_URL"]
    if not url:
        yield "SITE_URL is missing: letters need it for their links; set it to https:// and the portal's host name."
    elif not url.startswith("https://"):
        yield f"SITE_URL is {url}: it has to begin with https://."


def proxy(settings: Settings) -> Iterator[str]:
    if not settings["TRUSTED_PROXY_COUNT"]:
        yield (
            "TRUSTED_PROXY_COUNT is 0, but the web server speaks plain HTTP and needs a proxy with TLS before it: "
            "set it to the number of proxies, usually 1."
        )


def database(settings: Settings) -> Iterator[str]:
    if settings["DATABASES"]["default"]["ENGINE"] == SQLITE and settings["WEB_CONCURRENCY"] > 1:
        yield (
            f"WEB_CONCURRENCY is {settings['WEB_CONCURRENCY']} on SQLite, which has one writer: "
            "set DATABASE_URL to a PostgreSQL database, or WEB_CONCURRENCY to 1."
        )


def cache(settings: Settings) -> Iterator[str]:
    if settings["CACHES"]["default"]["BACKEND"] == LOCMEM:
        yield (
            "The cache is private to each process, which multiplies every limit on sign-in attempts: "
            "set REDIS_URL, or leave the cache in the database."
        )


def mail(settings: Settings) -> Iterator[str]:
    if settings["EMAIL_BACKEND"] != SMTP:
        yield "EMAIL_URL names no mail server, so no letter would arrive: set it to smtp+tls://user:password@host:587."


CHECKS: tuple[Callable[[Settings], Iterator[str]], ...] = (
    debug,
    secret_key,
    field_key,
    hosts,
    site_url,
    proxy,
    database,
    cache,
    mail,
)
