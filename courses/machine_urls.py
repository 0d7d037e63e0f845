"""Addresses that calendars and other programs read: without a language in the path."""

from django.urls import path, re_path

from courses.views import calendars, scanning, tickets

app_name = "course_files"
urlpatterns = [
    re_path(r"^courses/(?P<uid>[a-z0-9]{10})\.ics$", calendars.run_file, name="run"),
    re_path(r"^feeds/(?P<token>[A-Za-z0-9_-]{32,64})\.ics$", calendars.feed_file, name="feed"),
    path("ticket/<slug:code>/", tickets.lead, name="ticket"),
    path("scan-worker.js", scanning.worker, name="scan_worker"),
]
