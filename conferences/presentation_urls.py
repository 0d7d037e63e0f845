"""Addresses of presentations and their reviews."""

from django.urls import path

from conferences.views import presentation_deeds as deeds
from conferences.views import presentation_page, presentations, reviews

ONE = "presentations/<slug:uid>/"
urlpatterns = [
    path("presentations/", presentations.presentation_list, name="presentations"),
    path("presentations/new/", presentations.presentation_new, name="presentation_new"),
    path(ONE, presentation_page.presentation_page, name="presentation"),
    path(f"{ONE}edit/", presentations.presentation_edit, name="presentation_edit"),
    path(f"{ONE}versions/", presentations.versions, name="presentation_versions"),
    path(f"{ONE}move/", deeds.move, name="presentation_move"),
    path(f"{ONE}authors/", deeds.ask_author, name="ask_author"),
    path(f"{ONE}answer/", deeds.answer_ask, name="answer_author"),
    path(f"{ONE}authors/<slug:author_uid>/out/", deeds.take_out_author, name="take_out_author"),
    path(f"{ONE}comments/", deeds.remark, name="remark"),
    path(f"{ONE}materials/", deeds.add_material, name="add_material"),
    path(f"{ONE}materials/<slug:file_uid>/", deeds.material, name="material"),
    path(f"{ONE}materials/<slug:file_uid>/remove/", deeds.remove_material, name="remove_material"),
    path(f"{ONE}reviewers/", reviews.ask_reviewer, name="ask_reviewer"),
    path(f"{ONE}reviewers/<slug:review_uid>/lift/", reviews.lift, name="lift_review"),
    path("reviews/<slug:uid>/", reviews.review, name="review"),
]
