"""What the API says of orders, helpers and remarks."""

from datetime import date
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, OuterRef
from django.db.models.functions import JSONObject
from rest_framework import serializers

from core.api import PlainSerializer, ResourceSerializer
from pilots.models.units import NameOn

from ..choices import Level, OrderState, RemarkRoute
from ..models import OrderHelper, OrderLead


class ReadySerializer(PlainSerializer):
    """What the query has put together already: nested rows cost no query of their own."""

    def to_representation(self, row: dict[str, Any]) -> dict[str, Any]:
        return row


class HelperSerializer(ReadySerializer):
    """A unit that helps (协办), and with what."""

    unit = serializers.CharField()
    note = serializers.CharField()


class LeadSerializer(ReadySerializer):
    """A unit that leads (主办) and its helpers as they were ordered."""

    unit = serializers.CharField()
    helpers = HelperSerializer(many=True)


def helpers_as_json(rows: Any, **key: Any) -> ArraySubquery:
    """Of helpers (of a task or of a lead), [{"unit", "note"}] in their order."""
    found = rows.filter(**key).order_by("pk")
    return ArraySubquery(found.values(json=JSONObject(unit="unit__code", note="note")))


def leads_as_json() -> ArraySubquery:
    """Of an order, [{"unit", "helpers"}] in the document's order."""
    helpers = helpers_as_json(OrderHelper.objects, lead=OuterRef("pk"))
    rows = OrderLead.objects.filter(order=OuterRef("pk")).order_by("enrolment__position", "pk")
    facts = JSONObject(unit="enrolment__unit__code", helpers=helpers)
    return ArraySubquery(rows.values(json=facts))


class OrderSerializer(ResourceSerializer):
    """`obligation` is the demand that the order became when it was issued: its tasks are those of
    `/assignments/?obligation=`."""

    resource = "order"

    id = serializers.CharField(source="number")
    programme = serializers.CharField(source="programme_code")
    issuer = serializers.CharField(source="issuer_code")
    title = serializers.CharField()
    short_title = serializers.CharField()
    level = serializers.ChoiceField(choices=Level.choices)
    document_number = serializers.CharField()
    source_title = serializers.CharField()
    source_number = serializers.CharField()
    area = serializers.CharField(source="area_code", allow_null=True)
    wanted = serializers.CharField()
    acceptance = serializers.CharField()
    template_name = serializers.CharField()
    due_on = serializers.DateField(allow_null=True)
    leads = LeadSerializer(many=True, source="named_leads")
    state = serializers.ChoiceField(choices=OrderState.choices)
    obligation = serializers.CharField(source="obligation_code", allow_null=True)
    issued_on = serializers.DateField(allow_null=True)
    issued_at = serializers.DateTimeField(allow_null=True)
    withdrawn_at = serializers.DateTimeField(allow_null=True)
    withdraw_reason = serializers.CharField()
    updated_at = serializers.DateTimeField()
    version = serializers.IntegerField()

    @staticmethod
    def prepare(rows: Any, *, user: Any, on: date) -> Any:
        return rows.annotate(
            programme_code=F("programme__code"),
            issuer_code=F("issuer__code"),
            area_code=F("area__code"),
            obligation_code=F("obligation__code"),
            named_leads=leads_as_json(),
        )


class RemarkSerializer(ResourceSerializer):
    """批示. `unit` is the body whose leader said it; one that was struck out keeps its words."""

    resource = "remark"

    id = serializers.CharField(source="number")
    assignment = serializers.CharField(source="assignment_number")
    unit = serializers.CharField(source="unit_code")
    unit_name = serializers.CharField()
    text = serializers.CharField()
    said_by = serializers.CharField()
    said_on = serializers.DateField()
    route = serializers.ChoiceField(choices=RemarkRoute.choices)
    document_title = serializers.CharField()
    document_number = serializers.CharField()
    scan_name = serializers.CharField()
    entered_at = serializers.DateTimeField()
    struck_at = serializers.DateTimeField(allow_null=True)
    strike_reason = serializers.CharField()
    version = serializers.IntegerField()

    @staticmethod
    def prepare(rows: Any, *, user: Any, on: date) -> Any:
        return rows.annotate(
            assignment_number=F("assignment__number"),
            unit_code=F("unit__code"),
            unit_name=NameOn("unit_id", on),
        )
