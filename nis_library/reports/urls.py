"""Addresses of the yearly reports."""

from django.urls import path

from nis_library.reports import views

app_name = "reports"
urlpatterns = [
    path("reports/", views.report_list, name="list"),
    path("reports/job/<str:uid>/", views.of_job, name="of_job"),
    path("reports/<str:uid>/", views.report_page, name="report"),
    path("reports/<str:uid>/rows/", views.report_rows, name="rows"),
    path("reports/<str:uid>/file.<str:kind>", views.report_file, name="file"),
]
