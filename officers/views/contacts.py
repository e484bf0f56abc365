"""查看联系方式: the plain numbers of a list, once, for a purpose, entered in the record."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.generic import View

from accounts.roles import Permission
from core.views import RefusalMixin

from .. import services
from ..forms.register import RevealForm
from ..models import Person
from ..queries.contacts import revealable

MOST = 500  # people of one list


class ContactsView(RefusalMixin, View):
    """POST /officers/contacts/ with `people` (uuids) and `purpose`. The answer is the page itself,
    never an address: nothing of it is kept, by us or by the browser."""

    required_permission = Permission.REVEAL_CONTACTS

    def get(self, request: HttpRequest) -> HttpResponse:
        return redirect("officers:appointment-list")

    def post(self, request: HttpRequest) -> HttpResponse:
        people = self.people()
        if not people:
            raise Http404
        mine = revealable(request.user, people)
        form = RevealForm(request.POST)
        context: dict[str, Any] = {"people": people, "form": form, "contacts": None}
        if not form.is_valid():
            return self.answer(context, 422)
        others = [row for row in people if row not in mine]
        contacts = []
        if mine:
            purpose = form.cleaned_data["purpose"]
            contacts = services.reveal_contacts(mine, by=request.user, purpose=purpose)
        return self.answer({**context, "contacts": contacts, "others": others})

    def people(self) -> list[Person]:
        asked = list(dict.fromkeys(self.request.POST.getlist("people")))[:MOST]
        rows = Person.objects.visible_to(self.request.user).select_related("unit")
        found = rows.filter(uuid__in=filter(_is_uuid, asked)).prefetch_related("unit__names")
        return sorted(found, key=lambda row: asked.index(str(row.uuid)))

    def answer(self, context: dict[str, Any], status: int = 200) -> HttpResponse:
        response = render(self.request, "officers/contacts.html", context, status=status)
        response["Cache-Control"] = "no-store"
        return response


def _is_uuid(text: str) -> bool:
    try:
        return str(UUID(text)) == text
    except ValueError:
        return False
