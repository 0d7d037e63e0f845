"""A person's choice of reminders, and the administrators' rules."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from courses import access, reminder_pages, reminder_settings
from courses.forms.reminders import ChoicesForm, NewRuleForm, RuleForm
from courses.models import ReminderRule
from courses.states import ReminderKind
from schools.entry import SIGNED_IN, entry
from schools.errors import Refused
from schools.models import Person
from schools.states import Role


@entry(SIGNED_IN)
def choices(request: HttpRequest) -> HttpResponse:
    person = Person.objects.filter(pk=request.actor.person_id).first()
    form = ChoicesForm(request.POST or None)
    if request.method == "POST":
        if person is None:
            raise PermissionDenied
        if form.is_valid():
            reminder_settings.choose(person=person, wanted=form.cleaned_data["wanted"], actor=request.actor)
            messages.success(request, _("Saved."))
            return redirect("courses:reminder_choices")
    wanted = set(form["wanted"].value()) if form.is_bound else reminder_settings.wanted_by(person) if person else set()
    rules = ReminderRule.objects.filter(active=True)
    context = {
        "person": person,
        "form": form,
        "may_set": access.may_set_reminders(request.actor),
        "rows": reminder_pages.choice_rows(rules, wanted),
        "duties": reminder_pages.duty_rows(rules) if request.actor.schools_led() or request.actor.has(Role.HQ) else [],
    }
    return render(request, "courses/reminders/choices.html", context, status=422 if form.errors else 200)


@entry(Role.ADMINISTRATOR)
def rules(request: HttpRequest) -> HttpResponse:
    return _rules(request, NewRuleForm())


def _rules(request: HttpRequest, form: NewRuleForm, changed: tuple[str, RuleForm] | None = None) -> HttpResponse:
    """The page; `changed` is the rule (uid) whose form comes back with a fault."""
    rows = []
    for rule in ReminderRule.objects.order_by("kind", "-days"):
        fields = RuleForm(initial={"days": rule.days, "active": rule.active}, prefix=rule.uid)
        fields = changed[1] if changed and changed[0] == rule.uid else fields
        rows.append({"rule": rule, "form": fields, "unit": reminder_pages.UNITS[ReminderKind(rule.kind)]})
    context = {"rows": rows, "form": form}
    return render(request, "courses/reminders/rules.html", context, status=422 if form.is_bound or changed else 200)


@require_POST
@entry(Role.ADMINISTRATOR)
def add_rule(request: HttpRequest) -> HttpResponse:
    form = NewRuleForm(request.POST)
    if form.is_valid():
        try:
            reminder_settings.add_rule(actor=request.actor, **form.cleaned_data)
        except Refused as refusal:
            form.add_error("days", refusal.message)
        else:
            messages.success(request, _("Saved."))
            return redirect("courses:reminder_rules")
    return _rules(request, form)


@require_POST
@entry(Role.ADMINISTRATOR)
def change_rule(request: HttpRequest, uid: str) -> HttpResponse:
    rule = get_object_or_404(ReminderRule, uid=uid)
    form = RuleForm(request.POST, prefix=uid)
    if form.is_valid():
        try:
            reminder_settings.change_rule(rule=rule, actor=request.actor, **form.cleaned_data)
        except Refused as refusal:
            form.add_error("days", refusal.message)
        else:
            messages.success(request, _("Saved."))
            return redirect("courses:reminder_rules")
    return _rules(request, NewRuleForm(), (uid, form))
