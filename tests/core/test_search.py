"""Search in Chinese names: one character, two, many, and pinyin initials, by an index."""

import pytest
from django.db import connection

from core import search
from pilots.models import Unit, UnitName
from tests.factories.pilots import UnitFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def education():
    unit = UnitFactory(name="市教育局")
    UnitFactory(name="市公安局")
    return unit


@pytest.mark.parametrize("text", ["教", "教育", "教育局", "市教育局", "sjyj", "JYJ", " 教 育 "])
def test_a_unit_is_found_by_part_of_its_name_and_by_initials(education, text):
    assert list(Unit.rows.searched(text)) == [education]


@pytest.mark.parametrize(
    "text", ["", "  ", "\\", "育教", "教'; DROP TABLE x", "' & '", "%", "_", "教%局"]
)
def test_other_texts_find_nothing_and_break_nothing(education, text):
    assert list(Unit.rows.searched(text)) == []


def test_tokens_are_pairs_or_the_single_character():
    assert search.tokens("教育局") == ["教育", "育局"]
    assert search.tokens("教") == ["教"]
    assert search.tokens("教教教") == ["教教"]


def test_pinyin_is_a_sort_key_and_initials_are_short():
    assert search.pinyin("市教育局") == "shi jiao yu ju"
    assert search.initials("市教育局CDO") == "sjyjc"


def test_two_characters_use_the_index():
    unit = Unit.rows.create(code="440300-old", kind="other")
    UnitName.objects.bulk_create(
        UnitName(
            unit=unit,
            full_name=f"第{year}任名称",
            short_name=f"名称{year}",
            starts_on=f"{year}-01-01",
            ends_on=f"{year}-12-31",
        )
        for year in range(1000, 2500)
    )
    condition = search.matching("教育", vector="vector", columns=("full_name",))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE pilots_unitname")
        # On a table of this size a plain scan is cheaper; the question is whether the index serves.
        cursor.execute("SET LOCAL enable_seqscan = off")
        assert "unit_name_bigrams" in UnitName.objects.filter(condition).order_by().explain()
