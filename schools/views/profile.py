"""A person's own settings, and the page on which an invited person opens the account."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from schools import invitations, people, queries
from schools.entry import EVERYONE, SIGNED_IN, entry
from schools.errors import Refused
from schools.forms.profile import FirstPasswordForm, ProfileForm
from schools.models import Person
from schools.second_factor import has_second_factor
from schools.views.person_facts import record_facts


@entry(SIGNED_IN)
def profile(request: HttpRequest) -> HttpResponse:
    today = timezone.localdate()
    row = queries.with_roles(Person.objects.all(), on=today).filter(pk=request.actor.person_id).first()
    form = ProfileForm.of(row, request.POST or None) if row else None
    if row and form and request.method == "POST" and form.is_valid():
        people.keep_profile(person=row, values=form.cleaned_data, actor=request.actor)
        return _in_language(request, form.cleaned_data["language"])
    context = {
        "person": row,
        "form": form,
        "record": record_facts(row) if row else [],
        "second_factor": has_second_factor(request.user.pk or 0),
        "must_use_second_factor": request.actor.must_use_second_factor,
    }
    return render(request, "schools/profile.html", context, status=422 if form and form.is_bound else 200)


@never_cache
@sensitive_post_parameters("password1", "password2")
@entry(EVERYONE)
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Dead links are all answered alike, whatever they died of."""
    user = invitations.find(token)
    if user is None:
        return render(request, "schools/invitation_dead.html", status=404)
    form = FirstPasswordForm(request.POST or None, user=user)
    if request.method == "POST" and form.is_valid():
        try:
            user = invitations.accept(token=token, password=form.cleaned_data["password1"])
        except Refused:
            return render(request, "schools/invitation_dead.html", status=404)
        login(request, user)
        messages.success(request, _("Welcome! Your account is open."))
        return redirect(settings.LOGIN_REDIRECT_URL)
    context = {"form": form, "invited": user}
    return render(request, "schools/invitation.html", context, status=422 if form.is_bound else 200)


def _in_language(request: HttpRequest, language: str) -> HttpResponse:
    """Back to the settings, in the language just chosen; a signed-out visit remembers it too."""
    with translation.override(language):
        messages.success(request, _("Saved."))
        response = HttpResponseRedirect(reverse("schools:settings"))
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=365 * 24 * 3600,
        secure=request.is_secure(),
        httponly=True,
        samesite="Lax",
    )
    return response
