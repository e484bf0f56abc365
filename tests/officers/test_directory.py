"""公开名录: closed until a bureau opens it; then five facts and nothing else, for anybody."""

import re
from datetime import date

import pytest
from django.core.exceptions import ValidationError

from core.errors import MoveNotAllowed, StaleVersion
from core.models import AuditEntry, SiteState
from officers import services
from officers.models import Appointment, PublicDirectory
from officers.queries.directory import published
from pilots.services import rename_unit
from tests.factories.officers import AppointmentFactory, PersonFactory

pytestmark = pytest.mark.django_db
TODAY, SEPTEMBER = date(2022, 4, 15), date(2021, 9, 16)
SETTINGS = "/officers/settings/directory/"


@pytest.fixture
def holder(register) -> Appointment:
    unit = register.city.department
    person = PersonFactory(
        unit=unit, name="陈演示", office_phone="0755-88001234", mobile="13900001234", email="c@x.cn"
    )
    paper = services.Paper(number="深公〔2021〕12号", signed_on=SEPTEMBER)
    return register.appoint(unit, SEPTEMBER, person=person, paper=paper)


@pytest.fixture
def opened(city, officer) -> PublicDirectory:
    return services.open_directory(city.programme, basis="领导小组会议纪要", by=officer)


def page_of(city) -> str:
    return f"/directory/{city.programme.code}/"


def without_the_asked(answer) -> str:
    """The page without what differs with every request."""
    return re.sub(r"[0-9A-F]{12}|/directory/[^\s<\"]*", "", answer.content.decode())


def test_closed_looks_like_unknown(city, holder, client, officer, browse):
    closed, unknown = client.get(page_of(city)), client.get("/directory/nowhere-2021/")
    assert (closed.status_code, unknown.status_code) == (404, 404)
    assert without_the_asked(closed) == without_the_asked(unknown)
    assert browse(officer).get(page_of(city)).status_code == 404


def test_open_it_shows_five_facts_to_anybody_and_nothing_else(city, holder, opened, client):
    answer = client.get(page_of(city))
    page = answer.content.decode()
    assert answer.status_code == 200
    for fact in (
        holder.unit.full_name, "陈演示", "副局长", "深公〔2021〕12号", "2021-09-16", "共1名",
    ):  # fmt: skip
        assert fact in page
    row = re.search(r"<tbody>(.*)</tbody>", page, re.S).group(1)
    assert row.count("<td") == 4
    for secret in ("0755", "1390000", "c@x.cn", holder.number, opened.basis, "登录"):
        assert secret not in page


def test_any_cache_may_keep_it_for_five_minutes_and_no_cookie_is_set(city, opened, client):
    answer = client.get(page_of(city))
    assert answer["Cache-Control"] == "public, max-age=300"
    assert not answer.cookies


def test_it_is_the_same_page_whoever_reads_it_and_whatever_day_is_asked(
    city, holder, opened, officer, client, browse
):
    officer.language = "en"
    officer.save()
    plain = client.get(page_of(city)).content
    assert browse(officer).get(page_of(city)).content == plain
    assert client.get(f"{page_of(city)}?on=2021-01-01").content == plain


def test_whoever_left_or_stands_in_is_not_in_it(register, holder, opened, client):
    city = register.city
    register.appoint(city.district, SEPTEMBER, kind="acting")
    register.appoint(city.government, SEPTEMBER, ends_on=date(2022, 4, 14))
    AppointmentFactory(unit=city.bureau, post=register.cdo)  # a bureau is no pilot
    found = published(city.programme.code, TODAY)
    assert [entry.unit for entry in found.entries] == [holder.unit.full_name]


def test_an_unknown_first_day_is_said_as_known_not_later_than(register, opened, client):
    register.appoint(register.city.district, None, known_on=date(2022, 1, 5))
    page = client.get(page_of(register.city)).content.decode()
    assert "不晚于2022-01-05" in page


def test_the_names_are_those_of_today(register, city, holder, opened, officer, client):
    rename_unit(
        city.department, full_name="新名局", short_name="新名局", on=date(2022, 4, 1), by=officer
    )
    assert "新名局" in client.get(page_of(city)).content.decode()


