"""Addresses of courses, under the language of the page."""

from django.urls import path

from courses.views import decisions, enrolments, runs

app_name = "courses"
urlpatterns = [
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
]
