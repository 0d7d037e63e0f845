"""A person's own page."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from nis_library.home import my_page
from nis_library.home.languages import remember
from schools.entry import SIGNED_IN, entry


@entry(SIGNED_IN)
def mine(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    context = {"page": my_page.of(request.actor, now=now), "today": timezone.localdate(now)}
    return remember(render(request, "home/mine.html", context))
