"""For support: the register as it stands in the tables, to be looked at and never changed here.

The system administrator sees what packs say of posts. People, appointments, filings, teams and
hand-overs are business rows: `accounts.models.ADMIN_APPS` opens them to nobody. They are registered
so that an installation which opens one to its support gets it read-only and without contacts, not
Django's own forms past the services.
"""

from django.contrib import admin
from django.http import HttpRequest

from core.admin import ReadOnlyAdmin

from .models import (
    Appointment,
    Filing,
    Handover,
    Person,
    Post,
    PostRule,
    PublicDirectory,
    Team,
    TeamMember,
)


class PostAdmin(ReadOnlyAdmin):
    list_display = ["name", "name_en", "code", "is_single", "withdrawn_on", "source"]
    search_fields = ["name", "name_en", "code"]
    readonly_fields = ["loaded", "withdrawn_on"]


class PostRuleAdmin(ReadOnlyAdmin):
    """What each programme rules about a post; `loaded` shows what its pack said last."""

    list_display = ["title", "programme", "post", "appointed_by", "filed_at", "withdrawn_on"]
    list_filter = ["programme", "post"]
    list_select_related = ["programme", "post", "appointed_by", "filed_at"]
    search_fields = ["title", "code"]
    readonly_fields = ["loaded", "withdrawn_on"]


class PersonAdmin(ReadOnlyAdmin):
    """Without the sealed contacts: only `services.reveal_contacts` tells them."""

    exclude = ["mobile", "email"]
    list_display = ["name", "unit", "job_title", "level", "rank"]
    list_select_related = ["unit"]
    search_fields = ["name", "initials"]

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        """No list by a sealed column: the answer would tell the number sign by sign."""
        is_sealed = lookup.startswith(("mobile", "email"))
        return not is_sealed and super().lookup_allowed(lookup, value, request)


class AppointmentAdmin(ReadOnlyAdmin):
    list_display = ["number", "person", "unit", "post", "kind", "status", "since", "ends_on"]
    list_filter = ["status", "kind", "post"]
    list_select_related = ["person", "unit", "post"]
    search_fields = ["number", "document_number"]
    readonly_fields = ["pack_code", "appointed_at", "appointed_by", "ended_at", "ended_by"]


class FilingAdmin(ReadOnlyAdmin):
    list_display = ["number", "kind", "unit", "desk", "status", "reported_on", "accepted_on"]
    list_filter = ["status", "kind", "route", "programme"]
    list_select_related = ["unit", "desk"]
    search_fields = ["number", "receipt_number", "document_number"]
    readonly_fields = ["submitted_at", "submitted_by", "decided_at", "decided_by"]


class TeamAdmin(ReadOnlyAdmin):
    list_display = ["number", "name", "kind", "unit", "leader", "starts_on", "ends_on"]
    list_filter = ["kind"]
    list_select_related = ["unit", "leader"]
    search_fields = ["number", "name"]


class TeamMemberAdmin(ReadOnlyAdmin):
    list_display = ["person", "team", "entry_mode", "starts_on", "ends_on"]
    list_filter = ["entry_mode"]
    list_select_related = ["person", "team"]


class HandoverAdmin(ReadOnlyAdmin):
    list_display = ["number", "unit", "leaver", "taker", "on"]
    list_select_related = ["unit", "leaver", "taker"]
    search_fields = ["number"]


class PublicDirectoryAdmin(ReadOnlyAdmin):
    list_display = ["programme", "is_open", "basis", "changed_at"]
    list_select_related = ["programme"]


admin.site.register(Post, PostAdmin)
admin.site.register(PostRule, PostRuleAdmin)
admin.site.register(Person, PersonAdmin)
admin.site.register(Appointment, AppointmentAdmin)
admin.site.register(Filing, FilingAdmin)
admin.site.register(Team, TeamAdmin)
admin.site.register(TeamMember, TeamMemberAdmin)
admin.site.register(Handover, HandoverAdmin)
admin.site.register(PublicDirectory, PublicDirectoryAdmin)
