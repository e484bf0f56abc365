"""For support: rounds and results as they stand in the tables, to be looked at and never changed here.
They are business rows: `accounts.models.ADMIN_APPS` opens them to nobody."""

from django.contrib import admin

from core.admin import ReadOnlyAdmin

from .models import Edition, Objection, Round, Scheme, SchemeVersion


class SchemeAdmin(ReadOnlyAdmin):
    list_display = ["title", "code", "programme", "is_example", "withdrawn_on"]
    list_select_related = ["programme"]
    search_fields = ["title", "code"]
    readonly_fields = ["loaded", "created_at", "created_by"]


class SchemeVersionAdmin(ReadOnlyAdmin):
    list_display = ["scheme", "number", "full", "frozen_at"]
    list_select_related = ["scheme"]
    readonly_fields = ["frozen_at", "created_at", "updated_at"]


class RoundAdmin(ReadOnlyAdmin):
    list_display = ["number", "title", "programme", "state", "editions"]
    list_filter = ["state", "programme"]
    search_fields = ["number", "title"]
    readonly_fields = ["created_at", "created_by", "updated_at"]


class ObjectionAdmin(ReadOnlyAdmin):
    list_display = ["number", "scorecard", "indicator", "state", "raised_on", "decided_on"]
    list_filter = ["state"]
    list_select_related = ["scorecard__round", "scorecard__enrolment__unit", "indicator"]
    readonly_fields = ["raised_at", "raised_by", "decided_at", "decided_by", "updated_at"]


class EditionAdmin(ReadOnlyAdmin):
    list_display = ["round", "number", "sha256", "made_on", "published_on"]
    list_select_related = ["round"]
    exclude = ["package"]
    readonly_fields = ["made_at", "made_by"]


admin.site.register(Scheme, SchemeAdmin)
admin.site.register(SchemeVersion, SchemeVersionAdmin)
admin.site.register(Round, RoundAdmin)
admin.site.register(Objection, ObjectionAdmin)
admin.site.register(Edition, EditionAdmin)
