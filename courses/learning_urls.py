"""Addresses of teaching and of what comes of it: attendance, results, feedback, certificates, a person's record."""

from django.urls import path

from courses.views import (
    attendance,
    certificate_check,
    certificates,
    checking_in,
    feedback,
    record,
    results,
    run_certificates,
    scanning,
    teaching,
    tickets,
)

urlpatterns = [
    path("teaching/", teaching.teaching, name="teaching"),
    path("teaching/<slug:uid>/", teaching.roster, name="roster"),
    path("teaching/<slug:uid>/sign-in-sheet.pdf", teaching.sign_in_sheet, name="sign_in_sheet"),
    path("teaching/<slug:uid>/people.xlsx", teaching.people_file, name="people_file"),
    path("teaching/<slug:uid>/attendance/", attendance.attendance_page, name="attendance"),
    path("teaching/<slug:uid>/attendance/<int:order>/", attendance.mark_attendance, name="mark_attendance"),
    path("teaching/<slug:uid>/attendance/<int:order>/code/", attendance.check_in_code, name="check_in_code"),
    path("teaching/<slug:uid>/attendance/<int:order>/scan/", scanning.scan_page, name="scan"),
    path("teaching/<slug:uid>/attendance/<int:order>/scan/send/", scanning.send_scans, name="send_scans"),
    path("teaching/<slug:uid>/assessment/", results.assessment, name="assessment"),
    path("teaching/<slug:uid>/results/", results.results_page, name="results"),
    path("teaching/<slug:uid>/results/close/", results.close_results, name="close_results"),
    path("teaching/<slug:uid>/feedback/", feedback.feedback_results, name="feedback_results"),
    path("teaching/<slug:uid>/certificates/", run_certificates.run_certificates, name="run_certificates"),
    path("teaching/<slug:uid>/certificates/issue/", run_certificates.issue_certificates, name="issue_certificates"),
    path("applications/<slug:uid>/reopen/", results.reopen_result, name="reopen_result"),
    path("applications/<slug:uid>/feedback/", feedback.feedback, name="feedback"),
    path("applications/<slug:uid>/certificate/", run_certificates.issue_certificate, name="issue_certificate"),
    path("check-in/<slug:token>/", checking_in.check_in, name="check_in"),
    path("ticket/<slug:code>/", tickets.ticket, name="ticket"),
    path("certificates/", certificates.my_certificates, name="certificates"),
    path("certificates/check/", certificate_check.check_by_hand, name="check_certificate"),
    path("certificates/<slug:number>/", certificates.certificate, name="certificate"),
    path("certificates/<slug:number>/<slug:language>.pdf", certificates.certificate_file, name="certificate_pdf"),
    path("certificates/<slug:number>/revoke/", certificates.revoke_certificate, name="revoke_certificate"),
    path("certificates/<slug:number>/reissue/", certificates.reissue_certificate, name="reissue_certificate"),
    path("record/", record.own_record, name="record"),
    path("record/<slug:uid>/", record.record_of, name="record_of"),
    path("record/<slug:uid>/<slug:language>.pdf", record.record_file, name="record_pdf"),
]
