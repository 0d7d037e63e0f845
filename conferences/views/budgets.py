"""Budgets: a year, one budget with its lines, the ledger of a line, the plan, and files to take away."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from conferences import budget_access, budget_files, budget_queries, planning
from conferences.forms.budget import PlanForm
from conferences.models import Budget
from conferences.views.room import room_tabs
from schools import workbooks
from schools.access import Actor
from schools.entry import entry
from schools.errors import Refused
from schools.models import School
from schools.states import Role

READERS = (Role.DIRECTOR, Role.DEPUTY, Role.HQ, Role.FINANCE, Role.AUDITOR, Role.ADMINISTRATOR)
PLANNERS = (Role.HQ, Role.FINANCE, Role.ADMINISTRATOR)
NETWORK = "network"
"""Stands in addresses for the budget that is no school's."""
FIRST_YEAR, LAST_YEAR = 2008, 2100
PER_PAGE = 50


@entry(*READERS)
def year_page(request: HttpRequest, year: int = 0) -> HttpResponse:
    today = timezone.localdate()
    year = _year(year or today.year)
    owners = budget_queries.owners(request.actor, year, today=today)
    whole = budget_queries.Sums(*(sum(getattr(owner.sums, name) for owner in owners) for name in budget_queries.SUMS))
    context = {
        "year": year,
        "years": _near(budget_queries.years(request.actor), year, today.year),
        "owners": owners,
        "whole": whole,
        "kinds": budget_files.KINDS,
        "tabs": room_tabs("budgets", request.actor),
    }
    return render(request, "conferences/budgets/year.html", context)


@entry(*READERS)
def budget_page(request: HttpRequest, year: int, owner: str) -> HttpResponse:
    school = _owner(request.actor, owner)
    rows = [(row, budget_queries.sums_of([row])) for row in budget_queries.lines(_year(year), school)]
    context = {
        "year": year,
        "owner": owner,
        "title": _title(year, school),
        "rows": rows,
        "whole": budget_queries.sums_of(row for row, _sums in rows),
        "may_plan": budget_access.may_plan_budgets(request.actor),
        "trail": _trail(year),
    }
    return render(request, "conferences/budgets/budget.html", context)


@entry(*READERS)
def line_page(request: HttpRequest, uid: str) -> HttpResponse:
    budget = _line(request.actor, uid)
    context = {
        "budget": budget,
        "sums": budget_queries.sums_of([budget]),
        "page": Paginator(budget_queries.moves(budget), PER_PAGE).get_page(request.GET.get("page")),
        "kinds": budget_files.KINDS,
        "may_correct": budget_access.may_plan_budgets(request.actor),
        "trail": way_to(budget)[:-1],
    }
    return render(request, "conferences/budgets/line.html", context)


@entry(*PLANNERS)
def plan(request: HttpRequest, year: int, owner: str) -> HttpResponse:
    school = _owner(request.actor, owner)
    form = PlanForm(request.POST or None, rows=budget_queries.lines(_year(year), school))
    if request.method == "POST" and form.is_valid():
        try:
            planning.plan(year=year, school=school, actor=request.actor, now=timezone.now(), **form.deed())
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("Saved."))
            return redirect("conferences:budget", year, owner)
    context = {"form": form, "year": year, "owner": owner, "title": _title(year, school), "trail": _trail(year)}
    return render(request, "conferences/budgets/plan.html", context, status=422 if form.errors else 200)


@entry(*READERS)
def year_file(request: HttpRequest, year: int, kind: str) -> HttpResponse:
    _refuse_unknown(kind)
    body = budget_files.year_file(request.actor, _year(year), kind=kind)
    return workbooks.response(body, name=f"budgets-{year}.{kind}")


@entry(*READERS)
def line_file(request: HttpRequest, uid: str, kind: str) -> HttpResponse:
    _refuse_unknown(kind)
    budget = _line(request.actor, uid)
    body = budget_files.ledger_file(budget, kind=kind)
    return workbooks.response(body, name=f"budget-{budget.year}-{budget.kind}.{kind}")


def _year(year: int) -> int:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise Http404
    return year


def _refuse_unknown(kind: str) -> None:
    if kind not in budget_files.KINDS:
        raise Http404


def _owner(actor: Actor, owner: str) -> School | None:
    """The school whose budget it is, None for the network's. 404 for those whose business it is not."""
    school = None if owner == NETWORK else get_object_or_404(School, uid=owner)
    if not budget_access.may_see_budget(actor, school.pk if school else None):
        raise Http404
    return school


def _line(actor: Actor, uid: str) -> Budget:
    return get_object_or_404(budget_queries.seen_by(actor).select_related("school"), uid=uid)


def _title(year: int, school: School | None) -> str:
    return f"{school or pgettext('budget', 'Network')}, {year}"


def _trail(year: int) -> list[tuple[str, str]]:
    return [(_("Budgets of %(year)s") % {"year": year}, reverse("conferences:budgets_of", args=[year]))]


def way_to(budget: Budget) -> list[tuple[str, str]]:
    """The way back from what hangs on a line: the year, whose budget it is, the line."""
    owner = budget.school.uid if budget.school else NETWORK
    whose = (_title(budget.year, budget.school), reverse("conferences:budget", args=[budget.year, owner]))
    line = (capfirst(budget.get_kind_display()), reverse("conferences:budget_line", args=[budget.uid]))
    return [*_trail(budget.year), whose, line]


def _near(planned: list[int], shown: int, present: int) -> list[int]:
    """Years to choose from, the newest first: those with a plan, the one shown, this one and the next."""
    return sorted({*planned, shown, present, present + 1}, reverse=True)
