"""Endpoint of people."""

from rest_framework.request import Request
from rest_framework.response import Response

from ... import services
from ...filters import PersonFilter
from ...models import Person
from ..inputs import PersonInput, PersonMendInput
from ..serializers import PersonSerializer
from .bases import RegisterViewSet, needing_read


class PersonViewSet(RegisterViewSet):
    """人员: whoever holds or held a post, with masked contacts."""

    queryset = Person.objects.all()
    serializer_class = PersonSerializer
    filterset_class = PersonFilter
    permission_map = needing_read("create", "partial_update")
    inputs = {"create": PersonInput, "partial_update": PersonMendInput}
    lookup_field = "uuid"
    ordering_fields = {
        "id": "uuid",
        "name": "pinyin",
        "unit": "unit__code",
        "level": "level",
        "updated_at": "updated_at",
    }
    ordering = ("pinyin",)

    def create(self, request: Request) -> Response:
        """登记人员。手机和邮箱加密保存，答复里只有掩码；已登记在别人名下的答复422。"""
        given = self.given()
        self.require_reporting(given["unit"])
        return self.answer(services.register_person(by=request.user, **given))

    def partial_update(self, request: Request, **_kwargs: str) -> Response:
        """更正人员信息，只写要改的。已作的任命里写的职务不变。"""
        row = self.get_object()
        self.require_reporting(row.unit)
        version, given = self.version, self.given()
        self.require_reporting(given.get("unit", row.unit))
        return self.answer(services.mend_person(row, by=request.user, version=version, **given))
