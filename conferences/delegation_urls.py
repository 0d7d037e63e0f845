"""Addresses of places for a conference and of applications for them."""

from django.urls import path

from conferences.views import delegations

urlpatterns = [
    path("conferences/<slug:uid>/places/", delegations.delegation_page, name="delegation"),
    path("conferences/<slug:uid>/places/edit/", delegations.delegation_edit, name="delegation_edit"),
    path("conferences/<slug:uid>/places/apply/", delegations.wish_save, name="wish_save"),
    path("conferences/<slug:uid>/places/withdraw/", delegations.wish_withdraw, name="wish_withdraw"),
    path("conferences/applications/<slug:uid>/", delegations.wish_page, name="wish"),
]
