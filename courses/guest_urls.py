"""Addresses behind the signed link of a guest: without a language, since a link is made once."""

from django.urls import path

from courses.views import guest

app_name = "guest"
urlpatterns = [
    path("s/<slug:token>/", guest.show, name="show"),
    path("s/<slug:token>/confirm/", guest.confirm, name="confirm"),
    path("s/<slug:token>/cancel/", guest.cancel, name="cancel"),
]
