"""Places for a conference: how many, who applies, and what the committee thinks of it."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from conferences import delegating, delegation_words, place_appeals, place_words, wishing
from conferences import delegation_access as access
from conferences import delegation_queries as reads
from conferences.edition_queries import with_parts
from conferences.forms.delegation import AnswerForm, AppealForm, PlacesForm, ScoreForm, WishForm
from conferences.models import Delegation, Edition, Wish
from conferences.views.room import trail_to, trail_to_places
from courses.states import AppealState
from schools.answering import attempt, status_of
from schools.entry import SIGNED_IN, entry
from schools.errors import Refused
from schools.states import Role

KEEPERS = (Role.HQ, Role.ADMINISTRATOR)


@require_safe
@entry(SIGNED_IN)
def delegation_page(request: HttpRequest, uid: str) -> HttpResponse:
    return _page(request, delegation_of(uid))


@entry(*KEEPERS)
def delegation_edit(request: HttpRequest, uid: str) -> HttpResponse:
    edition = get_object_or_404(with_parts(), uid=uid)
    delegation = reads.of_edition(edition)
    form = PlacesForm(request.POST if request.method == "POST" else None, delegation=delegation)
    if request.method != "POST":
        return _edit_page(request, edition, form)
    if not form.is_valid():
        return _edit_page(request, edition, form, status=422)
    try:
        delegating.set_places(edition=edition, values=form.values(), actor=request.actor)
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return _edit_page(request, edition, form, status=status_of(refusal))
    messages.success(request, _("Saved."))
    return redirect("conferences:delegation", uid=uid)


@require_POST
@entry(SIGNED_IN)
def wish_save(request: HttpRequest, uid: str) -> HttpResponse:
    delegation, form = delegation_of(uid), WishForm(request.POST)
    if not form.is_valid():
        return _page(request, delegation, form, status=422)
    try:
        wishing.apply(delegation=delegation, text=form.cleaned_data["text"], actor=request.actor)
    except Refused as refusal:
        form.add_error("text", str(refusal))
        return _page(request, delegation, form, status=status_of(refusal))
    messages.success(request, _("Your application is saved. You can change it until the last day."))
    return redirect("conferences:delegation", uid=uid)


@require_POST
@entry(SIGNED_IN)
def wish_withdraw(request: HttpRequest, uid: str) -> HttpResponse:
    attempt(
        request,
        lambda: wishing.withdraw(delegation=delegation_of(uid), actor=request.actor),
        _("Your application is withdrawn. You can apply again until the last day."),
    )
    return redirect("conferences:delegation", uid=uid)


@entry(SIGNED_IN)
def wish_page(request: HttpRequest, uid: str) -> HttpResponse:
    wish, _member = open_wish(request, uid)
    if request.method != "POST":
        return wish_answer(request, wish)
    form = ScoreForm(request.POST)
    if not form.is_valid():
        return wish_answer(request, wish, 422, form=form)
    given = form.cleaned_data
    try:
        wishing.score(wish=wish, points=given["score"], word=given["word"], actor=request.actor)
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return wish_answer(request, wish, status_of(refusal), form=form)
    messages.success(request, _("Your score is saved."))
    return redirect("conferences:delegation", uid=wish.delegation.edition.uid)


def open_wish(request: HttpRequest, uid: str) -> tuple[Wish, bool]:
    """The application, for those who may see it, and whether they are on the committee; 404 for all others."""
    wish = get_object_or_404(reads.one(uid))
    member = reads.is_member(wish.delegation, request.actor)
    if not access.may_see_wish(request.actor, wish, member=member):
        raise Http404
    return wish, member


def delegation_of(uid: str) -> Delegation:
    return get_object_or_404(reads.delegations(), edition__uid=uid)


def _page(
    request: HttpRequest, delegation: Delegation, form: WishForm | None = None, status: int = 200
) -> HttpResponse:
    actor, today = request.actor, timezone.localdate()
    own, member = reads.own(delegation, actor), reads.is_member(delegation, actor)
    may_wish = access.may_wish(actor, delegation, today=today)
    if may_wish and form is None:
        form = WishForm(initial={"text": own.text if own else ""})
    wishes = reads.wishes_for(delegation, actor, member=member)
    context = {
        "delegation": delegation,
        "stage": delegation.stage(today),
        "facts": delegation_words.facts_of(delegation),
        "own": own,
        "form": form,
        "may_wish": may_wish,
        "member": member,
        "to_score": reads.left_to_score(actor, wishes, reads.scoring(delegation, today=today)) if member else 0,
        "wishes": wishes,
        "watches": actor.is_network or bool(actor.schools_led()) or member,
        "may_set": access.may_set_places(actor),
        "trail": trail_to(delegation.edition),
    }
    return render(request, "conferences/places/places.html", context, status=status)


def _edit_page(request: HttpRequest, edition: Edition, form: PlacesForm, status: int = 200) -> HttpResponse:
    context = {"edition": edition, "form": form, "trail": trail_to(edition)}
    return render(request, "conferences/places/edit.html", context, status=status)


def wish_answer(
    request: HttpRequest,
    wish: Wish,
    status: int = 200,
    *,
    form: ScoreForm | None = None,
    appeal_form: AppealForm | None = None,
    answer_form: AnswerForm | None = None,
) -> HttpResponse:
    """The page of one application, with a form that came back."""
    actor, today = request.actor, timezone.localdate()
    member, owner = reads.is_member(wish.delegation, actor), access.owns_wish(actor, wish)
    mine = wish.scores.filter(reviewer=actor.person_id).first() if member else None
    if (
        form is None
        and member
        and access.may_score(actor, wish, reads.scoring(wish.delegation, today=today), member=True)
    ):
        form = ScoreForm(initial={"score": mine.score, "word": mine.word} if mine else None)
    last_day = place_appeals.until(wish.delegation) if owner else None
    if appeal_form is None and place_appeals.may_appeal(actor, wish, last_day=last_day, today=today):
        appeal_form = AppealForm()
    found = getattr(wish, "appeal", None)
    if answer_form is None and found and found.state == AppealState.OPEN and access.may_answer(actor, wish):
        answer_form = AnswerForm()
    context = {
        "wish": wish,
        "mine": mine,
        "form": form,
        "too_late": access.was_to_score(actor, wish, member=member, today=today),
        "owner": owner,
        "told": place_words.told(wish, owner=owner) if access.may_see_outcome(actor, wish) else None,
        "appeal": found if access.may_see_outcome(actor, wish) else None,
        "appeal_form": appeal_form,
        "appeal_until": last_day,
        "answer_form": answer_form,
        "trail": trail_to_places(wish.delegation),
    }
    return render(request, "conferences/places/wish.html", context, status=status)
