"""Addresses of budgets, rates and norms."""

from django.urls import path

from conferences.views import budgets, corrections, rates

urlpatterns = [
    path("budgets/", budgets.year_page, name="budgets"),
    path("budgets/<int:year>/", budgets.year_page, name="budgets_of"),
    path("budgets/<int:year>/file.<slug:kind>", budgets.year_file, name="budgets_file"),
    path("budgets/lines/<slug:uid>/", budgets.line_page, name="budget_line"),
    path("budgets/lines/<slug:uid>/file.<slug:kind>", budgets.line_file, name="budget_line_file"),
    path("budgets/trips/<slug:uid>/", corrections.correct, name="budget_correct"),
    path("budgets/<int:year>/<slug:owner>/", budgets.budget_page, name="budget"),
    path("budgets/<int:year>/<slug:owner>/plan/", budgets.plan, name="budget_plan"),
    path("rates/", rates.rates, name="rates"),
    path("per-diem/", rates.norms, name="norms"),
]
