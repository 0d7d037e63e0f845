"""The portal's addresses, and the views that show what the machine could do at best."""

from django.urls import path

from nis_library.urls import urlpatterns as portal
from tests.bench import views

urlpatterns = [
    *portal,
    path("limit/rows/", views.rows, name="limit_rows"),
    path("limit/statements/", views.statements, name="limit_statements"),
    path("limit/promotion/", views.promotion, name="limit_promotion"),
    path("limit/sign-up/", views.sign_up, name="limit_sign_up"),
    path("limit/bulk-attendance/", views.bulk_attendance, name="limit_bulk_attendance"),
    path("limit/search/", views.search, name="limit_search"),
]
