"""常用筛选: keeping the state of a list under a name, and the page on which one's own are managed."""

from functools import cached_property
from itertools import groupby
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import get_script_prefix, reverse
from django.utils.translation import gettext as _
from django.views.generic import View

from accounts.roles import LOGGED_IN, Permission
from core.errors import StaleVersion
from core.forms import Form
from core.lists import page_at
from core.views import RefusalMixin

from .. import services
from ..access import may, permissions_of
from ..current import current_programme
from ..models import Programme, SavedView
from ..view_forms import KeepForm, MendForm

NO_VERSION = -1  # no row has it


class SavedViewPage(RefusalMixin, View):
    """Base: whose views, and where the person may share one."""

    required_permission = LOGGED_IN
    request: HttpRequest

    @cached_property
    def programme(self) -> Programme | None:
        """With whom something may be shared from here: the programme that the lists show."""
        if Permission.MANAGE_PROGRAMME not in permissions_of(self.request.user):
            return None
        found = current_programme(self.request)
        allowed = found and may(self.request.user, Permission.MANAGE_PROGRAMME, programme=found)
        return found if allowed else None

    def get_refusal_url(self) -> str:
        return reverse("pilots:view-list")


class SavedViewList(SavedViewPage):
    """/views/: GET shows them by list; POST keeps a new one."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.page()

    def page(self, status: int = 200, **given: Any) -> HttpResponse:
        seen = SavedView.objects.visible_to(self.request.user).select_related("programme", "owner")
        rows = list(seen.order_by("path", "id"))
        live = [self.line(row) for row in rows if row.removed_at is None]
        return render(
            self.request,
            "pilots/view_list.html",
            {
                "groups": [
                    {"title": title, "lines": list(lines)}
                    for title, lines in groupby(live, key=lambda line: line["list"])
                ],
                "removed": [row for row in rows if row.removed_at],
                "refusal": "",
                **given,
            },
            status=status,
        )

    def line(self, row: SavedView) -> dict[str, Any]:
        is_mine = row.owner_id == self.request.user.pk
        shares = row.programme or self.programme
        may_share = bool(
            shares and may(self.request.user, Permission.MANAGE_PROGRAMME, programme=shares)
        )
        first = {"name": row.name, "share": row.programme is not None}
        form = MendForm(initial=first, may_share=may_share, auto_id=f"id_{row.pk}_%s")
        return {
            "row": row,
            "list": list_label(row.path),
            "url": address_of(row),
            "form": form if is_mine or (row.programme and may_share) else None,
            "is_mine": is_mine,
        }

    def post(self, request: HttpRequest) -> HttpResponse:
        form = KeepForm(request.POST, may_share=self.programme is not None)
        if not form.is_valid():
            return self.again(form)
        given = form.cleaned_data
        shared = self.programme if given.get("share") else None
        try:
            row = services.keep_view(
                path=given["path"],
                query=given["query"],
                name=given["name"],
                by=request.user,
                programme=shared,
            )
        except ValidationError as error:
            _add(form, error)
            return self.again(form)
        messages.success(request, _("已存为常用：%(name)s。") % {"name": row.name})
        return redirect(address_of(row))

    def again(self, form: Form) -> HttpResponse:
        back = address_of(SavedView(path=form["path"].value(), query=form["query"].value() or ""))
        is_ours = page_at(form["path"].value() or "") is not None
        context = {"form": form, "back": back if is_ours else reverse("home")}
        return render(self.request, "pilots/view_keep.html", context, status=422)


class SavedViewAct(SavedViewPage):
    """POST /views/<pk>/ with `act`: rename (and share), remove, restore."""

    http_method_names = ["post"]

    @cached_property
    def view(self) -> SavedView:
        rows = SavedView.objects.visible_to(self.request.user)
        return get_object_or_404(rows.select_related("programme"), pk=self.kwargs["pk"])

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        acts = {"mend": self.mend, "remove": self.remove, "restore": self.restore}
        act = acts.get(request.POST.get("act", ""), self.mend)
        try:
            messages.success(request, act())
        except StaleVersion:
            messages.error(
                request, _("“%(name)s”刚被修改过，核对后再改。") % {"name": self.view.name}
            )
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        return redirect("pilots:view-list")

    @property
    def version(self) -> int:
        typed = self.request.POST.get("version", "")
        return int(typed) if typed.isascii() and typed.isdigit() else NO_VERSION

    def mend(self) -> str:
        shares = self.view.programme or self.programme
        form = MendForm(self.request.POST, may_share=shares is not None)
        if not form.is_valid():
            raise ValidationError([text for found in form.errors.values() for text in found])
        changes: dict[str, Any] = {"name": form.cleaned_data["name"]}
        if "share" in form.cleaned_data:
            changes["programme"] = shares if form.cleaned_data["share"] else None
        row = services.mend_view(self.view, by=self.request.user, version=self.version, **changes)
        return _("已保存：%(name)s。") % {"name": row.name}

    def remove(self) -> str:
        services.remove_view(self.view, by=self.request.user, version=self.version)
        return _("已移除“%(name)s”，可以在本页下方恢复。") % {"name": self.view.name}

    def restore(self) -> str:
        services.restore_view(self.view, by=self.request.user, version=self.version)
        return _("已恢复“%(name)s”。") % {"name": self.view.name}


def address_of(row: SavedView) -> str:
    """Where the view leads, below the address at which the site stands."""
    return get_script_prefix().rstrip("/") + row.address


def list_label(path: str) -> str:
    """What the list at that address is called; the address itself once there is no such list."""
    page = page_at(path)
    return str(page.label) if page and page.label else path


def _add(form: Form, error: ValidationError) -> None:
    for name, texts in getattr(error, "message_dict", {"": error.messages}).items():
        for text in texts:
            form.add_error(name if name in form.fields and not form[name].is_hidden else None, text)
