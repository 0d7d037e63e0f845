"""The list of people, one person's page, and what HQ does about people."""

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from schools import access, invitations, people, queries, roles
from schools.alphabet import in_order
from schools.answering import attempt
from schools.entry import SIGNED_IN, entry
from schools.errors import Refused
from schools.forms.people import (
    EVERYBODY,
    AddressForm,
    CorrectForm,
    EndForm,
    InviteForm,
    PeopleFilter,
    RoleForm,
    TransferForm,
)
from schools.models import Membership, Person
from schools.models.folded import holds_words
from schools.states import Role
from schools.views.person_facts import people_trail, person_page_context

PAGE_SIZE = 25
MANAGERS = (Role.HQ, Role.ADMINISTRATOR)


@entry(Role.DIRECTOR, Role.DEPUTY, Role.HQ, Role.AUDITOR, Role.ADMINISTRATOR)
def people_list(request: HttpRequest) -> HttpResponse:
    today = timezone.localdate()
    form = PeopleFilter(request.GET, schools=queries.schools_of(request.actor))
    wanted = form.wanted()
    everybody = wanted.pop("role", "") if wanted.get("role") == EVERYBODY else wanted.get("q")
    held = {key: wanted[key] for key in ("school", "role") if key in wanted}
    found = queries.people_of(request.actor, on=today).filter(holds_words("search_key", wanted.get("q", "")))
    if held or not everybody:
        found = found.filter(queries.in_memberships(today, **held))
    found = queries.with_roles(found, on=today).order_by(*in_order("surname", "given_name"), "id")
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "page": page,
        "active": len(held) + (everybody == EVERYBODY),
        "may_manage": access.may_manage_people(request.actor),
    }
    return render(request, "schools/people.html", context)


@entry(SIGNED_IN)
def person(request: HttpRequest, uid: str) -> HttpResponse:
    row = _shown(request, uid)
    return render(request, "schools/person.html", person_page_context(row, request.actor))


@entry(*MANAGERS)
def invite(request: HttpRequest) -> HttpResponse:
    form = InviteForm(request.POST or None, actor=request.actor)

    def deed() -> Person:
        role = {name: form.cleaned_data[name] for name in ("role", "school", "since", "until")}
        return people.invite(data=people.PersonData(**form.who()), actor=request.actor, **role)

    return _answer(request, form, deed, title=_("Invite a colleague"), button=_("Send the invitation"))


@entry(*MANAGERS)
def correct(request: HttpRequest, uid: str) -> HttpResponse:
    row = _managed(request, uid)
    form = CorrectForm.of(row, request.POST or None)

    def deed() -> Person:
        values = dict(form.cleaned_data)
        people.correct(person=row, note=values.pop("note"), values=values, actor=request.actor)
        return row

    return _answer(request, form, deed, title=_("Correct the record"), person=row)


@entry(*MANAGERS)
def transfer(request: HttpRequest, uid: str) -> HttpResponse:
    row = _managed(request, uid)
    school = queries.school_of(row, on=timezone.localdate())
    form = TransferForm(request.POST or None, now_at=school)

    def deed() -> Person:
        roles.transfer(person=row, actor=request.actor, **form.cleaned_data)
        return row

    lead = _("Now: %(school)s") % {"school": school} if school else ""
    return _answer(request, form, deed, title=_("Transfer to another school"), person=row, lead=lead)


@entry(*MANAGERS)
def grant(request: HttpRequest, uid: str) -> HttpResponse:
    row = _managed(request, uid)
    form = RoleForm(request.POST or None, actor=request.actor)

    def deed() -> Person:
        roles.grant(person=row, actor=request.actor, **form.cleaned_data)
        return row

    return _answer(request, form, deed, title=_("Give a role"), person=row)


@entry(Role.DIRECTOR, *MANAGERS)
def end_role(request: HttpRequest, uid: str, role_uid: str) -> HttpResponse:
    rows = Membership.objects.select_related("person", "school")
    row = get_object_or_404(rows, uid=role_uid, person__uid=uid)
    if not access.may_grant(request.actor, row.role, row.school_id):
        raise PermissionDenied
    form = EndForm(request.POST or None, initial={"last_day": timezone.localdate()})

    def deed() -> Person:
        roles.end(membership=row, actor=request.actor, **form.cleaned_data)
        return row.person

    return _answer(request, form, deed, title=_("End a role"), person=row.person, lead=str(row))


@entry(*MANAGERS)
def correct_address(request: HttpRequest, uid: str) -> HttpResponse:
    row = _managed(request, uid)
    form = AddressForm(request.POST or None, initial={"email": row.email})

    def deed() -> Person:
        people.correct_address(person=row, actor=request.actor, **form.cleaned_data)
        return row

    return _answer(request, form, deed, title=_("Correct the e-mail"), person=row)


@require_POST
@entry(*MANAGERS)
def invite_again(request: HttpRequest, uid: str) -> HttpResponse:
    row = _managed(request, uid)
    return _at_once(request, row, lambda: invitations.send(person=row, actor=request.actor), _("Invitation sent."))


@require_POST
@entry(*MANAGERS)
def set_sign_in(request: HttpRequest, uid: str) -> HttpResponse:
    row = _managed(request, uid)
    allowed = request.POST.get("allowed") == "yes"
    done = _("The account is open.") if allowed else _("The account is closed.")
    return _at_once(request, row, lambda: people.set_sign_in(person=row, allowed=allowed, actor=request.actor), done)


def _shown(request: HttpRequest, uid: str) -> Person:
    """The person, if the actor may see them; 404 for an unknown name, 403 for somebody else's."""
    row = get_object_or_404(queries.with_roles(Person.objects.all(), on=timezone.localdate()), uid=uid)
    schools = [role.school_id for role in row.roles_now] or [None]
    if not any(access.may_see_person(request.actor, row.pk, school) for school in schools):
        raise PermissionDenied
    return row


def _managed(request: HttpRequest, uid: str) -> Person:
    return get_object_or_404(Person, uid=uid, archived_at=None)


def _answer(
    request: HttpRequest,
    form: Form,
    deed: Callable[[], Person],
    *,
    title: str,
    person: Person | None = None,
    lead: str = "",
    button: str = "",
) -> HttpResponse:
    """One form, one deed: done, the person's page follows; refused, the form comes back as it was typed."""
    if request.method == "POST" and form.is_valid():
        try:
            subject = deed()
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Saved."))
            return redirect("schools:person", subject.uid)
    context = {"form": form, "title": title, "person": person, "lead": lead, "button": button}
    context["trail"] = people_trail(request.actor, person)
    return render(request, "schools/person_form.html", context, status=422 if form.is_bound else 200)


def _at_once(request: HttpRequest, person: Person, deed: Callable[[], None], done: str) -> HttpResponse:
    """A deed without a form of its own: the person's page says what came of it."""
    attempt(request, lambda: deed(), done)
    return redirect("schools:person", person.uid)
