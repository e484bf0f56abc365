"""接收地址: the groups of a body that hear its reminders, and one's own accounts elsewhere."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.generic import View

from accounts.roles import LOGGED_IN, Permission
from core.forms import put_errors
from core.views import RefusalMixin

from .. import queries
from ..choices import Channel
from ..endpoint_forms import GroupForm, OwnForm
from ..models import Endpoint
from ..services import endpoints


class GroupList(RefusalMixin, View):
    """/endpoints/"""

    required_permission = Permission.MANAGE_ENDPOINTS
    request: HttpRequest

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.page(self.form())

    def form(self, data: Any = None) -> GroupForm:
        return GroupForm(data, units=queries.units_with_groups(self.request.user))

    def post(self, request: HttpRequest) -> HttpResponse:
        form = self.form(request.POST)
        if not form.is_valid():
            return self.page(form, 422)
        try:
            row = endpoints.add_group(by=request.user, **form.cleaned_data)
        except ValidationError as error:
            put_errors(form, error)
            return self.page(form, 422)
        messages.success(request, _("已登记%(row)s，发送测试消息试一下。") % {"row": row})
        return redirect("reminders:endpoint-list")

    def page(self, form: GroupForm, status: int = 200) -> HttpResponse:
        rows = list(queries.groups_of(self.request.user))
        context = {"form": form, "rows": rows, "webhook": Channel.WEBHOOK}
        return render(self.request, "reminders/endpoints.html", context, status=status)


class OwnList(RefusalMixin, View):
    """/endpoints/own/"""

    required_permission = LOGGED_IN
    request: HttpRequest

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.page(self.form())

    def form(self, data: Any = None) -> OwnForm:
        return OwnForm(data, unready=queries.own_channels_unready())

    def post(self, request: HttpRequest) -> HttpResponse:
        form = self.form(request.POST)
        if not form.is_valid():
            return self.page(form, 422)
        before = queries.own_in_use(request.user, form.cleaned_data["channel"])
        try:
            row = endpoints.add_own(user=request.user, **form.cleaned_data)
        except ValidationError as error:
            put_errors(form, error)
            return self.page(form, 422)
        done = _("已登记%(row)s，发送测试消息试一下。") % {"row": row}
        if before is not None:
            done = _("已登记%(row)s，原来的%(old)s停用；发送测试消息试一下。")
            done %= {"row": row, "old": before.address_shown}
        messages.success(request, done)
        return redirect("reminders:own-endpoints")

    def page(self, form: OwnForm, status: int = 200) -> HttpResponse:
        rows = list(queries.own_addresses(self.request.user))
        context = {"form": form, "rows": rows, "unready": form.unready}
        return render(self.request, "reminders/own_endpoints.html", context, status=status)


class EndpointActView(RefusalMixin, View):
    """POST /endpoints/<pk>/test/, …/open/, …/close/ and …/secret/: for whoever sees the address; the
    service refuses who may not."""

    required_permission = LOGGED_IN
    http_method_names = ["post"]
    act = ""
    row: Endpoint

    def get_refusal_url(self) -> str:
        return self.back(self.row)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        self.row = get_object_or_404(Endpoint.objects.visible_to(request.user), pk=pk)
        getattr(self, self.act)(request)
        return redirect(self.back(self.row))

    def back(self, row: Endpoint) -> str:
        return reverse("reminders:endpoint-list" if row.unit_id else "reminders:own-endpoints")

    def test(self, request: HttpRequest) -> None:
        fault = endpoints.send_test(self.row, by=request.user)
        facts = {"row": self.row, "fault": fault}
        if fault:
            messages.error(request, _("测试消息没有送到%(row)s：%(fault)s") % facts)
        else:
            messages.success(request, _("测试消息已送到%(row)s，到那边看一眼。") % facts)

    def open(self, request: HttpRequest) -> None:
        row = self.row
        before = queries.own_in_use(request.user, row.channel) if row.user_id else None
        endpoints.set_endpoint_active(row, is_active=True, by=request.user)
        done = _("已启用%(row)s。") % {"row": row}
        if before is not None:
            done = _("已启用%(row)s，原来的%(old)s停用。") % {
                "row": row,
                "old": before.address_shown,
            }
        messages.success(request, done)

    def close(self, request: HttpRequest) -> None:
        endpoints.set_endpoint_active(self.row, is_active=False, by=request.user)
        messages.success(request, _("已停用%(row)s，提醒不再发到这里。") % {"row": self.row})

    def secret(self, request: HttpRequest) -> None:
        found = endpoints.revealed_secret(self.row, by=request.user)
        facts = {"row": self.row, "secret": found}
        messages.success(
            request, _("%(row)s的签名密钥：%(secret)s。只交给接收方，不要外传。") % facts
        )
