"""Addresses of the chain of effect."""

from django.urls import path

from conferences.views import effect

urlpatterns = [
    path("chain/", effect.effect_of_all, name="effect"),
    path("chain/<slug:kind>/<slug:key>/", effect.effect_of, name="effect_of"),
    path("chain/<slug:kind>/<slug:key>/<slug:rows>/", effect.effect_rows, name="effect_rows"),
    path("chain/<slug:kind>/<slug:key>/<slug:rows>/file.<slug:form>", effect.effect_file, name="effect_file"),
]
