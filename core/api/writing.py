"""Writing: what every endpoint that changes something has in common (house.md §4.7)."""

from typing import Any, ClassVar

from django.http import Http404
from django.utils.translation import gettext as _
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import ValidationError

from ..idempotency import IdempotentMixin
from .inputs import InputSerializer
from .lists import bad_parameter
from .reading import ReadViewSet, ResourceSerializer


class WriteViewSet(IdempotentMixin, ReadViewSet):
    """A reading endpoint that also takes changes.

    A POST needs an Idempotency-Key, a change of a row its If-Match. Actions are declared in
    `permission_map` as ever, their content in `inputs`; those in `creating` answer 201 with
    Location, those in `unversioned` need no If-Match, those in `answers` answer with another
    serializer. An action is three lines: check the right to the row, call the service, `answer`.
    """

    inputs: ClassVar[dict[str, type[InputSerializer]]] = {}
    answers: ClassVar[dict[str, type[ResourceSerializer]]] = {}
    creating: ClassVar[frozenset[str]] = frozenset({"create"})
    unversioned: ClassVar[frozenset[str]] = frozenset({"create"})

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if request.method not in SAFE_METHODS:
            if (
                "\x00" in request.path
            ):  # the address is kept with the key; PostgreSQL has no such text
                raise Http404
            for name in request.query_params:
                raise bad_parameter(name, _("写请求的地址不带参数，内容放进JSON。"))

    def given(self) -> dict[str, Any]:
        """The clean content of the request; raises ValidationError (422) by field."""
        changes = self.action == "partial_update"
        context = self.get_serializer_context()
        taken = self.inputs[self.action](data=self.request.data, partial=changes, context=context)
        taken.is_valid(raise_exception=True)
        if changes and not taken.validated_data:
            raise ValidationError({"": [_("没有要修改的内容。")]})
        return dict(taken.validated_data)

    @property
    def version(self) -> int:
        """What If-Match says; raises VersionMissing (428)."""
        return self.required_version(self.request)

    def answer(self, row: Any) -> Response:
        """The changed row as the caller sees it now; 204 where that is no longer: the change may
        have ended his or her own rights."""
        serializer: Any = self.answers.get(str(self.action), self.serializer_class)
        rows = self.seen(type(row).objects.filter(pk=row.pk))
        fresh = serializer.prepare(rows, user=self.request.user, on=self.on).first()
        if fresh is None:
            return Response(status=204)
        data = serializer(fresh, context=self.get_serializer_context()).data
        created = self.action in self.creating
        headers = {"ETag": fresh.etag} if hasattr(fresh, "etag") else {}
        headers |= {"Location": data["url"]} if created else {}
        return Response(data, status=201 if created else 200, headers=headers)
