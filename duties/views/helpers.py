"""协办单位 of one task: named and taken off by the desk."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy

from core import clock
from core.forms import Form
from pilots.models import Unit

from .. import services
from ..models import Assignment
from ..order_forms import HelperForm
from ..queries.orders import open_to_help, units_of
from .moves import MoveView


class HelperAdd(MoveView):
    """POST /tasks/<number>/helpers/"""

    form_class = HelperForm
    slot, prefix = "helper_form", "helper"
    done = gettext_lazy("已给%(number)s指定协办单位。")

    def make_form(self) -> Form:
        return HelperForm(
            self.request.POST, prefix=self.prefix, units=open_to_help(self.assignment)
        )

    def act(self, row: Assignment, form: HelperForm, version: int) -> None:
        unit: Unit = units_of(row.programme, clock.today())[form.cleaned_data["unit"]]
        note, by = form.cleaned_data["note"], self.request.user
        services.add_helper(row, unit, note=note, by=by, version=version)


class HelperRemove(MoveView):
    """POST /tasks/<number>/helpers/<id>/remove/"""

    done = gettext_lazy("已取消%(number)s的一个协办单位。")

    def act(self, row: Assignment, form: Form, version: int) -> None:
        helper = get_object_or_404(row.helpers.live(), pk=self.kwargs["pk"])
        services.remove_helper(helper, by=self.request.user, version=version)

    def sent_back(self, form: Form, status: int, refusal: str = "") -> HttpResponse:
        return self.page(status, refusal=refusal)
