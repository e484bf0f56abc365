"""`GET /notices/simulate/`: who would be told what on which day."""

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, viewsets
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.roles import Permission
from core.api import Pagination, PlainSerializer
from core.api.lists import bad_parameter, unknown_name
from core.api.schema import Schema

from .. import queries
from ..choices import Channel, Manner
from ..simulate_forms import SimulateForm, planned

NAMES = ("programme", "from", "to")
PAGING = ("page", "page_size", "format")


class WholeRange(Pagination):
    """Pages of 1000: each of them walks through the days anew."""

    page_size = 1000
    max_page_size = 10_000


class PlannedSerializer(PlainSerializer):
    """One thing that one recipient would be told on a day by a channel. `assignment` is the number of
    the task, '' where it speaks of something else; `username` is '' for a group."""

    on = serializers.DateField()
    is_working = serializers.BooleanField()
    at = serializers.DateTimeField()
    recipient = serializers.CharField()
    username = serializers.CharField()
    unit = serializers.CharField()
    assignment = serializers.CharField()
    type = serializers.CharField()
    subject = serializers.CharField()
    stage = serializers.CharField()
    channel: Any = serializers.ChoiceField(choices=Channel.choices)
    manner: Any = serializers.ChoiceField(choices=Manner.choices)
    title = serializers.CharField()
    reason = serializers.CharField()


class SimulateViewSet(viewsets.GenericViewSet):
    """提醒预览."""

    schema = Schema()
    serializer_class = PlannedSerializer
    pagination_class = WholeRange
    filter_backends = ()
    filterset_class = None
    permission_map = {"list": Permission.READ_DELIVERIES}

    @extend_schema(
        operation_id="notices_simulate",
        parameters=[
            OpenApiParameter("programme", OpenApiTypes.STR, required=True, description="方案代码"),
            OpenApiParameter("from", OpenApiTypes.DATE, required=True, description="第一天"),
            OpenApiParameter(
                "to", OpenApiTypes.DATE, required=True, description="最后一天，一次最多92天"
            ),
        ],
    )
    def list(self, request: Request) -> Response:
        """谁会在哪天收到什么：用生成提醒的同一段程序推算，不发送也不留下任何记录。草稿方案按从第一天起
        跟踪推算。按日期、时间、收件人排列。超过2万条或推算超过20秒时返回422，说明结束日期最晚填哪天。"""
        for name in request.query_params:
            if name not in NAMES + PAGING:
                known = [*NAMES, *PAGING]
                raise bad_parameter(name, unknown_name(name, known, _("参数")))
        form = SimulateForm(
            request.query_params, programmes=queries.programmes_overseen(request.user)
        )
        rows = planned(form) if form.is_valid() else None
        if rows is None:
            raise serializers.ValidationError(
                {name: [str(text) for text in texts] for name, texts in form.errors.items()}
            )
        page = self.paginate_queryset(rows)
        return self.get_paginated_response(self.get_serializer(page, many=True).data)
