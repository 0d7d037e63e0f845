"""Addresses of places for a conference and of applications for them."""

from django.urls import path

from conferences.views import delegations, place_sharing

urlpatterns = [
    path("conferences/<slug:uid>/places/", delegations.delegation_page, name="delegation"),
    path("conferences/<slug:uid>/places/edit/", delegations.delegation_edit, name="delegation_edit"),
    path("conferences/<slug:uid>/places/apply/", delegations.wish_save, name="wish_save"),
    path("conferences/<slug:uid>/places/withdraw/", delegations.wish_withdraw, name="wish_withdraw"),
    path("conferences/<slug:uid>/places/proposal/", place_sharing.proposal, name="places_proposal"),
    path("conferences/<slug:uid>/places/propose/", place_sharing.propose, name="places_propose"),
    path("conferences/<slug:uid>/places/drop/", place_sharing.drop, name="places_drop"),
    path("conferences/<slug:uid>/places/change/", place_sharing.change, name="places_change"),
    path("conferences/<slug:uid>/places/publish/", place_sharing.publish, name="places_publish"),
    path("conferences/applications/<slug:uid>/", delegations.wish_page, name="wish"),
    path("conferences/applications/<slug:uid>/appeal/", place_sharing.appeal, name="wish_appeal"),
    path("conferences/applications/<slug:uid>/answer/", place_sharing.answer, name="wish_answer"),
]
