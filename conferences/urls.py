"""Addresses of conferences, presentations and trips. Each part brings its own file."""

from django.urls import include, path

app_name = "conferences"
urlpatterns = [
    path("", include("conferences.edition_urls")),
    path("", include("conferences.delegation_urls")),
    path("", include("conferences.budget_urls")),
    path("", include("conferences.presentation_urls")),
    path("", include("conferences.trip_urls")),
    path("", include("conferences.effect_urls")),
    path("", include("conferences.promise_urls")),
    path("", include("conferences.document_urls")),
    path("", include("conferences.coming_back_urls")),
]
