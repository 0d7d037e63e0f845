"""Calendar files: of one run for everybody, and of a person behind a private address."""

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from courses import access, calendars, feeds, queries
from courses.models import Run
from schools.entry import EVERYONE, SIGNED_IN, entry
from schools.models import Person
from schools.states import Language


@require_safe
@entry(EVERYONE)
def run_file(request: HttpRequest, uid: str) -> HttpResponse:
    """The run's dates, if it has any, with public facts only; `?lang=` chooses the language."""
    run = get_object_or_404(queries.for_page(Run.objects.all()), uid=uid)
    if run.starts_on is None or not access.may_see_run(request.actor, run):
        raise Http404
    asked = request.GET.get("lang", "")
    language = asked if asked in Language.values else translation.get_language()
    return calendar_response(calendars.public_file(run, language=language), name=f"course-{run.uid}.ics")


@require_safe
@entry(EVERYONE)
def feed_file(request: HttpRequest, token: str) -> HttpResponse:
    """Who knows the token is let in: a calendar program cannot sign in. Unknown, renewed and dead are alike."""
    feed = feeds.find(token)
    if feed is None:
        raise Http404
    return calendar_response(feeds.calendar(feed, today=timezone.localdate()), name="my-courses.ics")


def calendar_response(body: bytes, *, name: str) -> HttpResponse:
    """A calendar that no shared cache keeps and no search engine lists."""
    return HttpResponse(
        body,
        content_type="text/calendar; charset=utf-8",
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "Cache-Control": "private, max-age=300",
            "X-Robots-Tag": "noindex",
        },
    )


@never_cache
@entry(SIGNED_IN)
def feed(request: HttpRequest) -> HttpResponse:
    """The page on which a person gets, renews and switches off the private address."""
    if request.actor.person_id is None:
        raise PermissionDenied
    row = feeds.of_person(request.actor.person_id)
    url = settings.SITE_URL + reverse("course_files:feed", args=[row.token]) if row else ""
    context = {"feed": row, "feed_url": url, "subscribe_url": "webcal" + url[url.find(":") :] if url else ""}
    return render(request, "courses/feed.html", context)


@require_POST
@entry(SIGNED_IN)
def renew_feed(request: HttpRequest) -> HttpResponse:
    feeds.renew(person=_own_person(request), actor=request.actor)
    messages.success(request, _("Your new calendar address is ready."))
    return redirect("courses:feed")


@require_POST
@entry(SIGNED_IN)
def switch_off_feed(request: HttpRequest) -> HttpResponse:
    feeds.switch_off(person=_own_person(request), actor=request.actor)
    messages.success(request, _("The calendar address no longer works."))
    return redirect("courses:feed")


def _own_person(request: HttpRequest) -> Person:
    if request.actor.person_id is None:
        raise PermissionDenied
    return Person.objects.get(pk=request.actor.person_id)
