"""Addresses of what a trip leaves behind: the account of its money, and what was learned."""

from django.urls import path

from conferences.views import account, account_lines, written

urlpatterns = [
    path("trips/<slug:uid>/account/", account.account, name="account"),
    path("trips/<slug:uid>/account/start/", account.start_account, name="start_account"),
    path("trips/<slug:uid>/account/send/", account.account_deed, {"deed": "send"}, name="send_account"),
    path("trips/<slug:uid>/account/take-back/", account.account_deed, {"deed": "take-back"}, name="take_back_account"),
    path("trips/<slug:uid>/account/decide/", account.decide_account, name="decide_account"),
    path("trips/<slug:uid>/account/new/", account_lines.new_account_line, name="new_account_line"),
    path("trips/<slug:uid>/account/<slug:line>/", account_lines.account_line, name="account_line"),
    path("trips/<slug:uid>/account/<slug:line>/delete/", account_lines.drop_account_line, name="drop_account_line"),
    path("receipts/<slug:uid>/", account_lines.receipt, name="receipt"),
    path("receipts/<slug:uid>/delete/", account_lines.drop_receipt, name="drop_receipt"),
    path("trips/<slug:uid>/report/", written.report, name="written"),
    path("trips/<slug:uid>/report/write/", written.write_report, name="write_report"),
    path("trips/<slug:uid>/report/publish/", written.report_deed, {"deed": "publish"}, name="publish_report"),
    path("trips/<slug:uid>/report/hide/", written.report_deed, {"deed": "hide"}, name="hide_report"),
    path("trip-reports/", written.reports, name="written_reports"),
    path("trip-reports/due/", written.due, name="reports_due"),
]
