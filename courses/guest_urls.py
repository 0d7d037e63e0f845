"""Addresses behind the signed link of a guest: without a language, since a link is made once."""

from django.urls import path

from courses.views import demand_voice, guest, guest_changes, guest_day

app_name = "guest"
urlpatterns = [
    path("d/<slug:token>/", demand_voice.show, name="voice"),
    path("d/<slug:token>/confirm/", demand_voice.confirm, name="confirm_voice"),
    path("d/<slug:token>/withdraw/", demand_voice.withdraw, name="withdraw_voice"),
    path("s/<slug:token>/", guest.show, name="show"),
    path("s/<slug:token>/confirm/", guest.confirm, name="confirm"),
    path("s/<slug:token>/cancel/", guest.cancel, name="cancel"),
    path("s/<slug:token>/people/<slug:uid>/", guest_changes.person, name="person"),
    path("s/<slug:token>/appeal/<slug:uid>/", guest_changes.appeal, name="appeal"),
    path("s/<slug:token>/more/", guest_changes.more, name="more"),
    path("s/<slug:token>/address/", guest_changes.address, name="address"),
    path("s/<slug:token>/new-address/", guest_changes.new_address, name="new_address"),
    path("s/<slug:token>/attended/", guest_changes.attended, name="attended"),
    path("s/<slug:token>/forget/", guest_changes.forget, name="forget"),
    path("s/<slug:token>/here/", guest_day.here, name="here"),
    path("s/<slug:token>/feedback/<slug:uid>/", guest_day.feedback, name="feedback"),
    path("s/<slug:token>/certificate/<slug:uid>/<slug:language>.pdf", guest_day.certificate, name="certificate"),
]
