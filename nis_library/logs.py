"""Log lines: one line each, with the id of the request or task they belong to, and without secrets.

Addresses of the portal can be secrets themselves (sign-up links, calendar feeds, check-in codes), so a line names
the route, as the URLconf writes it, and never the address that was asked for.
"""

import logging
import re
import secrets
import time
from collections.abc import Callable
from contextvars import ContextVar

from django.http import HttpRequest, HttpResponse

current_id: ContextVar[str] = ContextVar("current_id", default="-")
"""The id of the request or task that is being worked on."""

HEADER = "X-Request-ID"
GIVEN_ID = re.compile(r"[A-Za-z0-9-]{8,64}")
QUIET = ("healthz", "readyz")
SECRETS = re.compile(r"(?i)(\b(?:password|secret|token|key|code|authorization|cookie)\b[\"']?\s*[=:]\s*)[^\s,;&]+")
LOGINS = re.compile(r"(\w+://)[^/\s:@]*:[^/\s@]*@")

log = logging.getLogger("portal.requests")


class RequestLogMiddleware:
    """Gives each request an id (a proxy's own is kept if it looks like one) and writes one line when it is done."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = request.headers.get(HEADER, "")
        token = current_id.set(given if GIVEN_ID.fullmatch(given) else secrets.token_hex(8))
        began = time.perf_counter()
        try:
            response = self.get_response(request)
            response[HEADER] = current_id.get()
            name = route(request)
            is_file = request.resolver_match is None and response.status_code in (200, 304)
            level = logging.DEBUG if name in QUIET or is_file else logging.INFO
            spent = (time.perf_counter() - began) * 1000
            log.log(level, "%s %s %s %.0f ms", request.method, name, response.status_code, spent)
            return response
        finally:
            current_id.reset(token)


class AddId(logging.Filter):
    """Puts the id of the current request or task on every record."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.request_id = current_id.get()
        return True


class HideAddress(logging.Filter):
    """Replaces the address in Django's own messages about a request by its route."""

    def filter(self, record: logging.LogRecord) -> bool:
        request = getattr(record, "request", None)
        if isinstance(request, HttpRequest) and isinstance(record.args, tuple):
            record.args = tuple(route(request) if value == request.path else value for value in record.args)
        return True


class NoTicking(logging.Filter):
    """Leaves out beat's line for each task that it sends: every few seconds the same."""

    def filter(self, record: logging.LogRecord) -> bool:
        return not str(record.msg).startswith("Scheduler: Sending due task")


class OneLine(logging.Formatter):
    """A record as one line: line ends, those of a traceback too, become « | ». What looks like a secret is masked."""

    def format(self, record: logging.LogRecord) -> str:
        line = " | ".join(part.strip() for part in super().format(record).splitlines() if part.strip())
        return LOGINS.sub(r"\1***@", SECRETS.sub(r"\1***", line))


def route(request: HttpRequest) -> str:
    """The pattern that the address matched, such as `<language>/courses/<slug:uid>/`; «unmatched» if none did."""
    match = request.resolver_match
    return match.route if match and match.route else "unmatched" if match is None else "/"


def settings_for(level: str) -> dict[str, object]:
    """Django's LOGGING: everything to standard error, which the starter, the container or systemd collects."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "filters": {"id": {"()": AddId}, "address": {"()": HideAddress}, "ticking": {"()": NoTicking}},
        "formatters": {
            "line": {
                "()": OneLine,
                "format": "{asctime} {levelname} {name} [{request_id}] {message}",
                "datefmt": "%Y-%m-%dT%H:%M:%S%z",
                "style": "{",
            }
        },
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["id", "address"]}},
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {
            "django": {"handlers": [], "level": "INFO", "propagate": True},
            # The request line says as much, and with the status.
            "django.request": {"level": "ERROR"},
            "django.security.DisallowedHost": {"level": "CRITICAL"},
            "django.server": {"handlers": [], "level": "ERROR", "propagate": True},
            "celery.app.trace": {"level": "WARNING"},
            "celery.worker.strategy": {"level": "WARNING"},
            "celery.beat": {"filters": ["ticking"]},
            "fontTools": {"level": "WARNING"},
        },
    }
