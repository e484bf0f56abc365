"""No list compares whole rows before it shows the first of them."""

import django_filters
from django.urls import get_resolver

from core.filters import ChoicesFilter


def _sets(of=django_filters.FilterSet):
    for kind in of.__subclasses__():
        yield kind
        yield from _sets(kind)


def test_no_filter_of_any_list_asks_for_distinct_rows():
    get_resolver().url_patterns  # noqa: B018 - every page and endpoint with its filters is known now
    sets = [kind for kind in _sets() if not kind.__module__.startswith("django_filters")]
    asking = {
        f"{kind.__module__}.{kind.__name__}.{name}"
        for kind in sets
        for name, one in kind.base_filters.items()
        if one.distinct
    }
    assert len(sets) > 30
    assert asking == set()


def test_the_librarys_own_would():
    """The control."""
    assert django_filters.MultipleChoiceFilter().distinct
    assert not ChoicesFilter().distinct
