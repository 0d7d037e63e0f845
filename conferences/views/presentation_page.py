"""The page of one presentation, which every deed on it comes back to, with what was typed where it was refused."""

from typing import Any

from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from conferences import presentation_access as access
from conferences import presentation_queries as reads
from conferences import presentation_words as words
from conferences import team_plans
from conferences.forms.presentation import AuthorForm, MaterialForm, MoveForm, RemarkForm, ReviewerForm
from conferences.models import Presentation
from conferences.states import ReviewState
from conferences.views.room import trail_to
from schools.entry import SIGNED_IN, entry

FORMS: dict[str, type[Form]] = {
    "move": MoveForm,
    "author": AuthorForm,
    "remark": RemarkForm,
    "material": MaterialForm,
    "reviewer": ReviewerForm,
}


def shown(request: HttpRequest, uid: str) -> Presentation:
    """The presentation, for those who may see it; 404 for all others."""
    row = get_object_or_404(reads.with_authors(), uid=uid)
    if not access.may_see(request.actor, row):
        raise Http404
    return row


@entry(SIGNED_IN)
def presentation_page(request: HttpRequest, uid: str) -> HttpResponse:
    return answer(request, shown(request, uid))


def answer(request: HttpRequest, row: Presentation, status: int = 200, **forms: Form) -> HttpResponse:
    """The page; `forms` are those that were refused, by their names in FORMS."""
    context = {
        "presentation": row,
        "abstract": row.abstracts.last(),
        "presentation_facts": words.facts_of(row),
        "deeds": words.deeds(request.actor, row),
        "forms": {name: forms.get(name) or form(auto_id=f"{name}_%s") for name, form in FORMS.items()},
        "trail": trail_to(row.edition),
        **_parts(request, row),
    }
    return render(request, "conferences/presentations/presentation.html", context, status=status)


def _parts(request: HttpRequest, row: Presentation) -> dict[str, Any]:
    """Parts of the page that only some readers have."""
    actor = request.actor
    own = access.authorship(actor, row)
    inside = access.sees_versions(actor, row)
    names_reviewers = own is None and actor.is_network
    reviews = (
        row.reviews.select_related("reviewer", "abstract") if access.sees_reviews(actor, row) else row.reviews.none()
    )
    return {
        "own": own,
        "plan": team_plans.of_presentation(row, today=timezone.localdate())
        if access.sees_versions(actor, row)
        else None,
        "may_write": access.may_write(actor, row),
        "may_change_authors": access.may_change_authors(actor, row),
        "may_leave": access.may_leave(actor, row),
        "may_talk": access.may_talk(actor, row),
        "may_add_files": access.may_add_files(actor, row),
        "may_ask_for_reviews": access.may_ask_for_reviews(actor, row),
        "sees_versions": inside,
        "names_reviewers": names_reviewers,
        "reviews": list(reviews if names_reviewers else reviews.filter(state=ReviewState.DONE)),
        "remarks": list(row.remarks.select_related("person")) if access.may_talk(actor, row) else [],
        "materials": list(row.files.select_related("file")),
        "steps": words.steps_of(row) if inside else [],
    }
