"""For support: rounds and chains as they stand in the tables, to be looked at and never changed here.
They are business rows: `accounts.models.ADMIN_APPS` opens them to nobody."""

from django.contrib import admin

from core.admin import ReadOnlyAdmin

from .models import Approval, ApprovalStep, ChainStep


class ApprovalAdmin(ReadOnlyAdmin):
    list_display = ["number", "purpose", "subject", "title", "unit", "round", "state", "opened_on"]
    list_filter = ["state", "purpose", "programme"]
    list_select_related = ["unit"]
    search_fields = ["number", "subject", "title"]
    readonly_fields = ["opened_at", "opened_by", "closed_at"]


class ApprovalStepAdmin(ReadOnlyAdmin):
    list_display = ["approval", "position", "kind", "decision", "signed_name", "signed_on", "route"]
    list_filter = ["kind", "decision", "route"]
    list_select_related = ["approval"]
    readonly_fields = ["decided_at", "decided_by"]


class ChainStepAdmin(ReadOnlyAdmin):
    list_display = ["unit", "position", "kind", "signer"]
    list_select_related = ["unit", "signer"]


admin.site.register(Approval, ApprovalAdmin)
admin.site.register(ApprovalStep, ApprovalStepAdmin)
admin.site.register(ChainStep, ChainStepAdmin)
