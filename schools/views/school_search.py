"""Schools found as one types: the part of a page that `static/js/school-picker.js` asks for."""

import re

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from schools.entry import EVERYONE, entry
from schools.forms.school_picker import choices_of, region_of, shown_school

NAME = re.compile(r"[\w-]{1,60}", re.ASCII)
USUAL = "school"


@entry(EVERYONE)
def search(request: HttpRequest) -> HttpResponse:
    """`q` and `region` (ISO code) narrow, `name` is that of the field, `chosen` stays in the list."""
    asked = request.GET
    name = asked.get("name", USUAL)
    chosen = shown_school(asked["chosen"]) if asked.get("chosen") else None
    found = choices_of(
        asked.get("q", ""),
        region_of(asked.get("region", "")),
        name if NAME.fullmatch(name) else USUAL,
        chosen=chosen,
    )
    return render(request, "schools/parts/school_choices.html", found)
