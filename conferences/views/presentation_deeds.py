"""What is done on the page of a presentation: moves, authors, comments, materials."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from conferences import co_authors, presentation_moves, presentations
from conferences.forms.presentation import AuthorForm, MaterialForm, MoveForm, RemarkForm
from conferences.states import PRESENTATION_MOVES
from conferences.views.presentation_page import answer, shown
from schools.answering import attempt, status_of
from schools.entry import SIGNED_IN, entry
from schools.errors import Refused
from schools.handing_out import hand_out


@require_POST
@entry(SIGNED_IN)
def move(request: HttpRequest, uid: str) -> HttpResponse:
    row, form = shown(request, uid), MoveForm(request.POST, auto_id="move_%s")
    if not form.is_valid() or form.cleaned_data["verb"] not in PRESENTATION_MOVES:
        return answer(request, row, 422, move=form)
    try:
        presentation_moves.make(presentation=row, actor=request.actor, **form.cleaned_data)
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return answer(request, shown(request, uid), status_of(refusal), move=form)
    messages.success(request, _("Done: the others concerned hear by mail."))
    return redirect("conferences:presentation", uid=uid)


@require_POST
@entry(SIGNED_IN)
def ask_author(request: HttpRequest, uid: str) -> HttpResponse:
    row, form = shown(request, uid), AuthorForm(request.POST, auto_id="author_%s")
    if not form.is_valid():
        return answer(request, row, 422, author=form)
    try:
        co_authors.ask(presentation=row, person=form.cleaned_data["person"], actor=request.actor)
    except Refused as refusal:
        form.add_error("person", str(refusal))
        return answer(request, row, status_of(refusal), author=form)
    messages.success(request, _("The colleague is asked by mail to confirm."))
    return redirect("conferences:presentation", uid=uid)


@require_POST
@entry(SIGNED_IN)
def answer_ask(request: HttpRequest, uid: str) -> HttpResponse:
    """Confirm that one is an author, or leave."""
    row = shown(request, uid)
    leaves = "leave" in request.POST
    if not attempt(
        request,
        lambda: (co_authors.leave if leaves else co_authors.confirm)(presentation=row, actor=request.actor),
        _("You have left the presentation.") if leaves else _("You are an author now."),
    ):
        return redirect("conferences:presentation", uid=uid)
    return redirect("conferences:presentations") if leaves else redirect("conferences:presentation", uid=uid)


@require_POST
@entry(SIGNED_IN)
def take_out_author(request: HttpRequest, uid: str, author_uid: str) -> HttpResponse:
    row = shown(request, uid)
    author = get_object_or_404(row.authors.all(), uid=author_uid)
    attempt(request, lambda: co_authors.take_out(presentation=row, author=author, actor=request.actor), _("Saved."))
    return redirect("conferences:presentation", uid=uid)


@require_POST
@entry(SIGNED_IN)
def remark(request: HttpRequest, uid: str) -> HttpResponse:
    row, form = shown(request, uid), RemarkForm(request.POST, auto_id="remark_%s")
    if not form.is_valid():
        return answer(request, row, 422, remark=form)
    try:
        presentations.remark(presentation=row, text=form.cleaned_data["text"], actor=request.actor)
    except Refused as refusal:
        form.add_error("text", str(refusal))
        return answer(request, row, status_of(refusal), remark=form)
    return redirect("conferences:presentation", uid=uid)


@require_POST
@entry(SIGNED_IN)
def add_material(request: HttpRequest, uid: str) -> HttpResponse:
    row, form = shown(request, uid), MaterialForm(request.POST, request.FILES, auto_id="material_%s")
    if not form.is_valid():
        return answer(request, row, 422, material=form)
    try:
        presentations.add_file(presentation=row, actor=request.actor, **form.cleaned_data)
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return answer(request, row, status_of(refusal), material=form)
    messages.success(request, _("Saved."))
    return redirect("conferences:presentation", uid=uid)


@require_POST
@entry(SIGNED_IN)
def remove_material(request: HttpRequest, uid: str, file_uid: str) -> HttpResponse:
    row = shown(request, uid)
    file = get_object_or_404(row.files, uid=file_uid)
    attempt(
        request,
        lambda: presentations.remove_file(presentation=row, file=file, actor=request.actor),
        _("The material is taken away."),
    )
    return redirect("conferences:presentation", uid=uid)


@entry(SIGNED_IN)
def material(request: HttpRequest, uid: str, file_uid: str) -> HttpResponse:
    """The content of a file, for those who may see the presentation."""
    found = get_object_or_404(shown(request, uid).files.select_related("file__owner"), uid=file_uid)
    if found.file is None:
        raise Http404
    return hand_out(request, found.file)
