"""Addresses of two small viewsets over rows of core, on which the API's bases are tried."""

import threading

from django.core.exceptions import ValidationError as ModelError
from django.urls import include, path
from rest_framework import exceptions, routers, serializers, viewsets
from rest_framework.decorators import action
from rest_framework.response import Response

from accounts.models import User
from accounts.roles import LOGGED_IN
from cdo_portal.urls import urlpatterns as portal
from core import clock
from core.api import ReadViewSet, ResourceSerializer
from core.api.versions import VersionedMixin
from core.errors import MoveNotAllowed
from core.idempotency import IdempotentMixin
from core.models import Heartbeat
from pilots import services as pilots
from pilots.models import Programme

# A test sets `meet` to a barrier or event that the work waits for, in the middle of its work.
meet: list[threading.Event] = []
works: list[str] = []


class HeartbeatSerializer(serializers.Serializer):
    name = serializers.CharField(max_length=10)
    at = serializers.DateTimeField(read_only=True)


class HeartbeatViewSet(IdempotentMixin, viewsets.ViewSet):
    """Writes a row; fails in the ways that `name` asks for."""

    permission_map = {"create": LOGGED_IN, "again": LOGGED_IN}

    def create(self, request):
        given = HeartbeatSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        name = given.validated_data["name"]
        works.append(name)
        row = Heartbeat.objects.create(name=name, at=clock.now())
        for event in meet:
            event.wait(5)
        self._fail(name)
        headers = {"Location": f"/heartbeats/{name}/", "ETag": '"1"', "X-Other": "1"}
        return Response(HeartbeatSerializer(row).data, status=201, headers=headers)

    def _fail(self, name):
        if name == "crash":
            raise RuntimeError("the power went")
        if name == "refused":
            raise MoveNotAllowed
        if name == "invalid":
            raise ModelError({"name": ["名称有误"]})
        if name == "plain":
            raise exceptions.APIException("brew failed")

    @action(detail=False, methods=["post"])
    def again(self, request):
        Heartbeat.objects.create(name=f"again-{len(works)}", at=clock.now())
        works.append("again")
        return Response({"done": True})


class ProgrammeWriting(VersionedMixin, viewsets.GenericViewSet):
    """Closes a programme, as a write endpoint of the portal would: service, version, answer."""

    queryset = Programme.rows.all()
    lookup_field = "code"
    permission_map = {"close": LOGGED_IN, "retrieve": LOGGED_IN}

    class serializer_class(serializers.Serializer):  # noqa: N801 - DRF's name for it
        phase = serializers.CharField()

    def retrieve(self, request, code=None):
        return self.respond(self.get_object())

    @action(detail=True, methods=["post"])
    def close(self, request, code=None):
        version = self.required_version(request)
        row = pilots.close_programme(
            self.get_object(), on=clock.today(), by=request.user, version=version
        )
        return self.respond(row)


class UserSerializer(ResourceSerializer):
    resource = "user"
    id = serializers.CharField(source="username")


class NothingDeclared(ReadViewSet):
    """A viewset whose author forgot to say who may read it."""

    queryset = User.objects.all()
    serializer_class = UserSerializer


router = routers.SimpleRouter()
router.register("heartbeats", HeartbeatViewSet, basename="heartbeat")
router.register("writing", ProgrammeWriting, basename="writing")
router.register("undeclared", NothingDeclared, basename="undeclared")
urlpatterns = [path("api/try/", include(router.urls)), *portal]
