"""Addresses of conferences by year."""

from django.urls import path

from conferences.views import editions

urlpatterns = [
    path("conferences/", editions.edition_list, name="editions"),
    path("conferences/new/", editions.edition_new, name="edition_new"),
    path("conferences/<slug:uid>/", editions.edition_page, name="edition"),
    path("conferences/<slug:uid>/edit/", editions.edition_edit, name="edition_edit"),
]
