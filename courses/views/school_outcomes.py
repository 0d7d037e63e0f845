"""What allocations gave the people of the reader's school, with the reasons; nothing is done here."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from courses import allocation_telling, allocation_words, outcome_queries
from schools.entry import entry
from schools.states import Role

A_PAGE = 50


@require_safe
@entry(Role.DIRECTOR, Role.DEPUTY)
def school_outcomes(request: HttpRequest) -> HttpResponse:
    schools = request.actor.schools_led()
    page = Paginator(outcome_queries.of_schools(schools), A_PAGE).get_page(request.GET.get("page"))
    voice = allocation_words.COORDINATOR
    context = {
        "page": page,
        "rows": [
            {"allocation": row.allocation, "row": row, "told": allocation_telling.told(row, voice=voice)}
            for row in page
        ],
        "several": len(schools) > 1,
    }
    return render(request, "courses/allocation/school.html", context)
