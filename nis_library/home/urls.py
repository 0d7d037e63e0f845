"""Addresses of the pages that mix rooms, under the language of the page."""

from django.urls import path

from nis_library.home.views import front, guide, mine

app_name = "home"
urlpatterns = [
    path("", front.landing, name="landing"),
    path("me/", mine.mine, name="mine"),
    path("help/", guide.contents, name="help"),
    path("help/<slug:role>/", guide.guide, name="guide"),
    path("privacy/", guide.privacy, name="privacy"),
]
