"""Addresses for load balancers and containers: is the process alive, can it do its work."""

import logging

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache

from nis_library.home import health
from schools.entry import entry

log = logging.getLogger(__name__)


@never_cache
@entry("everyone")
def healthz(request: HttpRequest) -> HttpResponse:
    """200 while the process answers at all. Asks nothing of database or broker."""
    return HttpResponse("ok\n", content_type="text/plain")


@never_cache
@entry("everyone")
def readyz(request: HttpRequest) -> JsonResponse:
    """200 if database, tables, cache and broker are there, else 503. The reasons go to the log alone."""
    failed = health.failures()
    for name, sentence in failed.items():
        log.error("not ready: %s: %s", name, sentence)
    checks = {name: "failed" if name in failed else "ok" for name in health.CHECKS}
    return JsonResponse({"ready": not failed, "checks": checks}, status=503 if failed else 200)
