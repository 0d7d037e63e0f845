"""Addresses of conferences, presentations and trips. Each part brings its own file."""

from django.urls import URLPattern, URLResolver

app_name = "conferences"
urlpatterns: list[URLPattern | URLResolver] = []
