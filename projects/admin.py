"""For support: the rows as they stand, to be looked at and never changed here.

The system administrator sees what packs say of powers. Projects, opinions and findings are business
rows: `accounts.models.ADMIN_APPS` opens them to nobody. They are registered so that an installation
which opens one to its support gets it read-only.
"""

from django.contrib import admin

from core.admin import ReadOnlyAdmin

from .models import Finding, FindingStep, GateCheck, Opinion, Power, Project, ProjectRecord


class PowerAdmin(ReadOnlyAdmin):
    """What each programme's document lets its CDOs do; `loaded` shows what its pack said last."""

    list_display = ["name", "programme", "kind", "moments", "clause", "withdrawn_on"]
    list_filter = ["programme", "kind"]
    list_select_related = ["programme", "clause"]
    search_fields = ["name", "code"]
    readonly_fields = ["loaded", "withdrawn_on"]


class ProjectAdmin(ReadOnlyAdmin):
    list_display = ["number", "name", "enrolment", "kind", "budget", "withdrawn_on"]
    list_filter = ["kind"]
    list_select_related = ["enrolment__unit", "enrolment__programme"]
    search_fields = ["number", "name", "city_code"]
    readonly_fields = ["withdrawn_on"]


class OpinionAdmin(ReadOnlyAdmin):
    list_display = ["project", "gate", "decision", "given_on", "cdo_name", "route"]
    list_filter = ["gate", "decision", "route"]
    list_select_related = ["project"]
    search_fields = ["project__number", "document_number"]
    readonly_fields = ["entered_at", "entered_by"]


class GateCheckAdmin(ReadOnlyAdmin):
    list_display = ["project", "gate", "condition", "is_met", "checked_on"]
    list_filter = ["gate", "condition"]
    list_select_related = ["project"]
    readonly_fields = ["entered_at", "entered_by"]


class ProjectRecordAdmin(ReadOnlyAdmin):
    list_display = ["project", "kind", "happened_on"]
    list_filter = ["kind"]
    list_select_related = ["project"]
    readonly_fields = ["entered_at", "entered_by"]


class FindingAdmin(ReadOnlyAdmin):
    list_display = ["number", "title", "enrolment", "status", "found_on", "due_on"]
    list_filter = ["status", "nature"]
    list_select_related = ["enrolment__unit", "enrolment__programme"]
    search_fields = ["number", "title"]
    readonly_fields = ["due_version"]


class FindingStepAdmin(ReadOnlyAdmin):
    list_display = ["finding", "step", "happened_on", "due_on"]
    list_filter = ["step"]
    list_select_related = ["finding"]
    readonly_fields = ["entered_at", "entered_by"]


admin.site.register(Power, PowerAdmin)
admin.site.register(Project, ProjectAdmin)
admin.site.register(Opinion, OpinionAdmin)
admin.site.register(GateCheck, GateCheckAdmin)
admin.site.register(ProjectRecord, ProjectRecordAdmin)
admin.site.register(Finding, FindingAdmin)
admin.site.register(FindingStep, FindingStepAdmin)
