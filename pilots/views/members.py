"""单位账号: who acts for which unit; opening in bulk, resetting, closing, and the printed slips."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.generic import View

from accounts.roles import Permission, Role
from core import clock
from core.lists import ListPage
from core.views import RefusalMixin

from .. import queries, services
from ..access import require
from ..current import current_programme
from ..filters import UnitMemberFilter
from ..forms import OnceForm, new_key
from ..member_forms import MemberActForm, Openings, PasteForm, UnitIndex, formset_data
from ..models import Membership, Programme


class MemberPage(RefusalMixin):
    """Base: the programme shown, in which the clerk may manage accounts."""

    required_permission = Permission.MANAGE_MEMBERS
    request: HttpRequest

    def get_programme(self) -> Programme:
        programme = current_programme(self.request)
        if programme is None:
            raise Http404
        require(self.request.user, Permission.MANAGE_MEMBERS, programme=programme)
        return programme

    def get_refusal_url(self) -> str:
        return reverse("pilots:member-list")


class MemberListView(MemberPage, ListPage):
    """Units × accounts, in the document's order."""

    label = gettext_lazy("单位账号")
    template_name = "pilots/member_list.html"
    filterset_class = UnitMemberFilter
    ordering = ("position", "code")
    page_size = 100

    def get_queryset(self) -> Any:
        return queries.units_with_members(self.programme, clock.today())

    def get_context(self, **kwargs: Any) -> dict[str, Any]:
        self.programme = self.get_programme()
        context = super().get_context(**kwargs, programme=self.programme)
        for unit in context["rows"]:
            unit.cdos = [row for row in unit.members if row.role == Role.UNIT_CDO]
            unit.clerks = [row for row in unit.members if row.role == Role.DATA_OFFICER]
        primary = {"url": reverse("pilots:member-open"), "label": _("开通账号")}
        return {**context, "once": new_key(), "batch": MemberActForm.ACTS, "primary": primary}


class MemberOpenView(MemberPage, View):
    """A table of people. Pasted lines fill the table; nothing is opened before it was looked at."""

    template_name = "pilots/member_open.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        first = {name: request.GET.get(name, "") for name in ("unit", "role")}
        initial = [first] if first["unit"] else None
        return self.show(self.table(initial=initial), PasteForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        if "parse" in request.POST:
            return self.parse(PasteForm(request.POST))
        table, once = self.table(request.POST), OnceForm(request.POST)
        if not table.is_valid() or not once.is_valid():
            return self.show(table, PasteForm(), status=422)
        try:
            slips = services.open_unit_accounts(
                table.openings(), by=request.user, once=once.cleaned_data["once"]
            )
        except ValidationError as error:
            faults = [{"id": "", "text": text} for text in error.messages]
            return self.show(table, PasteForm(), status=422, faults=faults)
        return show_slips(request, slips, self.get_programme())

    def parse(self, paste: PasteForm) -> HttpResponse:
        if not paste.is_valid():
            return self.show(self.table(), paste, status=422)
        table = self.table(formset_data(paste.rows()))
        return self.show(table, PasteForm(), is_pasted=True)

    def table(self, data: Any = None, initial: Any = None) -> Any:
        units = queries.units_with_members(self.get_programme(), clock.today())
        self.index = UnitIndex(units.order_by("position"))
        return Openings(data, initial=initial, form_kwargs={"index": self.index})

    def show(self, table: Any, paste: PasteForm, status: int = 200, **extra: Any) -> HttpResponse:
        context = {
            "programme": self.get_programme(),
            "table": table,
            "paste": paste,
            "units": self.index.units,
            "once": new_key(),
            "faults": [{"id": "", "text": text} for text in table.non_form_errors()],
            "is_pasted": False,
            "is_faulty": status != 200 or (table.is_bound and not table.is_valid()),
            **extra,
        }
        return render(self.request, self.template_name, context, status=status)


class MemberActView(MemberPage, View):
    """Reset, close, reopen, revoke for the ticked accounts: first what will happen, then it does."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        programme, form = self.get_programme(), MemberActForm(request.POST)
        if not form.is_valid():
            messages.error(request, _("先勾选账号，再选动作。"))
            return redirect(self.get_refusal_url())
        act = form.cleaned_data["act"]
        rows = queries.manageable_memberships(programme, form.cleaned_data["pick"])
        if not rows:
            raise Http404
        if "confirmed" not in request.POST:
            context = {"programme": programme, "act": act, "rows": rows, **_words(act, rows)}
            context["once"] = form.cleaned_data["once"]
            return render(request, "pilots/member_confirm.html", context)
        if act == "reset":
            slips = services.reset_passwords(rows, by=request.user, once=form.cleaned_data["once"])
            return show_slips(request, slips, programme)
        messages.success(request, self.do(act, rows))
        return redirect(self.get_refusal_url())

    def do(self, act: str, rows: list[Membership]) -> str:
        user = self.request.user
        if act == "revoke":
            done = services.revoke_unit_memberships(rows, by=user)
            return _("已撤销%(count)s项身份。") % {"count": len(done)}
        people = services.set_people_active(rows, is_active=act == "reopen", by=user)
        said = _("已重新启用%(count)s个账号。") if act == "reopen" else _("已停用%(count)s个账号。")
        return said % {"count": len(people)}


def _words(act: str, rows: list[Membership]) -> dict[str, Any]:
    """Title, effect and button of the confirmation."""
    people = len({row.user_id for row in rows})
    counts = {"people": people, "count": len(rows)}
    words = {
        "reset": (
            ngettext("重置%(people)s个账号的密码", "重置%(people)s个账号的密码", people),
            _(
                "原密码马上不能用，已登录的全部退出。新的一次性密码只在下一页显示一次，可以打印成通知条。"
            ),
            _("重置密码"),
        ),
        "close": (
            ngettext("停用%(people)s个账号", "停用%(people)s个账号", people),
            _("马上不能登录，已登录的下一步操作就会退出。记录保留，可以重新启用。"),
            _("停用账号"),
        ),
        "reopen": (
            ngettext("重新启用%(people)s个账号", "重新启用%(people)s个账号", people),
            _("可以用原来的密码登录，原有身份恢复。"),
            _("重新启用"),
        ),
        "revoke": (
            ngettext("撤销%(count)s项身份", "撤销%(count)s项身份", len(rows)),
            _("马上看不到这个单位的内容。账号本身保留；要恢复，重新开通身份。"),
            _("撤销身份"),
        ),
    }
    title, effect, label = words[act]
    return {"title": title % counts, "effect": effect, "label": label, "grave": act == "revoke"}


def show_slips(
    request: HttpRequest, slips: list[services.Slip], programme: Programme
) -> HttpResponse:
    """The printable page of 账号通知条. It is the answer itself, not an address: the passwords are
    shown this once and are kept nowhere (no-store, core.middleware)."""
    context = {"slips": slips, "programme": programme, "portal_url": settings.PORTAL_URL}
    return render(request, "pilots/slips.html", context)
