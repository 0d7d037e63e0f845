"""Addresses of a trip's papers."""

from django.urls import path

from conferences.views import documents

urlpatterns = [
    path("trips/<slug:uid>/documents/", documents.documents, name="trip_documents"),
    path("trip-documents/<slug:uid>/", documents.document, name="document"),
    path("trip-documents/<slug:uid>/delete/", documents.drop_document, name="drop_document"),
]
