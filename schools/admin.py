"""Administration pages of the ground floor: to look things up, and to correct reference data.

People, roles and accounts are changed on the portal's own pages, whose verbs lock, check and audit; ledgers
are read only. Sign-in goes through the portal's page, with its limits and its second factor.
"""

from typing import Any

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from schools.folding import fold
from schools.models import (
    AuditEntry,
    CityName,
    Job,
    Mail,
    Membership,
    NetworkPeriod,
    Norm,
    Person,
    Region,
    RegionName,
    RosterImport,
    School,
    SchoolName,
    SchoolRegion,
    SchoolRequest,
    User,
)
from schools.models.words import words_of

admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]
admin.site.site_header = _("Administration of the portal")
admin.site.site_title = _("Administration")


class ReadOnly(admin.ModelAdmin):
    """Rows that are looked at here and changed elsewhere, or nowhere."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class DatedInline(admin.TabularInline):
    extra = 0


class RegionNames(DatedInline):
    model = RegionName


class SchoolNames(DatedInline):
    model = SchoolName


class SchoolRegions(DatedInline):
    model = SchoolRegion


class NetworkPeriods(DatedInline):
    model = NetworkPeriod


class Memberships(admin.TabularInline):
    model = Membership
    extra = 0
    can_delete = False
    readonly_fields = ("role", "school", "valid_from", "valid_to")

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Membership]:
        return super().get_queryset(request).select_related("school").prefetch_related("school__names")


@admin.register(Region)
class RegionAdmin(admin.ModelAdmin):
    list_display = ("iso", "name_kk", "name_ru", "kind", "since")
    search_fields = ("iso", "name_kk", "name_ru", "name_en")
    list_filter = ("kind",)
    inlines = (RegionNames,)


@admin.register(CityName)
class CityNameAdmin(admin.ModelAdmin):
    list_display = ("city", "name_kk", "name_ru", "valid_from", "valid_to")


@admin.register(School)
class SchoolAdmin(admin.ModelAdmin):
    list_display = ("code", "city_kk", "region", "kind", "direction", "opened")
    list_filter = ("kind", "source", "direction", "region")
    list_select_related = ("region",)
    search_fields = ("code", "external_code")
    inlines = (SchoolNames, NetworkPeriods, SchoolRegions)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """Words are looked for as the key spells them."""
        found, twice = super().get_search_results(request, queryset, search_term)
        key = queryset
        for word in words_of(search_term):
            key = key.filter(search_key__word_start=word)
        return found | key, twice

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


@admin.register(Person)
class PersonAdmin(ReadOnly):
    list_display = ("full_name", "post", "email", "phone", "language", "archived_at")
    list_filter = ("post", "category", "language")
    search_fields = ("search_key",)
    inlines = (Memberships,)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """Letters typed the Russian way find Kazakh names."""
        return super().get_search_results(request, queryset, fold(search_term))


@admin.register(Membership)
class MembershipAdmin(ReadOnly):
    list_display = ("person", "role", "school", "valid_from", "valid_to")
    list_filter = ("role", ("school", admin.RelatedOnlyFieldListFilter))
    search_fields = ("person__search_key",)
    date_hierarchy = "valid_from"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Membership]:
        rows = super().get_queryset(request).select_related("person", "school")
        return rows.prefetch_related("school__names")


@admin.register(User)
class UserAdmin(ReadOnly):
    list_display = ("email", "person", "is_active", "is_staff", "is_superuser", "last_login")
    list_filter = ("is_active", "is_staff", "is_superuser")
    list_select_related = ("person",)
    search_fields = ("email", "person__search_key")
    exclude = ("password",)


@admin.register(Norm)
class NormAdmin(admin.ModelAdmin):
    list_display = ("key", "valid_from", "value")
    list_filter = ("key",)


@admin.register(AuditEntry)
class AuditEntryAdmin(ReadOnly):
    list_display = ("at", "verb", "actor", "person", "school", "sequence")
    list_filter = ("verb",)
    list_select_related = ("actor", "person", "school")
    search_fields = ("verb", "person__search_key", "actor__search_key")
    show_full_result_count = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[AuditEntry]:
        return super().get_queryset(request).prefetch_related("school__names")


@admin.register(Mail)
class MailAdmin(ReadOnly):
    list_display = ("kind", "address", "language", "state", "attempts", "created_at", "sent_at")
    list_filter = ("state", "kind", "language")
    search_fields = ("address", "message_id")
    exclude = ("message",)
    show_full_result_count = False


@admin.register(Job)
class JobAdmin(ReadOnly):
    list_display = ("kind", "owner", "state", "stage", "done", "total", "created_at")
    list_filter = ("state", "kind")
    list_select_related = ("owner",)


@admin.register(RosterImport)
class RosterImportAdmin(ReadOnly):
    list_display = ("file_name", "owner", "since", "created_at", "applied_at")
    list_select_related = ("owner",)
    exclude = ("rows",)


@admin.register(SchoolRequest)
class SchoolRequestAdmin(ReadOnly):
    list_display = ("name", "district", "region", "state", "created_at")
    list_filter = ("state", "region")
    list_select_related = ("region",)
    exclude = ("contact",)
