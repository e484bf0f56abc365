"""The limit: a one-file Django and DRF application without middleware, on ten plain columns.

Each scenario is the least that could do the same kind of work, so «ours / limit» says what our
scope, filters, templates and lights cost.
"""

import os

import django
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler

from cdo_portal.settings.environment import database

settings.configure(
    SECRET_KEY="limit",  # noqa: S106 - it signs nothing
    ALLOWED_HOSTS=["*"],
    ROOT_URLCONF=__name__,
    INSTALLED_APPS=["rest_framework"],
    DATABASES={"default": database(os.environ["DATABASE_URL"], application="limit")},
    TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates"}],
    USE_TZ=True,
    REST_FRAMEWORK={"UNAUTHENTICATED_USER": None},
)
django.setup()

from django.db import connection, models  # noqa: E402 - only after setup()
from django.http import HttpResponse  # noqa: E402 - only after setup()
from django.template import Context, Engine  # noqa: E402 - only after setup()
from django.urls import path  # noqa: E402 - only after setup()
from rest_framework import authentication, generics, pagination, serializers  # noqa: E402


class Row(models.Model):
    """Ten plain columns, filled from the world's assignments by world.py."""

    number = models.TextField()
    title = models.TextField()
    unit = models.TextField()
    unit_code = models.TextField()
    programme = models.TextField(db_index=True)
    status = models.TextField()
    quantity = models.IntegerField()
    due_on = models.DateField(null=True)
    latest_on = models.DateField(null=True)
    updated_at = models.DateTimeField()

    class Meta:
        app_label = "limit"
        db_table = "bench_limit_row"
        managed = False

    def __str__(self):
        return self.number


class Token(models.Model):
    """One row, asked once a request, as any token authentication does."""

    digest = models.TextField(primary_key=True)

    class Meta:
        app_label = "limit"
        db_table = "bench_limit_token"
        managed = False

    def __str__(self):
        return self.digest


class Bearer(authentication.BaseAuthentication):
    def authenticate(self, request):
        return Token.objects.get(pk=request.headers["Authorization"][7:]), None


class RowSerializer(serializers.ModelSerializer):
    class Meta:
        model = Row
        fields = "__all__"


class Pages(pagination.PageNumberPagination):
    page_size = 50


class RowList(generics.ListAPIView):
    authentication_classes = (Bearer,)
    serializer_class = RowSerializer
    pagination_class = Pages

    def get_queryset(self):
        rows = Row.objects.filter(programme=self.request.GET["programme"]).order_by("id")
        if text := self.request.GET.get("q"):
            rows = rows.filter(unit__icontains=text)
        if status := self.request.GET.get("status"):
            rows = rows.filter(status=status)
        return rows


class RowDetail(generics.RetrieveAPIView):
    authentication_classes = (Bearer,)
    serializer_class = RowSerializer
    queryset = Row.objects.all()
    lookup_field = "number"


PAGE = Engine().from_string(
    "<!doctype html><title>list</title><table>{% for row in rows %}<tr><td>{{ row.number }}</td>"
    "<td>{{ row.title }}</td><td>{{ row.unit }}</td><td>{{ row.status }}</td>"
    "<td>{{ row.quantity }}</td><td>{{ row.due_on }}</td><td>{{ row.latest_on }}</td>"
    "<td>{{ row.updated_at }}</td></tr>{% endfor %}</table>"
)
GROUPED = """
SELECT unit, status, count(*), sum(quantity), min(due_on) FROM bench_limit_row
WHERE programme = %s GROUP BY unit, status
"""


def page(request):
    rows = Row.objects.filter(programme=request.GET["programme"]).order_by("id")[:50]
    return HttpResponse(PAGE.render(Context({"rows": rows})))


def overview(request):
    """Two GROUP BYs and a table of what they give: the least an overview can be."""
    with connection.cursor() as cursor:
        cursor.execute(GROUPED, [request.GET["programme"]])
        first = cursor.fetchall()
        cursor.execute(GROUPED, [request.GET["programme"]])
        cells = first + cursor.fetchall()
    rows = "".join(f"<tr>{''.join(f'<td>{value}</td>' for value in row)}</tr>" for row in cells)
    return HttpResponse(f"<!doctype html><title>overview</title><table>{rows}</table>")


urlpatterns = [
    path("rows/", RowList.as_view()),
    path("rows/<number>/", RowDetail.as_view()),
    path("page/", page),
    path("overview/", overview),
]
application = WSGIHandler()
