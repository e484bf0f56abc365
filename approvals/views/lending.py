"""授权代签: to whom a CDO lends the signature, from when to when, and to take it back."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.generic import View

from accounts.roles import Permission
from core import clock
from core.errors import PermissionRefused, Refused
from core.forms import put_errors
from core.views import RefusalMixin
from pilots.models import Membership, Unit

from .. import services
from ..forms import LendForm
from ..queries import lending_units, lent_signatures

MOST = 100


class LentPage(RefusalMixin, View):
    """/approvals/lent/: the list, and the form for those who may lend."""

    required_permission = Permission.READ_REPORTS
    request: HttpRequest

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.page()

    def page(self, status: int = 200, **given: Any) -> HttpResponse:
        units = lending_units(self.request.user)
        today = clock.today()
        forms = given.get("forms", {})
        context = {
            "lines": [self.line(row, today) for row in lent_signatures(self.request.user)[:MOST]],
            "lending": [
                {"unit": unit, "form": forms.get(unit.code) or _form(unit)} for unit in units
            ],
            **given,
        }
        return render(self.request, "approvals/lent.html", context, status=status)

    def line(self, row: Membership, today: date) -> dict[str, Any]:
        state, word = _state(row, today)
        return {
            "row": row,
            "state": state,
            "word": word,
            "may_end": state != "over" and row.delegated_by_id == self.request.user.pk,
        }


class LendView(LentPage):
    """POST /approvals/lent/<unit>/new/"""

    required_permission = Permission.SIGN_DOCUMENTS

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        return redirect("approvals:lent")

    def post(self, request: HttpRequest, code: str) -> HttpResponse:
        unit = next((unit for unit in lending_units(request.user) if unit.code == code), None)
        if unit is None:
            raise PermissionRefused(_("只有首席数据官本人可以授权，受托人不能再授权。"))
        form = _form(unit, request.POST)
        if not form.is_valid():
            return self.sent_back(unit, form, 422)
        facts = form.cleaned_data
        try:
            services.lend_signature(
                facts["to"],
                unit,
                by=request.user,
                starts_on=facts["starts_on"],
                ends_on=facts["ends_on"],
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
            return self.sent_back(unit, form, refusal.status)
        except ValidationError as error:
            put_errors(form, error)
            return self.sent_back(unit, form, 422)
        words = {"who": facts["to"], "from": facts["starts_on"], "to": facts["ends_on"]}
        messages.success(request, _("已授权%(who)s从%(from)s到%(to)s代签。") % words)
        return redirect("approvals:lent")

    def sent_back(self, unit: Unit, form: LendForm, status: int) -> HttpResponse:
        return self.page(status, forms={unit.code: form}, sent_back=form)


class EndView(RefusalMixin, View):
    """POST /approvals/lent/<pk>/end/"""

    required_permission = Permission.SIGN_DOCUMENTS

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        row = get_object_or_404(lent_signatures(request.user), pk=pk)
        if row.delegated_by_id != request.user.pk:
            raise PermissionRefused(_("由授权人%(who)s收回。") % {"who": row.delegated_by})
        if _state(row, clock.today())[0] == "over":
            raise Http404
        services.end_delegation(row, by=request.user)
        messages.success(request, _("已收回%(who)s的代签授权，马上生效。") % {"who": row.user})
        return redirect("approvals:lent")


def _form(unit: Unit, data: Any = None) -> LendForm:
    return LendForm(data, unit=unit, prefix=None, initial={"starts_on": clock.today()})


def _state(row: Membership, today: date) -> tuple[str, str]:
    """Whether it holds, is to begin, or is over: (key, word)."""
    if row.revoked_at is not None:
        return "over", _("已收回")
    if row.ends_on is not None and row.ends_on < today:
        return "over", _("已结束")
    if row.starts_on is not None and row.starts_on > today:
        return "later", _("未开始")
    return "now", _("代签中")
