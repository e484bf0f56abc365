"""拟发通知: the form of an order, and its helpers."""

from functools import cached_property
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.generic import View

from accounts.roles import Permission
from core import clock
from core.errors import PermissionRefused, Refused, StaleVersion
from core.forms import put_errors
from core.views import RefusalMixin, posted_version, stale_words
from pilots.current import current_programme
from pilots.models import Programme

from .. import services
from ..due_forms import chosen_of
from ..models import DutyArea, Order
from ..order_forms import HelpersForm, OrderForm
from ..queries.orders import (
    group_of,
    issuer_for,
    leads_of,
    may_be_issued,
    possible_helpers,
    targets,
    units_of,
)
from .orders import OrderMixin

PLAIN = (
    "title", "short_title", "level", "document_number", "source_title", "source_number", "wanted",
    "acceptance", "due_on", "due_rule",
)  # fmt: skip


class OrderFormView(RefusalMixin, View):
    """Base of 发通知 and 修改: one form, three buttons (save, check, 全选 of a group)."""

    required_permission = Permission.ISSUE_DOCUMENTS
    template_name = "duties/order_form.html"
    request: HttpRequest
    kwargs: dict[str, Any]
    order: Order | None = None
    programme: Programme

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.prepare()
        return self.show(self.get_form(initial=self.initial()))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.prepare()
        if group := request.POST.get("pick", ""):
            return self.picked(group)
        act = request.POST.get("act")
        form = self.get_form(request.POST, request.FILES, whole=act == "check")
        form.is_valid()
        form.keep(request.user)
        if act == "preview":
            form.forget_others()
            return self.show(form)
        return self.write(form, whole=act == "check") if form.is_valid() else self.show(form, 422)

    def write(self, form: OrderForm, *, whole: bool) -> HttpResponse:
        """Save a valid form; what the service refuses is said on the page."""
        try:
            with transaction.atomic():
                row = self.save(form)
        except PermissionRefused:
            raise
        except StaleVersion as refusal:
            return self.show(form, refusal.status, stale_words(self.order))
        except Refused as refusal:
            return self.show(form, refusal.status, str(refusal))
        except ValidationError as error:
            put_errors(form, error)
            return self.show(form, 422)
        return self.saved(row, whole=whole)

    def saved(self, row: Order, *, whole: bool) -> HttpResponse:
        if whole:
            return redirect("duties:order-submit", row.number)
        messages.success(self.request, _("已保存草稿%(number)s。") % {"number": row.number})
        return redirect("duties:order", row.number)

    def picked(self, group: str) -> HttpResponse:
        """全选 or 全不选 of one group; everything else stays as it was typed, unchecked."""
        form = self.get_form(self.request.POST, self.request.FILES)
        form.is_valid()
        form.keep(self.request.user)
        posted: Any = form.data  # a QueryDict
        posted = posted.copy()
        posted.setlist("leads", form.toggled(group))
        form.data = posted
        form.errors.clear()
        return self.show(form)

    def prepare(self) -> None:
        """Find the programme, and refuse who does not draft in it."""
        raise NotImplementedError

    def initial(self) -> dict[str, Any]:
        return {}

    def save(self, form: OrderForm) -> Order:
        raise NotImplementedError

    def get_form(self, *args: Any, **kwargs: Any) -> OrderForm:
        areas = DutyArea.objects.visible_to(self.request.user).filter(
            programme=self.programme, withdrawn_on=None
        )
        return OrderForm(
            *args,
            areas=[(area.code, area.display_name) for area in areas],
            units=[(row.unit.code, row.label, group_of(row)) for row in self.offered],
            **kwargs,
        )

    @cached_property
    def offered(self) -> list[Any]:
        return list(targets(self.programme, clock.today()))

    def facts(self, form: OrderForm) -> dict[str, Any]:
        """What the services take of a valid form."""
        given = form.cleaned_data
        chosen, area = set(given["leads"]), given["area"]
        areas = DutyArea.objects.visible_to(self.request.user).filter(programme=self.programme)
        return {
            **{name: given[name] for name in PLAIN},
            "area": areas.filter(code=area).first() if area else None,
            "leads": [row for row in self.offered if row.unit.code in chosen],
            "template": form.stored,
            "template_name": form.stored_name,
        }

    def show(self, form: OrderForm, status: int = 200, refusal: str = "") -> HttpResponse:
        order = self.order
        context = {
            "form": form,
            "order": order,
            "programme": self.programme,
            "refusal": refusal,
            "sent_back": form if form.errors else None,
            "back_url": self.get_refusal_url(),
            "had": order.template_name if order else "",
        }
        return render(self.request, self.template_name, context, status=status)

    def get_refusal_url(self) -> str:
        return reverse("duties:order-list")


