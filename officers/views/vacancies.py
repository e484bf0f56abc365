"""空缺: the posts of a programme that nobody holds, since when, and how long that is allowed."""

from datetime import date
from functools import cached_property
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.generic import View

from accounts.roles import Permission
from core import clock
from pilots.current import current_programme, programmes_of
from pilots.models import Programme

from ..models.posts import CDO
from ..queries.allowed import may_report
from ..queries.seats import Seat, vacancies


class VacancyList(View):
    """/officers/vacancies/?programme=&post=&on="""

    required_permission = Permission.READ_OFFICERS
    request: HttpRequest

    def get(self, request: HttpRequest) -> HttpResponse:
        if self.programme is None:
            raise Http404
        seats = vacancies(
            self.programme, user=request.user, on=self.on, post=request.GET.get("post", CDO) or None
        )
        context = {
            "programme": self.programme,
            "programmes": programmes_of(request),
            "rows": [self.row(seat) for seat in seats],
            "stood_in": sum(1 for seat in seats if seat.stand_in is not None),
            "other_day": self.on if self.on != clock.today() else None,
        }
        return render(request, "officers/vacancies.html", context)

    @cached_property
    def programme(self) -> Programme | None:
        return current_programme(self.request)

    @cached_property
    def on(self) -> date:
        return clock.read_day(self.request.GET.get("on", "")) or clock.today()

    def row(self, seat: Seat) -> dict[str, Any]:
        """The seat, and where the reader enters who takes it; '' for who may not."""
        query = urlencode({"unit": seat.unit.code, "post": seat.post.code})
        may = self.on == clock.today() and may_report(self.request.user, seat.unit)
        here = reverse("officers:appointment-new")
        return {"seat": seat, "url": f"{here}?{query}" if may else ""}
