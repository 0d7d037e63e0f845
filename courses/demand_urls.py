"""Addresses of the demand for seminars: the board for everybody, and the organisers' pages."""

from django.urls import path

from courses.views import demand, organise_demand

urlpatterns = [
    path("demand/", demand.board, name="demand"),
    path("demand/new/", demand.new, name="demand_new"),
    path("demand/new/<slug:topic>/<slug:region>/<slug:language>/", demand.ask, name="demand_ask"),
    path("demand/asked/", demand.asked, name="demand_asked"),
    path("demand/<slug:uid>/", demand.group, name="demand_group"),
    path("organise/demand/", organise_demand.demand_list, name="organise_demands"),
    path("organise/demand/<slug:uid>/", organise_demand.demand_page, name="organise_demand"),
    path("organise/demand/<slug:uid>/plan/", organise_demand.demand_plan, name="organise_demand_plan"),
    path("organise/demand/<slug:uid>/meet/", organise_demand.demand_meet, name="organise_demand_meet"),
    path("organise/demand/<slug:uid>/close/", organise_demand.demand_close, name="organise_demand_close"),
    path("organise/demand/<slug:uid>/reopen/", organise_demand.demand_reopen, name="organise_demand_reopen"),
]
