"""The catalogue as a list and as a month. Every filter stands in the address bar."""

from collections.abc import Collection
from dataclasses import dataclass

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.dates import WEEKDAYS_ABBR
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from courses import cards, facets, months
from courses import catalogue as finding
from courses.forms.catalogue import COMING_ONLY, NOT_IN_MONTH, PAST_ONLY, CatalogueForm
from courses.models import Run, Topic
from courses.views.facet_links import address, chips_of, facets_of
from schools.entry import EVERYONE, entry
from schools.models import Region
from schools.wording import number

PER_PAGE = 20
MOST_IN_A_MONTH = 200
YEARS = range(2000, 2100)


@dataclass(frozen=True, slots=True)
class Asked:
    """The address bar, read: the form, and the rows that name its topics and places."""

    form: CatalogueForm
    topics: list[Topic]
    regions: list[Region]

    @classmethod
    def of(cls, request: HttpRequest) -> "Asked":
        topics, regions = list(Topic.objects.all()), list(Region.objects.all())
        return cls(CatalogueForm(request.GET, topics=topics, regions=regions), topics, regions)

    def sides(
        self, request: HttpRequest, found: facets.Found, wish: finding.Wish, unasked: Collection[str]
    ) -> dict[str, object]:
        """What the list and the month share: facets, chips, count, what was left out, the other view."""
        shown = facets_of(found, wish, topics=self.topics, regions=self.regions, unasked=unasked)
        query = self.form.understood()
        return {
            "wish": wish,
            "found": found,
            "facets": shown,
            "chips": chips_of(request.path, query, wish, shown),
            "lead": found_line(found),
            "ignored": ", ".join(self.form.ignored()),
            "clear_url": address(request.path, query, *self.form.fields.keys() - {"when"}),
            "list_url": address(reverse("courses:catalogue"), query),
            "month_url": address(reverse("courses:month"), query, *NOT_IN_MONTH),
        }


def found_line(found: facets.Found) -> str:
    """«24 events found»; a region of the page that is read out when it changes."""
    words = ngettext("%(count)s event found", "%(count)s events found", found.total) % {"count": number(found.total)}
    return format_html('<span id="found-line" role="status">{}</span>', words)


@entry(EVERYONE)
def catalogue(request: HttpRequest) -> HttpResponse:
    now, today = timezone.now(), timezone.localdate()
    asked = Asked.of(request)
    wish = asked.form.wish()
    found = finding.find(wish, now=now, today=today)
    page = Paginator(found.ids, PER_PAGE).get_page(request.GET.get("page"))
    path, query = request.path, asked.form.understood()
    context = {
        **asked.sides(request, found, wish, asked.form.unasked()),
        "page": page,
        "cards": cards.cards(list(page.object_list), actor=request.actor, now=now, today=today),
        "tabs": [
            (_("Coming"), address(path, query, "when", *PAST_ONLY), wish.when == finding.COMING),
            (_("Past"), address(path, query, *COMING_ONLY, when=finding.PAST), wish.when == finding.PAST),
        ],
        "by_date_url": address(path, query, "sort"),
        "by_title_url": address(path, query, sort=finding.BY_TITLE),
    }
    return render(request, "courses/catalogue.html", context)


@entry(EVERYONE)
def month(request: HttpRequest, year: int | None = None, month: int | None = None) -> HttpResponse:
    """One month; without a date in the address, the present one."""
    now, today = timezone.now(), timezone.localdate()
    shown = months.Month(today.year, today.month) if year is None or month is None else months.Month(year, month)
    if shown.year not in YEARS or not 1 <= shown.month <= 12:
        raise Http404
    asked = Asked.of(request)
    wish, query = asked.form.month_wish(), asked.form.understood()
    found = finding.find_between(wish, first=shown.first, last=shown.last, now=now, today=today)
    rows = Run.objects.filter(pk__in=found.ids[:MOST_IN_A_MONTH]).select_related("course", "host")
    runs = rows.prefetch_related("host__names").order_by("starts_on", "-ends_on", "id")
    context = {
        **asked.sides(request, found, wish, NOT_IN_MONTH),
        "month": shown,
        "weekdays": [WEEKDAYS_ABBR[day] for day in range(months.WEEK)],
        "weeks": months.weeks(shown, runs, today=today),
        "left_out": max(0, found.total - MOST_IN_A_MONTH),
        "before": step_url(shown.step(-1), query),
        "after": step_url(shown.step(1), query),
        "this_month_url": address(reverse("courses:month"), query),
    }
    return render(request, "courses/month.html", context)


def step_url(shown: months.Month, query: QueryDict) -> str:
    """The address of another month with the same filters; nothing past the years that are shown."""
    if shown.year not in YEARS:
        return ""
    return address(reverse("courses:month", args=[shown.year, shown.month]), query)
