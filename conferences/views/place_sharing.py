"""Sharing the places of a conference: the proposal, its edits and its publishing; appeals and their answers."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from conferences import delegation_queries as reads
from conferences import place_appeals, place_sharing, place_words
from conferences.delegation_standing import standing
from conferences.delegation_states import Stage
from conferences.forms.delegation import AnswerForm, AppealForm, ChangeForm
from conferences.models import Delegation
from conferences.views.delegations import KEEPERS, delegation_of, open_wish, wish_answer
from conferences.views.room import trail_to_places
from schools.answering import attempt, status_of
from schools.entry import SIGNED_IN, entry
from schools.errors import Refused


@require_safe
@entry(*KEEPERS)
def proposal(request: HttpRequest, uid: str) -> HttpResponse:
    return _page(request, delegation_of(uid))


@require_POST
@entry(*KEEPERS)
def propose(request: HttpRequest, uid: str) -> HttpResponse:
    attempt(request, lambda: place_sharing.propose(delegation=delegation_of(uid), actor=request.actor))
    return redirect("conferences:places_proposal", uid=uid)


@require_POST
@entry(*KEEPERS)
def drop(request: HttpRequest, uid: str) -> HttpResponse:
    attempt(
        request,
        lambda: place_sharing.drop(delegation=delegation_of(uid), actor=request.actor),
        _("The proposal is dropped, and scores are taken again."),
    )
    return redirect("conferences:places_proposal", uid=uid)


@require_POST
@entry(*KEEPERS)
def change(request: HttpRequest, uid: str) -> HttpResponse:
    delegation = delegation_of(uid)
    form = ChangeForm(request.POST, wishes=reads.awaiting_names(delegation, today=timezone.localdate()))
    if not form.is_valid():
        return _page(request, delegation, form, status=422)
    try:
        place_sharing.edit(delegation=delegation, actor=request.actor, **form.values())
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return _page(request, delegation, form, status=status_of(refusal))
    messages.success(request, _("The proposal is changed."))
    return redirect("conferences:places_proposal", uid=uid)


@require_POST
@entry(*KEEPERS)
def publish(request: HttpRequest, uid: str) -> HttpResponse:
    delegation = delegation_of(uid)
    if not attempt(
        request,
        lambda: place_sharing.publish(delegation=delegation, actor=request.actor),
        _("The places are given. Everybody who applied gets a letter with the reason."),
    ):
        return redirect("conferences:places_proposal", uid=uid)
    return redirect("conferences:delegation", uid=uid)


@require_POST
@entry(SIGNED_IN)
def appeal(request: HttpRequest, uid: str) -> HttpResponse:
    wish, _member = open_wish(request, uid)
    form = AppealForm(request.POST)
    if not form.is_valid():
        return wish_answer(request, wish, 422, appeal_form=form)
    try:
        place_appeals.appeal(wish=wish, text=form.cleaned_data["appeal"], actor=request.actor)
    except Refused as refusal:
        form.add_error("appeal", str(refusal))
        return wish_answer(request, wish, status_of(refusal), appeal_form=form)
    messages.success(request, _("Your appeal is sent. You get a letter with the answer."))
    return redirect("conferences:wish", uid=uid)


@require_POST
@entry(*KEEPERS)
def answer(request: HttpRequest, uid: str) -> HttpResponse:
    wish, _member = open_wish(request, uid)
    form = AnswerForm(request.POST)
    if not form.is_valid():
        return wish_answer(request, wish, 422, answer_form=form)
    given = form.cleaned_data
    try:
        place_appeals.answer(wish=wish, gives=given["gives"] == "yes", words=given["answer"], actor=request.actor)
    except Refused as refusal:
        form.add_error("answer", str(refusal))
        return wish_answer(request, wish, status_of(refusal), answer_form=form)
    messages.success(request, _("The appeal is answered."))
    return redirect("conferences:wish", uid=uid)


def _page(
    request: HttpRequest, delegation: Delegation, form: ChangeForm | None = None, status: int = 200
) -> HttpResponse:
    today = timezone.localdate()
    stage = delegation.stage(today)
    row = reads.latest_proposal(delegation)
    wishes = reads.by_uid(delegation)
    stands = standing(row) if row else None
    drafted = row is not None and stage == Stage.CLOSED
    if stage == Stage.OPEN and row is None:
        raise Http404
    if drafted and form is None:
        form = ChangeForm(wishes=reads.awaiting_names(delegation, today=today))
    elif form is not None and not drafted:  # what was refused is said, though there is no form any more
        for text in [one for errors in form.errors.values() for one in errors]:
            messages.error(request, str(text))
    context = {
        "delegation": delegation,
        "stage": stage,
        "proposal": row,
        "to_score": reads.to_score(delegation, request.actor, today=today)
        if stage == Stage.CLOSED and not drafted
        else 0,
        "rows": place_words.rows_of(stands, wishes) if stands else [],
        "free": stands.free if stands else 0,
        "unscored": reads.unscored(delegation, today=today) if stage == Stage.CLOSED else 0,
        "form": form if drafted else None,
        "drafted": drafted,
        "trail": trail_to_places(delegation),
    }
    return render(request, "conferences/places/proposal.html", context, status=status)
