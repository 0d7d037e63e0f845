"""The public address that certificates carry as a square: without a language and without a namespace."""

from django.urls import path

from courses.views.certificate_check import certificate_check

urlpatterns = [path("c/<path:code>", certificate_check, name="certificate_check")]
