"""For support: orders, remarks, requests for a later day and slips as they stand in the tables, to be
looked at and never changed here. They are business rows: `accounts.models.ADMIN_APPS` opens them to nobody. They are
registered so that an installation which opens one to its support gets it read-only.
"""

from django.contrib import admin

from core.admin import ReadOnlyAdmin

from .models import Extension, Order, Remark, Slip, SlipLabel


class ExtensionAdmin(ReadOnlyAdmin):
    list_display = [
        "number",
        "assignment",
        "place",
        "latest_on",
        "wanted_on",
        "state",
        "granted_on",
    ]
    list_filter = ["state"]
    list_select_related = ["assignment__obligation"]
    search_fields = ["number", "assignment__number"]


class SlipAdmin(ReadOnlyAdmin):
    list_display = ["number", "assignment", "level", "label", "state", "sent_on", "reply_by"]
    list_filter = ["state", "level"]
    list_select_related = ["assignment__obligation"]
    search_fields = ["number", "assignment__number"]


class SlipLabelAdmin(ReadOnlyAdmin):
    list_display = ["programme", "level", "label"]


class OrderAdmin(ReadOnlyAdmin):
    list_display = ["number", "title", "programme", "level", "state", "due_on", "issued_on"]
    list_filter = ["state", "level", "programme"]
    list_select_related = ["programme"]
    search_fields = ["number", "title", "document_number", "source_number"]


class RemarkAdmin(ReadOnlyAdmin):
    list_display = ["number", "assignment", "said_by", "said_on", "route", "struck_at"]
    list_filter = ["route"]
    list_select_related = ["assignment__obligation"]
    search_fields = ["number", "assignment__number"]


admin.site.register(Order, OrderAdmin)
admin.site.register(Remark, RemarkAdmin)
admin.site.register(Extension, ExtensionAdmin)
admin.site.register(Slip, SlipAdmin)
admin.site.register(SlipLabel, SlipLabelAdmin)
