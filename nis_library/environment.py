"""Values from the environment, each read with a check: a wrong one is a sentence that names the variable."""

import os
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

TRUE, FALSE = ("1", "true", "yes", "on"), ("0", "false", "no", "off", "")
SQLITE, POSTGRESQL = "django.db.backends.sqlite3", "django.db.backends.postgresql"
SPELLING = "signs such as @ : / # in user or password are written as %40 %3A %2F %23, and a port is a number."
_env = environ.Env()


def text(name: str, default: str = "") -> str:
    return os.environ.get(name, "").strip() or default


def words(name: str, default: list[str]) -> list[str]:
    """Values with commas between them."""
    return [word.strip() for word in text(name).split(",") if word.strip()] or default


def boolean(name: str, default: bool = False) -> bool:
    """Raises ImproperlyConfigured for a word that means neither yes nor no: «maybe» must not become «no»."""
    given = text(name).lower()
    if not given:
        return default
    if given not in TRUE + FALSE:
        raise ImproperlyConfigured(f"{name} has to be «true» or «false», not «{without_login(given)}».")
    return given in TRUE


def integer(name: str, default: int, *, least: int, most: int) -> int:
    """Raises ImproperlyConfigured unless the value is a whole number from `least` to `most`."""
    given = text(name)
    if not given:
        return default
    if not given.isascii() or not given.isdigit() or not least <= int(given) <= most:
        raise ImproperlyConfigured(
            f"{name} has to be a whole number from {least} to {most}, not «{without_login(given)}»."
        )
    return int(given)


def choice(name: str, default: str, *, of: tuple[str, ...]) -> str:
    """Raises ImproperlyConfigured unless the value is one of the list."""
    given = text(name, default)
    if given not in of:
        wanted = " or ".join(f"«{word}»" for word in of)
        raise ImproperlyConfigured(f"{name} has to be {wanted}, not «{without_login(given)}».")
    return given


def address(name: str, default: str = "", *, schemes: tuple[str, ...] = ("http", "https")) -> str:
    """An address without its last slash. Raises ImproperlyConfigured if scheme or host is missing."""
    given = text(name, default).rstrip("/")
    parts = urlsplit(given)
    if given and (parts.scheme not in schemes or not parts.hostname):
        example = f"{schemes[-1]}://host"
        raise ImproperlyConfigured(f"{name} has to be an address such as {example}, not «{without_login(given)}».")
    return given


def origin(given: str) -> str:
    """Scheme and host of an address, as a content security policy names it."""
    parts = urlsplit(given)
    return f"{parts.scheme}://{parts.netloc}"


def needed(name: str, *, by: str) -> str:
    """Raises ImproperlyConfigured if `name` is empty while `by` is set."""
    if given := text(name):
        return given
    raise ImproperlyConfigured(f"{by} is set, so {name} has to be set too.")


def database(name: str, default: str) -> dict[str, Any]:
    """Django's settings of one database. Raises ImproperlyConfigured for anything but PostgreSQL and SQLite."""
    given = text(name, default)
    scheme = given.partition("://")[0]
    if scheme not in ("postgres", "postgresql", "psql", "sqlite"):
        raise ImproperlyConfigured(
            f"{name} has to be postgresql://user:password@host:5432/name or sqlite:////folder/file, "
            f"not «{without_login(given)}»."
        )
    try:
        found: dict[str, Any] = _env.db_url_config(given)
    except (ValueError, ImproperlyConfigured) as error:  # its text may hold a piece of the password
        raise ImproperlyConfigured(f"{name} cannot be read: {SPELLING}") from error
    if not found.get("NAME"):
        raise ImproperlyConfigured(f"{name} does not name a database: {without_login(given)}.")
    return found


def mail(name: str) -> dict[str, object]:
    """Django's EMAIL_* settings, none if the variable is empty. Raises ImproperlyConfigured for an unknown scheme."""
    given = text(name)
    scheme = given.partition("://")[0]
    if not given:
        return {}
    if scheme == "consolemail":
        return {"EMAIL_BACKEND": "django.core.mail.backends.console.EmailBackend"}
    if scheme not in ("smtp", "smtp+tls", "smtp+ssl"):
        raise ImproperlyConfigured(
            f"{name} has to be smtp://, smtp+tls:// or smtp+ssl:// with user:password@host:port, not «{scheme}://»."
        )
    try:
        found: dict[str, object] = _env.email_url_config(given)
    except (ValueError, ImproperlyConfigured) as error:  # its text may hold a piece of the password
        raise ImproperlyConfigured(f"{name} cannot be read: {SPELLING}") from error
    return {key: value for key, value in found.items() if key != "EMAIL_FILE_PATH"}


def folder(name: str, default: Path) -> Path:
    """A folder that can be written to, made if it is missing. Raises ImproperlyConfigured if it cannot be."""
    path = Path(text(name, str(default))).expanduser().resolve()
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ImproperlyConfigured(f"{name}: the folder {path} cannot be made ({error.strerror}).") from error
    if not os.access(path, os.W_OK):
        raise ImproperlyConfigured(f"{name}: the folder {path} cannot be written to.")
    return path


def own_key(path: Path) -> str:
    """A secret of this installation, made at random when it is first asked for and kept readable to its owner alone."""
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(50))
    except FileExistsError:
        pass
    return path.read_text().strip()


def without_login(given: str) -> str:
    """An address with its user and password taken out, fit for a message."""
    return f"{given.partition('://')[0]}://…@{given.rpartition('@')[2]}" if "@" in given else given
