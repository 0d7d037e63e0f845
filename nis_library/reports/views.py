"""Pages of the yearly reports: the list, building, one report, the rows behind a figure, files."""

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from nis_library.reports import access, build, export, picture, queries, tables
from nis_library.reports import rows as behind
from nis_library.reports.forms import BuildForm
from nis_library.reports.models import YearlyReport
from schools import audit
from schools.entry import entry
from schools.errors import Refused
from schools.models import Person
from schools.states import Role

READERS = (Role.HQ, Role.ADMINISTRATOR, Role.AUDITOR, Role.FINANCE, Role.DIRECTOR, Role.DEPUTY)
ROWS_ON_A_PAGE = 50


@entry(*READERS)
def report_list(request: HttpRequest) -> HttpResponse:
    may_build = access.may_build(request.actor)
    if request.method != "POST":
        return _listed(request, BuildForm() if may_build else None)
    if not may_build:
        raise PermissionDenied
    form = BuildForm(request.POST)
    return _build(request, form) if form.is_valid() else _listed(request, form, status=422)


def _listed(request: HttpRequest, form: BuildForm | None, status: int = 200) -> HttpResponse:
    context = {"reports": queries.listed(), "jobs": queries.under_way(), "form": form}
    return render(request, "reports/list.html", context, status=status)


def _build(request: HttpRequest, form: BuildForm) -> HttpResponse:
    owner = Person.objects.filter(pk=request.actor.person_id).first()
    try:
        job = build.order(period=form.period(), owner=owner, actor=request.actor)
    except Refused as refusal:
        form.add_error(None, refusal.message)
        return _listed(request, form, status=422)
    return redirect("schools:job", uid=job.uid)


@require_safe
@entry(*READERS)
def of_job(request: HttpRequest, uid: str) -> HttpResponse:
    return redirect("reports:report", uid=get_object_or_404(YearlyReport, job__uid=uid).uid)


@require_safe
@entry(*READERS)
def report_page(request: HttpRequest, uid: str) -> HttpResponse:
    report = get_object_or_404(YearlyReport.objects.select_related("built_by"), uid=uid)
    context = {
        "report": report,
        "title": export.title(report),
        "issues": queries.issues_of(report),
        "tiles": picture.tiles(report),
        "charts": picture.charts(report),
        "tables": tables.all_tables(report),
        "definitions": tables.definitions(),
        "kinds": export.KINDS,
        "may_see_rows": request.actor.is_network,
        "own_schools": queries.codes_of(request.actor.schools_led()),
    }
    return render(request, "reports/report.html", context)


@require_safe
@entry(*READERS)
def report_rows(request: HttpRequest, uid: str) -> HttpResponse:
    report = get_object_or_404(YearlyReport, uid=uid)
    wanted = {key: request.GET[key] for key in behind.KEYS if request.GET.get(key)}
    if not request.actor.is_network:
        own = queries.codes_of(request.actor.schools_led())
        if wanted.get("school") not in own:
            raise PermissionDenied
    context = {"report": report, "title": export.title(report), "wanted": picture.describe(report, wanted)}
    try:
        found = behind.chosen(behind.frozen(report), wanted)
    except Refused as refusal:
        return render(request, "reports/rows.html", {**context, "refusal": refusal}, status=409)
    page = Paginator(found, ROWS_ON_A_PAGE).get_page(request.GET.get("page"))
    names = {row["key"]: tables.in_language(row["names"]) for row in report.figures["schools"]}
    audit.record(actor=request.actor, verb="report.read_rows", subject=report, changes={"figure": (None, wanted)})
    context |= {"page_obj": page, "lines": behind.with_names(list(page), names), "count": len(found)}
    return render(request, "reports/rows.html", context)


@require_safe
@entry(*READERS)
def report_file(request: HttpRequest, uid: str, kind: str) -> HttpResponse:
    report = get_object_or_404(YearlyReport, uid=uid)
    if kind not in export.KINDS:
        raise Http404
    language = get_language() or "kk"
    audit.record(actor=request.actor, verb="report.export", subject=report, changes={"kind": (None, kind)})
    name = export.file_name(report, kind=kind, language=language)
    response = HttpResponse(export.export(report, kind=kind, language=language), content_type=export.KINDS[kind])
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "private, no-store"
    return response
