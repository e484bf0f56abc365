"""人员: the people of the register, and the page of one."""

from datetime import date
from functools import cached_property
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Min, QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.generic import View

from accounts.models import User
from accounts.roles import Permission
from core import clock
from core.columns import Column
from core.errors import PermissionRefused, Refused, StaleVersion
from core.forms import Form
from core.lists import ListPage
from core.views import RefusalMixin
from duties.views.moves import posted_version, stale_words
from pilots.current import current_programme, programmes_of
from pilots.models import Programme, Unit

from .. import services
from ..choices import FilingKind
from ..forms.register import AccountForm, PersonForm, add_errors
from ..models import Appointment, Person
from ..queries.accounts import accounts_for
from ..queries.allowed import manages, may_report
from ..queries.contacts import may_reveal
from ..queries.listing import with_filing, with_posts, with_unit_name
from ..queries.rules import ruling_for
from .changes import history
from .lines import line_of
from .register_filter import PeopleFilter
from .trail import steps


class PersonList(ListPage):
    """/officers/people/"""

    required_permission = Permission.READ_OFFICERS
    label = pgettext_lazy("list", "人员")
    template_name = "officers/people.html"
    ordering_fields = ("pinyin", "unit_label")
    ordering = ("unit_code", "pinyin")
    page_size = 100
    page_filter = PeopleFilter
    columns = (
        Column("name", gettext_lazy("姓名"), sort="pinyin", is_title=True),
        Column("unit", gettext_lazy("单位"), sort="unit_label"),
        Column("title", gettext_lazy("职务")),
        Column("posts", gettext_lazy("在任岗位")),
        Column("phone", gettext_lazy("办公电话"), "nowrap"),
        Column("mobile", gettext_lazy("手机"), "fit"),
        Column("account", gettext_lazy("账号")),
    )

    def filterset_class(self, data: QueryDict, **kwargs: Any) -> PeopleFilter:
        """Without a programme in the address the current one is asked for."""
        asked = data.copy()
        asked.setdefault("programme", self.programme.code if self.programme else "")
        return self.page_filter(asked, **kwargs)

    @cached_property
    def programme(self) -> Programme | None:
        if self.request.GET.get("programme") == "":
            return None
        return current_programme(self.request)

    @property
    def on(self) -> date:
        return clock.read_day(self.request.GET.get("on", "")) or clock.today()

    def get_queryset(self) -> QuerySet:
        rows = Person.objects.visible_to(self.request.user).select_related("user")
        return with_posts(rows, self.on)

    def get_context(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(**kwargs)
        return {
            **context,
            "form": context["filter"].form,
            "programme": self.programme,
            "programmes": programmes_of(self.request),
            "other_day": self.on if self.on != clock.today() else None,
        }


class PersonView(RefusalMixin, View):
    """Base: the person at the address."""

    required_permission = Permission.READ_OFFICERS
    request: HttpRequest

    @cached_property
    def person(self) -> Person:
        rows = Person.objects.visible_to(self.request.user).select_related("unit", "user")
        return get_object_or_404(rows.prefetch_related("unit__names"), uuid=self.kwargs["uuid"])

    @property
    def manages(self) -> bool:
        return manages(self.request.user, self.person.unit)

    def get_refusal_url(self) -> str:
        return reverse("officers:person", args=[self.person.uuid])


class PersonPage(PersonView):
    """/officers/people/<uuid>/"""

    def get(self, request: HttpRequest, **_kwargs: Any) -> HttpResponse:
        return self.page()

    def page(self, status: int = 200, **given: Any) -> HttpResponse:
        return render(
            self.request, "officers/person.html", {**self.context(), **given}, status=status
        )

    def context(self) -> dict[str, Any]:
        person, user = self.person, self.request.user
        return {
            "person": person,
            "lines": self.lines(),
            "years": self.years(),
            "history": history(person),
            "may_edit": may_report(user, person.unit),
            "may_reveal": may_reveal(user, [person]) and bool(person.mobile or person.email),
            "manages": self.manages,
            "account": self.account_form() if self.manages and person.user is None else None,
            "sent_back": None,
            "refusal": "",
        }

    def years(self) -> list[int]:
        """Years for which there is something to report (述职材料), this one first."""
        held = Appointment.objects.visible_to(self.request.user).filter(person=self.person)
        first = held.standing().aggregate(day=Min("since"))["day"]
        this = clock.today().year
        return list(range(this, first.year - 1, -1)) if first else []

    def lines(self) -> list[dict[str, Any]]:
        """What the person held, the latest first: each as the register tells it today, and its
        course. A person holds few posts, so each may ask for its rule."""
        rows = Appointment.objects.visible_to(self.request.user).filter(person=self.person)
        today = clock.today()
        found = with_filing(with_unit_name(rows.for_lists(), today), today)
        found = found.select_related("unit", "authority", "person", "post")
        found = found.prefetch_related("filings__desk__names", "authority__names", "unit__names")
        return [
            {"line": line_of(row, today), "steps": _steps(row)}
            for row in found.order_by("-since", "-number")
        ]

    def account_form(self, *args: Any) -> AccountForm:
        labels = [
            (
                user.username,
                _("%(name)s（%(account)s）")
                % {"name": user.display_name, "account": user.username},
            )
            for user in self.accounts
        ]
        return AccountForm(*args, accounts=labels)

    @cached_property
    def accounts(self) -> list[User]:
        return accounts_for(self.person)


class PersonAccount(PersonPage):
    """POST /officers/people/<uuid>/account/: tie an account, or with `untie` let it go."""

    def get(self, request: HttpRequest, **_kwargs: Any) -> HttpResponse:
        return redirect("officers:person", self.person.uuid)

    def post(self, request: HttpRequest, **_kwargs: Any) -> HttpResponse:
        person = self.person
        # Tying an account gives rights (services.give_rights): only the bureau does that.
        if not self.manages:
            raise PermissionRefused
        version = posted_version(request)
        try:
            if "untie" in request.POST:
                services.untie_account(person, by=request.user, version=version)
                messages.success(request, _("已解除%(person)s的账号关联。") % {"person": person})
                return redirect("officers:person", person.uuid)
            return self.tie(person, version)
        except StaleVersion as refusal:
            return self.page(refusal.status, refusal=stale_words(person))

    def tie(self, person: Person, version: int) -> HttpResponse:
        form = self.account_form(self.request.POST)
        if not form.is_valid():
            return self.page(422, account=form, sent_back=form)
        user = next(row for row in self.accounts if row.username == form.cleaned_data["account"])
        services.tie_account(person, user, by=self.request.user, version=version)
        words = {"person": person, "user": user.username}
        messages.success(self.request, _("已把账号%(user)s关联到%(person)s。") % words)
        return redirect("officers:person", person.uuid)


class PersonEdit(PersonView):
    """/officers/people/<uuid>/edit/"""

    def get(self, request: HttpRequest, **_kwargs: Any) -> HttpResponse:
        self.require()
        return self.show(self.form())

    def post(self, request: HttpRequest, **_kwargs: Any) -> HttpResponse:
        self.require()
        form, person = self.form(request.POST), self.person
        if not form.is_valid():
            return self.show(form, 422)
        try:
            services.mend_person(
                person, by=request.user, version=posted_version(request), **form.values()
            )
        except ValidationError as error:
            add_errors(form, error)
            return self.show(form, 422)
        except StaleVersion as refusal:
            return self.show(form, refusal.status, stale_words(person))
        except Refused as refusal:
            return self.show(form, refusal.status, str(refusal))
        messages.success(request, _("已更正%(person)s的信息。") % {"person": person})
        return redirect("officers:person", person.uuid)

    def require(self) -> None:
        if not may_report(self.request.user, self.person.unit):
            raise PermissionRefused

    def form(self, *args: Any) -> PersonForm:
        """Only the bureau moves somebody to another unit."""
        units = Unit.objects.visible_to(self.request.user) if self.manages else None
        return PersonForm(*args, person=self.person, by=self.request.user, units=units)

    def show(self, form: Form, status: int = 200, refusal: str = "") -> HttpResponse:
        unit = form.fields.get("unit")
        context = {
            "person": self.person,
            "form": form,
            "refusal": refusal,
            "units": unit.options() if unit else [],  # type: ignore[attr-defined]
        }
        return render(self.request, "officers/person_edit.html", context, status=status)


def _steps(row: Appointment) -> list[dict[str, Any]]:
    filings = [each for each in row.filings.all() if each.is_live]
    filing = next((each for each in filings if each.kind == FilingKind.APPOINTMENT), None)
    return steps(row, ruling_for(row.unit, row.post, row.since or clock.today()), filing)
