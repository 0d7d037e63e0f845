"""The admin's view of courses. Only words and order are edited here; all else has verbs, which keep the rules."""

from typing import Any

from django.contrib import admin
from django.db import models
from django.http import HttpRequest

from courses.models import ApprovalChain, ApprovalStep, Course, Enrolment, Run, RunNotice, Topic


class LookOnly:
    """Rows that are read here and changed through the portal's pages."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Topic)
class TopicAdmin(admin.ModelAdmin):
    list_display = ("code", "name_kk", "name_ru", "name_en", "order")
    search_fields = ("code", "name_kk", "name_ru", "name_en")


class StepInline(admin.TabularInline):
    model = ApprovalStep
    extra = 0


@admin.register(ApprovalChain)
class ApprovalChainAdmin(admin.ModelAdmin):
    list_display = ("code", "name_kk", "name_ru", "name_en")
    inlines = (StepInline,)


@admin.register(Course)
class CourseAdmin(LookOnly, admin.ModelAdmin):
    list_display = ("title_kk", "kind", "topic", "hours", "state")
    list_filter = ("state", "kind", "topic")
    list_select_related = ("topic",)
    search_fields = ("uid", "title_kk", "title_ru", "title_en")


@admin.register(Run)
class RunAdmin(LookOnly, admin.ModelAdmin):
    formfield_overrides = {models.URLField: {"assume_scheme": "https"}}
    list_display = ("uid", "course", "starts_on", "ends_on", "state", "capacity")
    list_filter = ("state", "language")
    list_select_related = ("course",)
    search_fields = ("uid", "course__title_kk", "course__title_ru", "course__title_en")


@admin.register(Enrolment)
class EnrolmentAdmin(LookOnly, admin.ModelAdmin):
    list_display = ("uid", "person", "run", "number", "state", "changed_at")
    list_filter = ("state",)
    list_select_related = ("person", "run__course")
    search_fields = ("uid", "run__uid", "person__surname", "person__email")


@admin.register(RunNotice)
class RunNoticeAdmin(LookOnly, admin.ModelAdmin):
    list_display = ("run", "kind", "sequence", "at", "told_at")
    list_filter = ("kind",)
    list_select_related = ("run__course",)
