"""Addresses of trips: asking, deciding, the order."""

from django.urls import path

from conferences.views import routes, trip_decisions, trip_writing, trips

urlpatterns = [
    path("trips/", trips.trips, name="trips"),
    path("trips/new/", trip_writing.new, name="trip_new"),
    path("decisions/trips/", trip_decisions.decisions, name="trip_decisions"),
    path("decisions/trips/approve/", trip_decisions.approve_several, name="trip_approve_several"),
    path("decisions/trips/<slug:uid>/", trip_decisions.decide, name="trip_decide"),
    path("trips/approval/", routes.route, name="route"),
    path("trips/approval/new/", routes.route_new, name="route_new"),
    path("trips/stand-ins/", routes.stand_ins, name="stand_ins"),
    path("trips/stand-ins/<slug:uid>/end/", routes.stand_in_end, name="stand_in_end"),
    path("trips/<slug:uid>/", trips.trip, name="trip"),
    path("trips/<slug:uid>/about/", trip_writing.basics, name="trip_basics"),
    path("trips/<slug:uid>/travellers/", trip_writing.travellers, name="trip_travellers"),
    path("trips/<slug:uid>/way/", trip_writing.way, name="trip_way"),
    path("trips/<slug:uid>/estimate/", trip_writing.estimate, name="trip_estimate"),
    path("trips/<slug:uid>/promises/", trip_writing.promises, name="trip_promises"),
    path("trips/<slug:uid>/send/", trips.submit, name="trip_submit"),
    path("trips/<slug:uid>/take-back/", trips.take_back, name="trip_take_back"),
    path("trips/<slug:uid>/withdraw/", trips.withdraw, name="trip_withdraw"),
    path("trips/<slug:uid>/call-off/", trips.call_off, name="trip_call_off"),
    path("trips/<slug:uid>/agree/", trips.agree, name="trip_agree"),
    path("trips/<slug:uid>/refuse/", trips.refuse, name="trip_refuse"),
    path("trips/<slug:uid>/excuse/<slug:person>/", trips.excuse, name="trip_excuse"),
    path("trips/<slug:uid>/order/<slug:language>/", trip_decisions.order, name="trip_order"),
]
