"""The bare address and the landing page."""

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override
from django.views.decorators.cache import never_cache

from courses import queries
from courses.cards import cards
from nis_library.home.languages import own_language, remember
from schools.entry import EVERYONE, entry

SHOWN_COURSES = 5


@never_cache
@entry(EVERYONE)
def root(request: HttpRequest) -> HttpResponse:
    """Leads to the page of the reader's own language."""
    with override(own_language(request)):
        return redirect(reverse("home:mine" if request.actor.is_authenticated else "home:landing"))


@entry(EVERYONE)
def landing(request: HttpRequest) -> HttpResponse:
    """What the portal is, for those who are not signed in; the others go to their own page."""
    if request.actor.is_authenticated:
        return redirect("home:mine")
    now, today = timezone.now(), timezone.localdate()
    runs = queries.upcoming_runs(today=today).filter(
        Q(opens_at=None) | Q(opens_at__lte=now), closes_at__gt=now, starts_on__isnull=False
    )
    ids = list(runs.values_list("pk", flat=True)[:SHOWN_COURSES])
    context = {"cards": cards(ids, actor=request.actor, now=now, today=today)}
    return remember(render(request, "home/landing.html", context))
