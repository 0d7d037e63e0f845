"""Addresses of allocations, wishes and appeals; part of `courses.urls`."""

from django.urls import path

from courses.views import allocations, appeals, school_outcomes, sharing, wishes

RUN, ONE = "organise/runs/<slug:uid>/allocation/", "organise/allocations/<slug:uid>/"
urlpatterns = [
    path(RUN, allocations.run_allocation, name="run_allocation"),
    path(f"{RUN}open/", allocations.switch_allocation, {"deed": "open"}, name="open_allocation"),
    path(f"{RUN}close/", allocations.switch_allocation, {"deed": "close"}, name="close_allocation"),
    path(f"{RUN}propose/", allocations.propose, name="propose_allocation"),
    path(ONE, allocations.allocation, name="allocation"),
    path(f"{ONE}compare/", allocations.compare, name="compare_allocation"),
    path(f"{ONE}publish/", allocations.publish_allocation, name="publish_allocation"),
    path(f"{ONE}drop/", allocations.drop_allocation, name="drop_allocation"),
    path(f"{ONE}repeat/", allocations.repeat_allocation, name="repeat_allocation"),
    path(f"{ONE}people.xlsx", sharing.table, name="allocation_table"),
    path(f"{ONE}inputs.json", sharing.file, {"what": "inputs"}, name="allocation_inputs"),
    path(f"{ONE}result.json", sharing.file, {"what": "result"}, name="allocation_result"),
    path(f"{ONE}edit/<slug:applicant>/", allocations.edit_allocation, name="edit_allocation"),
    path("organise/appeals/<slug:uid>/", appeals.answer, name="appeal_answer"),
    path("decisions/appeals/", appeals.appeals, name="appeals"),
    path("sharing/", sharing.rules, name="sharing_rules"),
    path("sharing/my-school/", school_outcomes.school_outcomes, name="school_outcomes"),
    path("applications/<slug:uid>/wishes/", wishes.wishes, name="wishes"),
    path("applications/<slug:uid>/appeal/", wishes.appeal, name="appeal"),
]
