"""Addresses of promises to pass on."""

from django.urls import path

from conferences.views import promises

urlpatterns = [
    path("promises/", promises.my_promises, name="promises"),
    path("promises/all/", promises.promises_of_all, name="promises_of_all"),
    path("promises/<slug:uid>/", promises.promise_page, name="promise"),
    path("promises/<slug:uid>/excuse/", promises.promise_excuse, name="promise_excuse"),
    path("promises/<slug:uid>/insist/", promises.promise_insist, name="promise_insist"),
    path("promises/<slug:uid>/plan/", promises.promise_plan, name="promise_plan"),
    path("promises/<slug:uid>/ask/", promises.promise_ask, name="promise_ask"),
    path("promises/<slug:uid>/name/", promises.promise_name, name="promise_name"),
    path("promises/<slug:uid>/forget/", promises.promise_forget, name="promise_forget"),
]
