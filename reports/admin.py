"""For support: the rows as they stand, to be looked at and never changed here.

Reports are business rows: `accounts.models.ADMIN_APPS` opens them to nobody. They are registered so
that an installation which opens one to its support gets it read-only; what reports say is shown by no
column of a list.
"""

from django.contrib import admin

from core.admin import ReadOnlyAdmin

from .models import (
    Evidence,
    IncomingLetter,
    Period,
    Report,
    Review,
    Section,
    Submission,
    SupportRequest,
)


class PeriodAdmin(ReadOnlyAdmin):
    list_display = ["title", "programme", "code", "opens_on", "due_on", "closed_on"]
    list_filter = ["programme"]
    list_select_related = ["programme"]
    search_fields = ["code", "title"]


class ReportAdmin(ReadOnlyAdmin):
    list_display = ["number", "kind", "assignment", "status", "editions", "handed_in_on"]
    list_filter = ["kind", "status"]
    list_select_related = ["assignment__obligation"]
    search_fields = ["number"]


class SectionAdmin(ReadOnlyAdmin):
    list_display = ["report", "key", "heading", "updated_at", "dropped_on"]
    list_select_related = ["report"]
    search_fields = ["report__number"]


class SubmissionAdmin(ReadOnlyAdmin):
    list_display = ["report", "edition", "sha256", "route", "counts_on"]
    list_filter = ["route"]
    list_select_related = ["report"]
    search_fields = ["report__number", "sha256"]


class ReviewAdmin(ReadOnlyAdmin):
    list_display = ["submission", "decision", "decided_on", "undone_at"]
    list_filter = ["decision"]
    list_select_related = ["submission__report"]
    search_fields = ["submission__report__number"]


class EvidenceAdmin(ReadOnlyAdmin):
    list_display = ["name", "unit", "programme", "uploaded_on"]
    list_filter = ["programme"]
    list_select_related = ["unit", "programme"]
    search_fields = ["name"]


class IncomingLetterAdmin(ReadOnlyAdmin):
    list_display = ["report", "came_from", "number", "came_on", "outcome"]
    list_filter = ["outcome"]
    list_select_related = ["report"]
    search_fields = ["report__number", "number"]


class SupportRequestAdmin(ReadOnlyAdmin):
    list_display = ["number", "enrolment", "nature", "kind", "status", "answer_by"]
    list_filter = ["nature", "kind", "status"]
    list_select_related = ["enrolment__unit", "enrolment__programme"]
    search_fields = ["number"]


admin.site.register(Period, PeriodAdmin)
admin.site.register(Report, ReportAdmin)
admin.site.register(Section, SectionAdmin)
admin.site.register(Submission, SubmissionAdmin)
admin.site.register(Review, ReviewAdmin)
admin.site.register(Evidence, EvidenceAdmin)
admin.site.register(IncomingLetter, IncomingLetterAdmin)
admin.site.register(SupportRequest, SupportRequestAdmin)