def test_an_empty_directory_says_so_and_a_demonstration_is_marked(city, opened, client):
    SiteState.objects.update_or_create(defaults={"is_demo": True})
    page = client.get(page_of(city)).content.decode()
    assert "还没有登记在任的首席数据官" in page
    assert "演示数据" in page


def test_the_whole_page_takes_few_queries(
    register, city, holder, opened, client, django_assert_max_num_queries
):
    client.get(page_of(city))
    with django_assert_max_num_queries(6):
        client.get(page_of(city))


# --- the switch ----------------------------------------------------------------------------------


def test_the_switch_asks_for_a_basis_and_is_on_the_record(city, officer, browse, client):
    desk = browse(officer)
    page = desk.get("/officers/settings/").content.decode()
    assert "没有公开。" in page
    answer = desk.post(SETTINGS, {"version": "0", "open": "1", "basis": ""})
    assert answer.status_code == 422
    assert "填写“公开的依据”" in answer.content.decode()
    desk.post(SETTINGS, {"version": "0", "open": "1", "basis": "领导小组会议纪要"})
    assert client.get(page_of(city)).status_code == 200
    page = desk.get("/officers/settings/").content.decode()
    assert "领导小组会议纪要" in page
    assert f"http://testserver{page_of(city)}" in page
    entry = AuditEntry.objects.get(verb="directory.open")
    assert entry.subject == f"publicdirectory:{city.programme.code}"
    assert entry.after == {"is_open": True, "basis": "领导小组会议纪要"}
    desk.post(SETTINGS, {"version": "1", "close": "1", "basis": "人员调整"})
    assert client.get(page_of(city)).status_code == 404
    assert "人员调整" in desk.get("/officers/settings/").content.decode()


def test_the_second_of_two_reads_who_was_quicker(city, opened, officer, browse):
    answer = browse(officer).post(SETTINGS, {"version": "0", "open": "1", "basis": "纪要"})
    assert answer.status_code == 409
    page = answer.content.decode()
    assert f"{officer.audit_label}在" in page
    assert "已公开名录，无须再办" in page
    answer = browse(officer).post(SETTINGS, {"version": "9", "close": "1", "basis": "纪要"})
    assert answer.status_code == 412


def test_what_the_services_refuse(city, officer):
    with pytest.raises(ValidationError, match="写明公开的依据"):
        services.open_directory(city.programme, basis=" ", by=officer)
    with pytest.raises(ValidationError, match="停止公开的原因"):
        services.close_directory(city.programme, basis="", by=officer)
    with pytest.raises(MoveNotAllowed, match="还没有公开过"):
        services.close_directory(city.programme, basis="无", by=officer)
    services.open_directory(city.programme, basis="纪要", by=officer)
    with pytest.raises(StaleVersion):
        services.close_directory(city.programme, basis="无", by=officer, version=7)


def test_nobody_but_the_bureau_switches(city, cast, browse):
    data = {"version": "0", "open": "1", "basis": "纪要"}
    for name, user in cast.items():
        if name not in {"officer", "foreigner"}:
            assert browse(user).post(SETTINGS, data).status_code == 403, name
    asked = f"{SETTINGS}?programme={city.programme.code}"
    assert browse(cast["foreigner"]).post(asked, data).status_code == 404
    assert not PublicDirectory.objects.filter(programme=city.programme, is_open=True).exists()


# --- the file ------------------------------------------------------------------------------------


def test_the_file_needs_nothing_but_itself(city, holder, opened, officer, browse):
    answer = browse(officer).get(f"{page_of(city)}export.html")
    page = answer.content.decode()
    assert "attachment" in answer["Content-Disposition"]
    assert "陈演示" in page
    assert "--paper" in page
    outside = re.findall(r"""(?:src|href)=["'](?!#)([^"']*)|url\(([^)]*)\)|@import""", page)
    assert outside == []


def test_the_file_is_the_bureaus_and_only_of_what_is_open(city, holder, cast, officer, browse):
    address = f"{page_of(city)}export.html"
    assert browse(officer).get(address).status_code == 404
    services.open_directory(city.programme, basis="纪要", by=officer)
    got = {name: browse(user).get(address).status_code for name, user in cast.items()}
    assert {name for name, status in got.items() if status == 200} == {"officer"}
    assert got["foreigner"] == 404
