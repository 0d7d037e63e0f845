"""Places that a school holds in a run before names are known: hold, give back, name a colleague."""

from datetime import datetime

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_POST

from courses import access, enrolling, holding, queries
from courses.forms.enrolling import NominateForm
from courses.forms.seats import HoldForm
from courses.held_queries import held_by_schools, names_of
from courses.models import Run
from courses.views.runs import visible_run
from schools.answering import status_of
from schools.entry import SIGNED_IN, entry
from schools.errors import Refused
from schools.models import School
from schools.queries import nis_schools


def _run(request: HttpRequest, uid: str) -> Run:
    """The run, for those who may nominate; 403 for others, 404 where it does not exist for the reader."""
    run = visible_run(request, uid, Run.objects.select_related("course", "intake"))
    if not access.may_nominate(request.actor):
        raise PermissionDenied
    return run


def _school(request: HttpRequest, code: str) -> School:
    """A school that the actor holds for; 404 for every other one."""
    school = get_object_or_404(nis_schools().prefetch_related("names"), code=code)
    if not access.may_hold(request.actor, school.pk):
        raise Http404
    return school


@entry(SIGNED_IN)
def held(request: HttpRequest, uid: str) -> HttpResponse:
    """The schools that the actor holds for; whoever leads one alone is led to it."""
    run, actor = _run(request, uid), request.actor
    schools = nis_schools() if actor.runs_network else nis_schools().filter(pk__in=actor.schools_led())
    lines = held_by_schools(run, schools)
    if len(lines) == 1:
        return redirect("courses:held_of", uid=uid, code=lines[0].school.code)
    return render(request, "courses/held/schools.html", {"run": run, "lines": lines})


@entry(SIGNED_IN)
def held_of(request: HttpRequest, uid: str, code: str) -> HttpResponse:
    return _page(request, _run(request, uid), _school(request, code))


def _page(request: HttpRequest, run: Run, school: School, status: int = 200, **forms: object) -> HttpResponse:
    now = timezone.now()
    people = queries.nominees(request.actor, run, today=timezone.localdate(now), school=school)
    names = names_of(run, school)
    count = holding.held(run, school)
    context = {
        "run": run,
        "school": school,
        "held": count,
        "names": names,
        "left": max(0, count - len(names)),
        "facts": _facts(run, school, count, len(names), now),
        "open": run.is_open(now),
        "merged": not run.holds_back(now),
        "hold_form": HoldForm(initial={"count": count}),
        "name_form": NominateForm(people=people),
        "has_people": people.exists(),
        **forms,
    }
    return render(request, "courses/held/school.html", context, status=status)


def _facts(run: Run, school: School, count: int, named: int, now: datetime) -> list[tuple[str, object]]:
    return [
        (pgettext("places", "Held"), str(count)),
        (_("of these with a name"), str(named)),
        (_("One school may hold"), str(run.hold_limit)),
        (_("You could hold in all"), str(holding.most(run, school, now=now))),
    ]


@require_POST
@entry(SIGNED_IN)
def hold_seats(request: HttpRequest, uid: str, code: str) -> HttpResponse:
    run, school, form, status = _run(request, uid), _school(request, code), HoldForm(request.POST), 422
    if form.is_valid():
        try:
            holding.hold(run=run, school=school, count=form.cleaned_data["count"], actor=request.actor)
        except Refused as refusal:
            form.add_error("count", refusal.message)
            status = status_of(refusal)
        else:
            messages.success(request, _("The number of held places is saved."))
            return redirect("courses:held_of", uid=uid, code=code)
    return _page(request, run, school, status=status, hold_form=form)


@require_POST
@entry(SIGNED_IN)
def name_person(request: HttpRequest, uid: str, code: str) -> HttpResponse:
    run, school, status = _run(request, uid), _school(request, code), 422
    people = queries.nominees(request.actor, run, today=timezone.localdate(), school=school)
    form = NominateForm(request.POST, people=people)
    if form.is_valid():
        try:
            enrolling.nominate(run=run, actor=request.actor, of_held=True, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, refusal.message)
            status = status_of(refusal)
        else:
            messages.success(request, _("The colleague has been nominated and will be asked by mail."))
            return redirect("courses:held_of", uid=uid, code=code)
    return _page(request, run, school, status=status, name_form=form)
