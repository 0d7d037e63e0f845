"""Addresses of courses, under the language of the page."""

from django.urls import include, path

from courses.views import calendars, catalogue, decisions, enrolments, reminders, runs

app_name = "courses"
urlpatterns = [
    path("courses/", catalogue.catalogue, name="catalogue"),
    path("courses/month/", catalogue.month, name="month"),
    path("courses/month/<int:year>/<int:month>/", catalogue.month, name="month"),
    path("calendar/", calendars.feed, name="feed"),
    path("calendar/renew/", calendars.renew_feed, name="renew_feed"),
    path("calendar/off/", calendars.switch_off_feed, name="switch_off_feed"),
    path("courses/<str:uid>/", runs.run_page, name="run"),
    path("courses/<str:uid>/apply/", runs.apply, name="apply"),
    path("courses/<str:uid>/nominate/", runs.nominate, name="nominate"),
    path("applications/<str:uid>/", enrolments.enrolment_page, name="enrolment"),
    path("applications/<str:uid>/withdraw/", enrolments.withdraw, name="withdraw"),
    path("applications/<str:uid>/accept/", enrolments.accept, name="accept"),
    path("applications/<str:uid>/refuse/", enrolments.refuse, name="refuse"),
    path("applications/<str:uid>/resubmit/", enrolments.resubmit, name="resubmit"),
    path("applications/<str:uid>/decide/", decisions.decide, name="decide"),
    path("decisions/", decisions.decisions, name="decisions"),
    path("decisions/approve/", decisions.approve_several, name="approve_several"),
    path("profile/reminders/", reminders.choices, name="reminder_choices"),
    path("operations/reminders/", reminders.rules, name="reminder_rules"),
    path("operations/reminders/add/", reminders.add_rule, name="add_reminder_rule"),
    path("operations/reminders/<slug:uid>/", reminders.change_rule, name="change_reminder_rule"),
    path("organise/", include("courses.organise_urls")),
]
