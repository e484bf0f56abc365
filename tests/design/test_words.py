"""How days, rates, lights and list addresses are said."""

from datetime import date

import pytest
from django import forms
from django.http import QueryDict

from core import listing, words
from core.forms import Form
from duties.choices import Light

TODAY = date(2022, 4, 20)


@pytest.mark.parametrize(
    ("day", "said"),
    [
        (date(2022, 4, 22), "还剩2天"),
        (TODAY, "今天截止"),
        (date(2022, 4, 17), "逾期3天"),
    ],
)
def test_relation(day: date, said: str) -> None:
    assert words.relation(day, TODAY) == said


def test_near_days_carry_their_weekday() -> None:
    assert words.day_with_weekday(date(2022, 4, 24), TODAY) == "2022-04-24（周日）"
    assert words.day_with_weekday(date(2022, 5, 30), TODAY) == "2022-05-30"


def test_every_light_has_a_sign_of_its_own() -> None:
    assert set(words.LIGHTS) == set(Light.values)
    assert [words.sign(light).word for light in Light] == [light.label for light in Light]
    assert len({sign.letter for sign in words.LIGHTS.values()}) == len(words.LIGHTS)


def test_an_unknown_light_is_a_fault() -> None:
    with pytest.raises(KeyError):
        words.sign("purple")


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        ("13812342201", "138****2201"),
        ("+86 138 1234 2201", "138****2201"),
        ("0755-12345678", "0755-12345678"),
        ("", ""),
        (None, ""),
    ],
)
def test_only_mobiles_are_masked(number: str | None, shown: str) -> None:
    assert words.masked_phone(number) == shown


def test_percent() -> None:
    assert words.percent_of(61, 64) == "95.3%"
    assert words.percent_of(0, 0) == "—"


def test_page_links_keep_the_ends_and_the_middle() -> None:
    links = listing.page_links(QueryDict("unit=gaj&page=7"), 7, 20)
    assert [link.number for link in links] == [1, 2, 0, 6, 7, 8, 0, 19, 20]
    assert links[0].query == "?unit=gaj&page=1"
    assert listing.page_links(QueryDict(), 1, 1) == []


def test_sorting_turns_round_and_goes_to_page_one() -> None:
    first = listing.sort_link(QueryDict("page=3"), "due_on", "ordering")
    assert (first.query, first.direction) == ("?ordering=due_on", "")
    again = listing.sort_link(QueryDict("ordering=due_on"), "due_on", "ordering")
    assert (again.query, again.direction) == ("?ordering=-due_on", "ascending")


class Filters(Form):
    unit = forms.ChoiceField(
        label="单位", choices=[("", "全部"), ("gaj", "市公安局")], required=False
    )
    kinds = forms.MultipleChoiceField(
        label="类型", choices=[("a", "甲类"), ("b", "乙类")], required=False
    )
    late = forms.BooleanField(label="只看异常", required=False)


def test_chips_name_each_filter_and_drop_only_it() -> None:
    query = QueryDict("unit=gaj&kinds=a&kinds=b&late=on&page=2&programme=x")
    chips = listing.applied(Filters(query), query, ["programme"])
    assert [(chip.label, chip.value) for chip in chips] == [
        ("单位", "市公安局"),
        ("类型", "甲类"),
        ("类型", "乙类"),
        ("", "只看异常"),
    ]
    assert chips[0].query == "?kinds=a&kinds=b&late=on&programme=x"
    assert chips[1].query == "?unit=gaj&kinds=b&late=on&programme=x"


def test_clearing_keeps_the_programme() -> None:
    query = QueryDict("unit=gaj&programme=a%26b&page=2")
    assert listing.cleared(query, ["programme", "on"]) == "?programme=a%26b"


def test_an_empty_filter_gives_no_chip() -> None:
    query = QueryDict("unit=&q=")
    assert listing.applied(Filters(query), query) == []


def test_errors_name_the_field() -> None:
    class Sample(Form):
        title = forms.CharField(label="任务名称")
        kind = forms.ChoiceField(label="类型", choices=[("a", "甲类")])
        own = forms.CharField(label="来源", error_messages={"required": "写明来源"})

    errors = Sample({"kind": "z"}).errors
    assert errors["title"] == ["填写“任务名称”"]
    assert errors["kind"] == ["“类型”不在可选范围内，重新选择"]
    assert errors["own"] == ["写明来源"]
