"""单位账号: units × accounts, opening in bulk, the slips, and what may be done to accounts."""

import re

import pytest

from accounts.models import User
from core.models import AuditEntry, IdempotencyKey
from pilots.models import Membership
from tests.factories.pilots import (
    EnrolmentFactory,
    MembershipFactory,
    ProgrammeFactory,
    UnitFactory,
)

COLUMNS = ("unit", "role", "display_name", "username", "email")


@pytest.fixture
def desk(browse, officer):
    return browse(officer)


def table(*rows, once="k-1", **extra):
    """Form data of the table of people."""
    data = {"form-TOTAL_FORMS": len(rows), "form-INITIAL_FORMS": 0, "once": once, **extra}
    for place, row in enumerate(rows):
        values = [*row, *[""] * len(COLUMNS)]
        data |= {f"form-{place}-{name}": values[i] for i, name in enumerate(COLUMNS)}
    return data


def text_of(response):
    return response.content.decode()


# --- the list ------------------------------------------------------------------------------------


def test_units_in_the_documents_order_with_their_accounts(city, desk, data_officer, unit_cdo):
    slot = UnitFactory(is_slot=True, name="待补名01")
    EnrolmentFactory(programme=city.programme, unit=slot, position=7)
    page = text_of(desk.get("/members/"))
    order = [page.index(u.short_name) for u in (city.government, city.department, city.district)]
    assert order == sorted(order)
    assert "待补名01" not in page
    assert city.bureau.short_name not in page.split("<main")[1].split("</table>")[0]
    for user in (data_officer, unit_cdo):
        assert user.username in page
    assert page.count('name="pick"') == 2
    assert "共3项" in page


def test_the_list_says_what_is_special_about_an_account(city, desk, data_officer, officer):
    MembershipFactory(unit=city.district, user__must_change_password=True)
    MembershipFactory(unit=city.district, user__is_active=False, ends_on="2022-12-31")
    gone = MembershipFactory(unit=city.district, user__username="gone")
    gone.revoked_at, gone.revoked_by = data_officer.created_at, officer
    gone.save()
    page = text_of(desk.get("/members/"))
    for text in ("未改初始密码", "已停用", "至2022-12-31"):
        assert text in page
    assert "gone" not in page


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("missing=any", 3),
        ("missing=unit_cdo", 3),
        ("missing=data_officer", 2),
        ("kind=city_government", 1),
        ("q=gaj", 1),
        ("q=data_officer人员", 1),
        ("q=没有", 0),
    ],
)
def test_the_list_is_filtered(city, desk, data_officer, query, count):
    page = text_of(desk.get(f"/members/?{query}"))
    assert f"共{count}项" in page


def test_a_programme_of_nameless_units_says_what_to_do_first(city, desk, officer):
    other = ProgrammeFactory()
    EnrolmentFactory(programme=other, unit=city.bureau, part="bureau")
    page = text_of(desk.get(f"/members/?programme={other.code}"))
    assert "这个方案还没有已知名称的试点单位" in page
    assert "方案：" in page  # the switch: this clerk sees two


def test_somebody_without_a_programme_finds_nothing(browse, db):
    user = MembershipFactory(role="bureau_officer").user
    assert browse(user).get("/members/").status_code == 404


# --- opening -------------------------------------------------------------------------------------


def test_one_account_from_the_list(city, desk):
    page = text_of(desk.get(f"/members/open/?unit={city.department.code}&role=unit_cdo"))
    assert f'value="{city.department.code}"' in page
    assert 'value="unit_cdo" selected' in page


def test_pasted_lines_fill_the_table_and_open_nothing(city, desk):
    lines = (
        f"{city.department.short_name}\t经办人\t李明\tliming\tli@example.org\n"
        f"\n{city.district.full_name}，首席数据官，陈静\n"
    )
    page = text_of(desk.post("/members/open/", {"lines": lines, "parse": "1"}))
    assert "名单已填入下表，核对后开通" in page
    assert 'value="li@example.org"' in page
    assert page.count('value="unit_cdo" selected') == 1
    assert not User.objects.filter(username="liming").exists()


def test_pasting_nothing_is_said(city, desk):
    response = desk.post("/members/open/", {"lines": " ", "parse": "1"})
    assert response.status_code == 422
    assert "填写“粘贴名单”" in text_of(response)


def test_the_slips_show_each_password_once(city, desk, settings):
    settings.PORTAL_URL = "https://cdo.example.gov.cn/"
    rows = [
        (city.department.short_name, "data_officer", "张三"),
        (city.department.code, "unit_cdo", "张三"),
        (city.district.full_name, "data_officer", "李四", "lisi-ft", "li@example.org"),
        ("", "data_officer", ""),
    ]
    response = desk.post("/members/open/", table(*rows))
    page = text_of(response)
    assert response.status_code == 200
    assert response["Cache-Control"] == "no-store"
    assert "账号通知条（3张）" in page
    codes = re.findall(r"<code>(.+?)</code>", page)
    assert codes[0::3] == ["https://cdo.example.gov.cn/"] * 3
    assert codes[1::3] == ["zhangsan", "zhangsan2", "lisi-ft"]
    for name, password in zip(codes[1::3], codes[2::3], strict=True):
        user = User.objects.get(username=name)
        assert user.check_password(password)
        assert user.must_change_password
        assert password not in str(list(AuditEntry.objects.values()))
        assert password not in str(list(IdempotencyKey.objects.values()))
    assert Membership.rows.filter(unit=city.department, role="unit_cdo").count() == 1
    assert not any(word in text_of(desk.get("/members/")) for word in codes[2::3])


