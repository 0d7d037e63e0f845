"""Schools that were not listed: those that wait, and the answer to one. For HQ and administrators."""

from collections.abc import Callable

from django.contrib import messages
from django.core.paginator import Paginator
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from schools import directory
from schools.answering import attempt
from schools.entry import entry
from schools.errors import Refused
from schools.forms.directory import FindForm, RefuseForm, SchoolForm
from schools.models import SchoolRequest
from schools.school_search import candidates
from schools.states import RequestState
from schools.views.directory import MANAGERS, directory_trail

PAGE_SIZE = 25
ANSWERED = "answered"


@entry(*MANAGERS)
def request_list(request: HttpRequest) -> HttpResponse:
    answered = request.GET.get("show") == ANSWERED
    rows = SchoolRequest.objects.select_related("region", "school", "decided_by").prefetch_related("school__names")
    waiting = rows.filter(state=RequestState.WAITING)
    shown = rows.exclude(state=RequestState.WAITING).order_by("-decided_at", "-id") if answered else waiting
    page = Paginator(shown, PAGE_SIZE).get_page(request.GET.get("page"))
    tabs = [
        (_("Waiting"), "?", not answered, waiting.count()),
        (_("Answered"), f"?show={ANSWERED}", answered, None),
    ]
    context = {"page": page, "tabs": tabs, "answered": answered, "trail": directory_trail()}
    return render(request, "schools/school_requests.html", context)


@entry(*MANAGERS)
def request_page(request: HttpRequest, uid: str) -> HttpResponse:
    return _page(request, _asked(uid))


@require_POST
@entry(*MANAGERS)
def find(request: HttpRequest, uid: str) -> HttpResponse:
    asked, form = _asked(uid), FindForm(request.POST)

    def deed() -> None:
        directory.find_requested(request=asked, school=form.cleaned_data["school"], actor=request.actor)

    return _answer(request, asked, "find_form", form, deed, _("The school was found in the directory."))


@require_POST
@entry(*MANAGERS)
def add(request: HttpRequest, uid: str) -> HttpResponse:
    asked = _asked(uid)
    form = SchoolForm.asked(asked, request.POST)

    def deed() -> None:
        directory.add_requested(request=asked, values=form.values(), actor=request.actor)

    return _answer(request, asked, "add_form", form, deed, _("The school was added to the directory."))


@require_POST
@entry(*MANAGERS)
def refuse(request: HttpRequest, uid: str) -> HttpResponse:
    asked, form = _asked(uid), RefuseForm(request.POST)

    def deed() -> None:
        directory.refuse_requested(request=asked, note=form.cleaned_data["note"], actor=request.actor)

    return _answer(request, asked, "refuse_form", form, deed, _("The request was refused."))


@require_POST
@entry(*MANAGERS)
def reopen(request: HttpRequest, uid: str) -> HttpResponse:
    asked = _asked(uid)
    attempt(request, lambda: directory.reopen_request(request=asked, actor=request.actor))
    return redirect("schools:school_request", uid)


def _asked(uid: str) -> SchoolRequest:
    return get_object_or_404(SchoolRequest.objects.select_related("region", "school", "decided_by"), uid=uid)


def _answer(
    request: HttpRequest, asked: SchoolRequest, place: str, form: Form, deed: Callable[[], None], words: str
) -> HttpResponse:
    """Do it, or show the page again with what was typed in `form`."""
    if form.is_valid():
        try:
            deed()
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, words)
            return redirect("schools:school_requests")
    searching = isinstance(form, FindForm) and form.is_searching
    return _page(request, _asked(asked.uid), status=200 if searching else 422, **{place: form})


def _page(request: HttpRequest, asked: SchoolRequest, *, status: int = 200, **forms: Form) -> HttpResponse:
    context = {
        "asked": asked,
        "trail": [*directory_trail(), (_("Schools that are not listed"), reverse("schools:school_requests"))],
        "facts": _facts(asked),
        **forms,
    }
    if asked.is_open:
        context["candidates"] = candidates(asked)
        context.setdefault("find_form", FindForm())
        context.setdefault("add_form", SchoolForm.asked(asked))
        context.setdefault("refuse_form", RefuseForm())
    return render(request, "schools/school_request.html", context, status=status)


def _facts(asked: SchoolRequest) -> list[tuple[str, object]]:
    return [
        (_("Region"), str(asked.region)),
        (_("District"), asked.district),
        (_("E-mail"), asked.contact),
        (_("Language"), asked.get_language_display()),
        (_("Decided by"), asked.decided_by),
        (_("Note"), asked.note),
    ]
