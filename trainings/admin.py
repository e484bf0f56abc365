"""For support: the rows as they stand, to be looked at and never changed here. They are business rows:
`accounts.models.ADMIN_APPS` opens them to nobody."""

from django.contrib import admin

from core.admin import ReadOnlyAdmin

from .models import (
    Attendance,
    CountingRule,
    Credit,
    Declaration,
    Event,
    EventFile,
    Organiser,
    Participant,
    Resolution,
)


class EventAdmin(ReadOnlyAdmin):
    list_display = ["number", "title", "kind", "status", "starts_on", "programme"]
    list_filter = ["programme", "kind", "status"]
    list_select_related = ["programme"]
    search_fields = ["number", "title"]


class PartyAdmin(ReadOnlyAdmin):
    list_display = ["event", "enrolment"]
    list_select_related = ["event", "enrolment__unit"]
    search_fields = ["event__number"]


class EventFileAdmin(ReadOnlyAdmin):
    list_display = ["event", "kind", "name", "added_at", "removed_at"]
    list_select_related = ["event"]
    search_fields = ["event__number", "name"]


class AttendanceAdmin(ReadOnlyAdmin):
    list_display = ["event", "name", "unit", "unit_name", "route", "removed_at"]
    list_select_related = ["event", "unit"]
    search_fields = ["event__number", "name"]


class DeclarationAdmin(ReadOnlyAdmin):
    list_display = ["event", "enrolment", "headcount", "state", "declared_on"]
    list_select_related = ["event", "enrolment__unit"]
    search_fields = ["event__number"]


class ResolutionAdmin(ReadOnlyAdmin):
    list_display = ["event", "position", "text", "due_on", "order"]
    list_select_related = ["event", "order"]
    search_fields = ["event__number", "text"]


class CountingRuleAdmin(ReadOnlyAdmin):
    list_display = ["programme", "exchange_reading", "trains", "note"]
    list_select_related = ["programme"]


class CreditAdmin(ReadOnlyAdmin):
    list_display = ["event", "assignment", "mark"]
    list_select_related = ["event", "assignment__obligation", "mark__assignment__obligation"]
    search_fields = ["event__number", "assignment__number"]


admin.site.register(Event, EventAdmin)
admin.site.register(Organiser, PartyAdmin)
admin.site.register(Participant, PartyAdmin)
admin.site.register(EventFile, EventFileAdmin)
admin.site.register(Attendance, AttendanceAdmin)
admin.site.register(Declaration, DeclarationAdmin)
admin.site.register(Resolution, ResolutionAdmin)
admin.site.register(CountingRule, CountingRuleAdmin)
admin.site.register(Credit, CreditAdmin)