class OrderNew(OrderFormView):
    """/orders/new/"""

    def prepare(self) -> None:
        found = current_programme(self.request)
        if found is None or issuer_for(self.request.user, found) is None:
            raise PermissionRefused(_("通知由牵头单位的经办人拟稿，当前账号不能拟稿。"))
        if not may_be_issued(found):
            facts = {"programme": found.display_name}
            raise Refused(_("“%(programme)s”还没有开始跟踪，或已结束，不能发通知。") % facts)
        self.programme = found

    def save(self, form: OrderForm) -> Order:
        return services.draft_order(self.programme, by=self.request.user, **self.facts(form))


class OrderEdit(OrderMixin, OrderFormView):  # type: ignore[misc]
    """/orders/<number>/edit/"""

    required_permission = Permission.ISSUE_DOCUMENTS

    def prepare(self) -> None:
        self.programme = self.order.programme
        require_draft(self)

    def initial(self) -> dict[str, Any]:
        order = self.order
        return {
            **{name: getattr(order, name) for name in PLAIN},
            **chosen_of(order.due_rule, order.due_on),
            "area": order.area.code if order.area else "",
            "leads": [lead.enrolment.unit.code for lead in leads_of(order)],
        }

    def save(self, form: OrderForm) -> Order:
        version = posted_version(self.request)
        return services.edit_order(
            self.order,
            by=self.request.user,
            version=version,
            drop_template="drop_template" in self.request.POST,
            **self.facts(form),
        )

    def get_refusal_url(self) -> str:
        return reverse("duties:order", args=[self.kwargs["number"]])


def require_draft(view: OrderMixin) -> None:
    """Raise PermissionRefused for who does not draft it, Refused for what is no draft any more."""
    order = view.order
    if not view.drafts:
        facts = {"issuer": order.issuer.display_name}
        raise PermissionRefused(_("由%(issuer)s的经办人办理，当前账号不能办理。") % facts)
    if not order.is_draft:
        facts = {"number": order.number, "state": order.get_state_display()}
        raise Refused(_("%(number)s%(state)s，只有草稿可以修改。") % facts)


class OrderHelpers(OrderMixin, RefusalMixin, View):
    """/orders/<number>/helpers/: who helps whom, while it is a draft."""

    required_permission = Permission.ISSUE_DOCUMENTS

    def get(self, request: HttpRequest, number: str) -> HttpResponse:
        require_draft(self)
        return self.show(self.get_form(initial=self.initial()))

    def post(self, request: HttpRequest, number: str) -> HttpResponse:
        require_draft(self)
        form = self.get_form(request.POST)
        if not form.is_valid():
            return self.show(form, 422)
        bodies = units_of(self.order.programme, clock.today())
        chosen = {
            lead: [(bodies[pk], note) for pk, note in helpers]
            for lead, helpers in form.chosen().items()
        }
        try:
            version = posted_version(request)
            services.choose_helpers(self.order, chosen, by=request.user, version=version)
        except StaleVersion as refusal:
            return self.show(form, refusal.status, stale_words(self.order))
        messages.success(request, _("已保存%(number)s的协办单位。") % {"number": number})
        return redirect("duties:order", number)

    def get_form(self, *args: Any, **kwargs: Any) -> HelpersForm:
        order = self.order
        units = possible_helpers(order.programme, clock.today())
        leads = [(row.pk, row.enrolment.unit_id, str(row)) for row in leads_of(order)]
        return HelpersForm(
            *args, leads=leads, units=[(unit.pk, unit.label) for unit in units], **kwargs
        )

    def initial(self) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for lead in leads_of(self.order):
            helpers = list(lead.helpers.all())
            found[f"units-{lead.pk}"] = [helper.unit_id for helper in helpers]
            found[f"note-{lead.pk}"] = helpers[0].note if helpers else ""
        return found

    def show(self, form: HelpersForm, status: int = 200, refusal: str = "") -> HttpResponse:
        context = {
            "form": form,
            "order": self.order,
            "refusal": refusal,
            "sent_back": form if form.errors else None,
        }
        return render(self.request, "duties/order_helpers.html", context, status=status)

    def get_refusal_url(self) -> str:
        return reverse("duties:order", args=[self.kwargs["number"]])
