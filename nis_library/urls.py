"""Addresses. Pages carry their language in the path; machine and signed addresses do not."""

from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path

from nis_library.home.views.front import root
from nis_library.home.views.health import healthz, readyz

urlpatterns = [
    path("", root, name="root"),
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
    path("admin/", admin.site.urls),
    path("", include("courses.machine_urls")),
    path("", include("courses.check_urls")),
    path("", include("courses.guest_urls")),
]
urlpatterns += i18n_patterns(
    path("account/", include("allauth.urls")),
    path("", include("courses.urls")),
    path("", include("conferences.urls")),
    path("", include("schools.urls")),
    path("", include("nis_library.reports.urls")),
    path("", include("nis_library.home.urls")),
)
