"""How places are shared, in words for everybody; new versions of the rules; files to repeat an allocation."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from courses import access, allocation_files, allocation_words, sharing_rules
from courses.forms.allocation import RulesForm
from courses.models import AllocationRules
from courses.views.allocations import allocation_by
from courses.views.organise_common import ORGANISERS
from schools import workbooks
from schools.entry import SIGNED_IN, entry


@entry(SIGNED_IN)
def rules(request: HttpRequest) -> HttpResponse:
    """The rules in words; coordinators keep a new version from here."""
    newest = sharing_rules.newest()
    may_change = access.may_manage_courses(request.actor)
    if request.method == "POST" and not may_change:
        raise PermissionDenied
    form = RulesForm(request.POST or None, initial=_initial(newest))
    if request.method == "POST" and form.is_valid():
        made = sharing_rules.add(rules=form.save(commit=False), actor=request.actor)
        messages.success(request, _("Version %(n)s") % {"n": made.version})
        return redirect("courses:sharing_rules")
    shown = {name: getattr(newest, name) for name in allocation_words.PARTS if newest and getattr(newest, name)}
    context = {
        "rules": newest,
        "bars": [(str(allocation_words.PARTS[name]), weight * 10) for name, weight in shown.items()],
        "parts": [(allocation_words.PARTS[name], part_words(newest, name)) for name in shown],
        "form": form,
        "may_change": may_change,
        "leads": bool(request.actor.schools_led()),
    }
    return render(request, "courses/allocation/rules.html", context, status=422 if form.errors else 200)


def part_words(rules: AllocationRules | None, name: str) -> str:
    """What a part of the points means, with the numbers of this version."""
    if rules is None:
        return ""
    most = _("At most %(n)s points.") % {"n": 10 * getattr(rules, name)}
    words = {
        "need": _("The more of %(hours)s academic hours in the three-year window you lack, the more points."),
        "gap": _("The longer ago your last place was, the more points; from %(months)s months on all of them."),
        "share": _("The fewer places your school has had per librarian, compared with others, the more points."),
        "kept": _(
            "Late withdrawals and absences without a valid reason cost points; courses you attended win them back."
        ),
        "committee": _("The score of the committee, where there is one."),
    }
    return f"{words[name] % {'hours': rules.target_hours, 'months': rules.gap_months}} {most}"


def _initial(newest: AllocationRules | None) -> dict[str, int]:
    names = (*allocation_words.PARTS, "target_hours", "gap_months")
    return {name: getattr(newest, name) for name in names} if newest else {}


@require_safe
@entry(*ORGANISERS)
def file(request: HttpRequest, uid: str, what: str) -> HttpResponse:
    """What an allocation was told, or what it answered, as it is stored."""
    row = allocation_by(uid)
    body = allocation_files.json_of(row, what, actor=request.actor)
    headers = {"Content-Disposition": f'attachment; filename="{what}-{row.uid}.json"'}
    headers["Cache-Control"] = "private, no-store"
    return HttpResponse(body, content_type="application/json", headers=headers)


@require_safe
@entry(*ORGANISERS)
def table(request: HttpRequest, uid: str) -> HttpResponse:
    """Everybody with outcome and reason, as a table to take away."""
    row = allocation_by(uid)
    name, body = allocation_files.table_of(row, actor=request.actor)
    return workbooks.response(body, name=name)
