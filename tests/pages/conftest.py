"""Pages over several apps: a guard against undefined template variables, and larger cities."""

from collections.abc import Iterator

import pytest
from django.db import connection
from django.template import engines
from django.test.utils import CaptureQueriesContext

from duties.services import sync_assignments
from tests.factories.pilots import EnrolmentFactory, MembershipFactory, UnitFactory


class Undefined(str):
    """Stands for `string_if_invalid`: writing a variable that nobody gave fails the test."""

    __slots__ = ()

    def __contains__(self, text: object) -> bool:
        return text == "%s" or super().__contains__(str(text))

    def __mod__(self, name: object) -> str:
        raise AssertionError(f"The template writes {name}, which the view does not give.")

    def __bool__(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def _no_undefined_variable() -> Iterator[None]:
    engine = engines["django"].engine
    before, engine.string_if_invalid = engine.string_if_invalid, Undefined("%s")
    yield
    engine.string_if_invalid = before


@pytest.fixture
def rows_behind():
    """`rows_behind(client, address)`: how many rows the list at an address has. The list is another
    app's page and has tests of its own, so the guard above looks away."""
    engine = engines["django"].engine

    def counted(client, address: str) -> int:
        guard, engine.string_if_invalid = engine.string_if_invalid, ""
        try:
            answer = client.get(address)
        finally:
            engine.string_if_invalid = guard
        # A list has pages; the units of a period stand on one.
        pages = answer.context.get("page_obj")
        return pages.paginator.count if pages else len(answer.context["lines"])

    return counted


@pytest.fixture
def grow(city):
    """`grow(50)`: departments join the programme, each with a data officer and its tasks."""

    def grown(count: int) -> None:
        for _number in range(count):
            unit = UnitFactory()
            EnrolmentFactory(programme=city.programme, unit=unit)
            MembershipFactory(unit=unit)
        sync_assignments(city.programme, by=None)

    return grown


@pytest.fixture
def cost():
    """`cost(client, path)`: how many queries a page takes, and its size in bytes."""

    def measured(client, path: str) -> tuple[int, int]:
        client.get(path)  # the first click of a session writes it
        with CaptureQueriesContext(connection) as queries:
            answer = client.get(path)
        assert answer.status_code == 200
        return len(queries), len(answer.content)

    return measured
