"""Seminars for staff of any school: what comes, and the page of one. For readers without an account, on a phone."""

from collections.abc import Iterable
from dataclasses import replace

from django.conf import settings
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone

from courses import cards, catalogue, facets, seminar_queries
from courses.forms.seminars import SeminarForm
from courses.models import Topic
from courses.views.catalogue import found_line
from courses.views.facet_links import address, chips_of, facets_of
from courses.views.seminar_facts import facts_of, lead_of
from schools.access import NOBODY
from schools.alphabet import sort_key
from schools.entry import EVERYONE, entry
from schools.map_marks import Mark
from schools.models import Region

PER_PAGE = 12


@entry(EVERYONE)
def seminars(request: HttpRequest) -> HttpResponse:
    now, today = timezone.now(), timezone.localdate()
    topics, regions = list(Topic.objects.all()), list(Region.objects.all())
    form = SeminarForm(request.GET, topics=topics, regions=regions)
    wish, query = form.wish(), form.understood()
    found = catalogue.find(wish, now=now, today=today)
    shown = [
        replace(facet, label=str(form.words[facet.name]))
        for facet in facets_of(found, wish, topics=topics, regions=regions, unasked=form.unasked())
    ]
    page = Paginator(found.ids, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "wish": wish,
        "found": found,
        "facets": shown,
        "chips": chips_of(request.path, query, wish, shown),
        "ignored": ", ".join(form.ignored()),
        "clear_url": request.path,
        "lead": found_line(found),
        "marks": marks_of(request.path, query, found, wish, regions),
        "page": page,
        "cards": cards.cards(list(page.object_list), actor=NOBODY, now=now, today=today),
    }
    return render(request, "courses/seminars/list.html", context)


def marks_of(
    path: str, query: QueryDict, found: facets.Found, wish: catalogue.Wish, regions: Iterable[Region]
) -> list[Mark]:
    """How many seminars each region has beside the other filters; a mark chooses its region, or lets go of it."""
    counts, chosen = found.counts["place"], wish.chosen.get("place", frozenset())
    marks = [
        Mark(
            region.iso,
            str(region),
            counts[region.iso],
            address(path, query, "place") if region.iso in chosen else address(path, query, place=region.iso),
            here=region.iso in chosen,
        )
        for region in regions
        if counts[region.iso] or region.iso in chosen
    ]
    return sorted(marks, key=lambda mark: sort_key(mark.name))


@entry(EVERYONE)
def seminar(request: HttpRequest, uid: str) -> HttpResponse:
    """Everything that is worth knowing before one signs up. Drafts and courses for staff alone do not exist here."""
    run = get_object_or_404(seminar_queries.public_seminars(), uid=uid)
    here = settings.SITE_URL + reverse("courses:seminar", args=[run.uid])
    context = {
        "run": run,
        "lead": lead_of(run),
        "standing": seminar_queries.standing(run, now=timezone.now(), today=timezone.localdate()),
        "seminar_facts": facts_of(run),
        "here": here,
        "message": f"{run.course} — {here}",
    }
    return render(request, "courses/seminars/seminar.html", context)
