"""The schools of the network, the page of one, and who stands in for its director."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from schools import access, queries, roles
from schools.alphabet import sort_key
from schools.entry import EVERYONE, entry
from schools.errors import Refused
from schools.forms.people import DeputyForm
from schools.models import School
from schools.models.school import in_language
from schools.states import Role, SchoolKind


@entry(EVERYONE)
def school_list(request: HttpRequest) -> HttpResponse:
    today = timezone.localdate()
    schools = queries.with_librarians(queries.network_schools(on=today), on=today)
    rows = list(schools.select_related("region").prefetch_related("names"))
    rows.sort(key=lambda school: sort_key(school.city))
    total = sum(school.librarians for school in rows)
    context = {"schools": rows, "total": total, "keeps_directory": request.actor.runs_network}
    return render(request, "schools/schools.html", context)


@entry(EVERYONE)
def school(request: HttpRequest, uid: str) -> HttpResponse:
    today = timezone.localdate()
    row = get_object_or_404(
        School.objects.select_related("region").prefetch_related("names", "network_periods"), uid=uid
    )
    shows_names = row.kind == SchoolKind.NIS and access.may_see_names(request.actor, row.pk)
    staff = list(queries.staff_of(row, on=today)) if shows_names else []
    context = {
        "school": row,
        "official_name": "" if row.official_name() == row.short_name() else row.official_name(),
        "trail": [(_("Schools"), reverse("schools:schools"))],
        "shows_names": shows_names,
        "librarians": [one for one in staff if one.role == Role.LIBRARIAN],
        "heads": [one for one in staff if one.role != Role.LIBRARIAN],
        "count": queries.with_librarians(School.objects.filter(pk=row.pk), on=today).get().librarians,
        "school_facts": _facts(row),
        "former_names": [name for name in row.names.all() if name.valid_to and name.valid_to < today],
        "leads": request.actor.is_network or access.leads(request.actor, row.pk),
        "keeps_directory": row.kind == SchoolKind.GENERAL and request.actor.runs_network,
        "may_name_deputy": access.may_name_deputy(request.actor, row.pk),
    }
    return render(request, "schools/school.html", context)


@entry(Role.DIRECTOR)
def name_deputy(request: HttpRequest, uid: str) -> HttpResponse:
    row = get_object_or_404(School.objects.prefetch_related("names"), uid=uid)
    if not access.may_name_deputy(request.actor, row.pk):
        raise PermissionDenied
    today = timezone.localdate()
    staff = queries.people_at(row, on=today).exclude(pk=request.actor.person_id)
    form = DeputyForm(request.POST or None, people=staff, initial={"since": today})
    if request.method == "POST" and form.is_valid():
        try:
            roles.grant(role=Role.DEPUTY, school=row, actor=request.actor, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Saved."))
            return redirect("schools:school", row.uid)
    context = {"form": form, "title": _("Name who stands in for you"), "lead": str(row), "back": row}
    context["trail"] = [(_("Schools"), reverse("schools:schools")), (str(row), reverse("schools:school", args=[uid]))]
    return render(request, "schools/person_form.html", context, status=422 if form.is_bound else 200)


def _facts(school: School) -> list[tuple[str, object]]:
    periods = school.network_periods.all()
    since = min((period.valid_from for period in periods), default=None)
    return [
        (_("City") if school.kind == SchoolKind.NIS else _("Settlement"), in_language(school, "city")),
        (_("District"), in_language(school, "district")),
        (_("Region"), str(school.region)),
        (_("Direction"), capfirst(school.get_direction_display()) if school.direction else ""),
        (_("Opened"), f"{school.opened:%d.%m.%Y}" if school.opened else ""),
        (_("In the network since"), since.year if since else ""),
    ]