def test_sent_twice_it_opens_once(city, desk):
    data = table((city.department.short_name, "data_officer", "张三"))
    assert desk.post("/members/open/", data).status_code == 200
    again = desk.post("/members/open/", data)
    assert again["Location"] == "/members/"
    assert "已经提交过，没有重复办理" in text_of(desk.get("/members/"))
    assert User.objects.filter(username__startswith="zhangsan").count() == 1


def test_all_faults_at_once_each_with_its_row(city, desk, data_officer):
    rows = [
        ("公安", "data_officer", "张三"),
        (city.district.short_name, "boss", "李四"),
        (city.district.short_name, "unit_cdo", ""),
        (city.district.short_name, "unit_cdo", "王五", data_officer.username.upper()),
        (city.district.short_name, "unit_cdo", "赵六", "same"),
        (city.district.short_name, "data_officer", "孙七", "Same"),
        (city.district.short_name, "data_officer", "周八", "a b", "nowhere"),
        ("没有的单位", "data_officer", "吴九"),
    ]
    response = desk.post("/members/open/", table(*rows))
    page = text_of(response)
    assert response.status_code == 422
    for text in (
        f"第1行单位写的是“公安”，方案名单里没有，可选：{city.department.short_name}",
        "“第2行身份”不在可选范围内",
        "填写“第3行姓名”",
        f"第4行账号“{data_officer.username.upper()}”已被使用，换一个",
        "第6行账号“Same”和第5行重复",
        "“第7行电子邮箱”写成",
        "第8行单位写的是“没有的单位”，方案名单里没有，写规范简称或全称",
        "处需要修改",
        "<title>错误：",
    ):
        assert text in page, text
    assert not User.objects.filter(username="same").exists()


def test_an_empty_table_is_said(city, desk):
    response = desk.post("/members/open/", table(("", "data_officer", "")))
    assert response.status_code == 422
    assert "名单是空的，至少填一行" in text_of(response)


def test_what_only_the_service_knows_is_said_too(city, desk, monkeypatch):
    from django.core.exceptions import ValidationError

    from pilots import services

    def refuse(*_rows, **_facts):
        raise ValidationError(["第1行：某事"])

    monkeypatch.setattr(services, "open_unit_accounts", refuse)
    response = desk.post(
        "/members/open/", table((city.department.short_name, "data_officer", "张三"))
    )
    assert response.status_code == 422
    assert "第1行：某事" in text_of(response)


def test_units_of_another_programme_are_not_on_the_list(city, desk, foreigner):
    elsewhere = Membership.rows.get(user=foreigner).unit
    response = desk.post("/members/open/", table((elsewhere.code, "data_officer", "张三")))
    assert response.status_code == 422
    assert "方案名单里没有" in text_of(response)


# --- acting --------------------------------------------------------------------------------------


@pytest.fixture
def member(data_officer):
    return Membership.rows.get(user=data_officer)


def act(desk, name, *rows, confirmed=True, **extra):
    data = {"act": name, "pick": [row.pk for row in rows], "once": "a-1", **extra}
    return desk.post("/members/act/", {**data, "confirmed": "1"} if confirmed else data)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("reset", "重置1个账号的密码"),
        ("close", "停用1个账号"),
        ("reopen", "重新启用1个账号"),
        ("revoke", "撤销1项身份"),
    ],
)
def test_each_act_is_explained_first(desk, member, name, said):
    before = AuditEntry.objects.count()
    page = text_of(act(desk, name, member, confirmed=False))
    assert said in page
    assert member.user.username in page
    assert AuditEntry.objects.count() == before


def test_a_reset_prints_slips_once(desk, member):
    page = text_of(act(desk, "reset", member))
    password = re.findall(r"<code>(.+?)</code>", page)[2]
    assert User.objects.get(pk=member.user_id).check_password(password)
    again = act(desk, "reset", member)
    assert again["Location"] == "/members/"
    assert User.objects.get(pk=member.user_id).check_password(password)


def test_closing_reopening_revoking(browse, desk, member, data_officer):
    client = browse(data_officer)
    assert client.get("/programmes/").status_code == 200
    assert act(desk, "close", member)["Location"] == "/members/"
    assert client.get("/programmes/").status_code == 302
    assert "已停用1个账号。" in text_of(desk.get("/members/"))
    act(desk, "reopen", member)
    assert "已重新启用1个账号。" in text_of(desk.get("/members/"))
    client = browse(data_officer)
    act(desk, "revoke", member)
    assert "已撤销1项身份。" in text_of(desk.get("/members/"))
    assert client.get("/programmes/").status_code == 403


def test_nothing_ticked_is_said(desk, city):
    response = desk.post("/members/act/", {"act": "reset", "once": "x"}, follow=True)
    assert "先勾选账号，再选动作。" in text_of(response)
    odd = desk.post("/members/act/", {"act": "explode", "pick": ["x", "1"], "once": "x"})
    assert odd.status_code == 302


def test_rows_of_others_are_not_there(desk, city, foreigner, head):
    for user in (foreigner, head):
        row = Membership.rows.get(user=user)
        assert act(desk, "reset", row).status_code == 404


def test_an_account_with_another_hat_is_refused_in_words(desk, member, foreigner):
    MembershipFactory(user=member.user, unit=Membership.rows.get(user=foreigner).unit)
    response = act(desk, "reset", member)
    assert response["Location"] == "/members/"
    assert "账号由安全管理员办理" in text_of(desk.get("/members/"))


def test_acting_is_a_post(desk, city):
    assert desk.get("/members/act/").status_code == 405
