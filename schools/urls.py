"""Addresses of the ground floor, all of them under the language prefix."""

from django.urls import path

from schools.views import jobs, mailbox, operations, people, profile, roster, school_search, schools

app_name = "schools"

urlpatterns = [
    path("people/", people.people_list, name="people"),
    path("people/invite/", people.invite, name="invite"),
    path("people/roster/", roster.upload, name="roster"),
    path("people/roster/empty.xlsx", roster.empty_table, name="roster_empty"),
    path("people/roster/<slug:uid>/", roster.check, name="roster_check"),
    path("people/roster/<slug:uid>/apply/", roster.apply, name="roster_apply"),
    path("people/roster/<slug:uid>/drop/", roster.drop, name="roster_drop"),
    path("people/<slug:uid>/", people.person, name="person"),
    path("people/<slug:uid>/correct/", people.correct, name="correct"),
    path("people/<slug:uid>/address/", people.correct_address, name="correct_address"),
    path("people/<slug:uid>/transfer/", people.transfer, name="transfer"),
    path("people/<slug:uid>/role/", people.grant, name="grant"),
    path("people/<slug:uid>/role/<slug:role_uid>/end/", people.end_role, name="end_role"),
    path("people/<slug:uid>/invite-again/", people.invite_again, name="invite_again"),
    path("people/<slug:uid>/sign-in/", people.set_sign_in, name="set_sign_in"),
    path("schools/", schools.school_list, name="schools"),
    path("schools/search/", school_search.search, name="school_search"),
    path("schools/<slug:uid>/", schools.school, name="school"),
    path("schools/<slug:uid>/deputy/", schools.name_deputy, name="name_deputy"),
    path("profile/", profile.profile, name="settings"),
    path("invitation/<str:token>/", profile.invitation, name="invitation"),
    path("mailbox/", mailbox.mailbox, name="mailbox"),
    path("mailbox/<slug:uid>/", mailbox.letter, name="letter"),
    path("mailbox/<slug:uid>/html/", mailbox.letter_html, name="letter_html"),
    path("mailbox/<slug:uid>/calendar/", mailbox.letter_calendar, name="letter_calendar"),
    path("operations/mail/", operations.mail, name="mail"),
    path("operations/mail/<slug:uid>/retry/", operations.retry_mail, name="retry_mail"),
    path("jobs/", jobs.job_list, name="jobs"),
    path("jobs/<slug:uid>/", jobs.job, name="job"),
    path("jobs/<slug:uid>/progress/", jobs.job_progress, name="job_progress"),
    path("jobs/<slug:uid>/cancel/", jobs.cancel_job, name="cancel_job"),
    path("jobs/<slug:uid>/result/", jobs.job_result, name="job_result"),
]
