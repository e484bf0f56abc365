"""P21 设置: what each reader finds, days mended with their effect, stages, channels."""

from datetime import date

import pytest

from cdo_portal.pages.settings import ailing, is_only_held
from core.models import AuditEntry, Heartbeat, WorkingDay
from duties.models import Assignment
from reminders.models import ChannelSetting, Engine, ReminderRule

pytestmark = pytest.mark.django_db
MAY_9 = {"first": "2022-05-09", "kind": "off", "name": "", "basis": "测试通知〔2022〕1号"}
SHOWN = {
    "/settings/": {"officer", "foreigner", "system_admin"},
    "/settings/state/": {"officer", "foreigner", "system_admin"},
    "/settings/calendar/": {"officer", "foreigner", "system_admin"},
    "/settings/reminders/": {"officer", "foreigner", "system_admin"},
    "/settings/reminders/general/": {"system_admin"},
    "/settings/reminders/{programme}/": {"officer"},
    "/settings/channels/": {"system_admin"},
    "/settings/channels/email/": {"system_admin"},
    "/settings/channels/inbox/": set(),
    "/settings/channels/pigeon/hold/": set(),
    "/settings/channels/all/hold/": {"system_admin"},
    "/settings/channels/email/release/": {"system_admin"},
}


@pytest.mark.parametrize("path", SHOWN)
def test_the_cast_sees_what_is_theirs(path, cast, city, browse):
    address = path.format(programme=city.programme.code)
    shown = {name for name, user in cast.items() if browse(user).get(address).status_code == 200}
    assert shown == SHOWN[path]


def test_the_index_names_only_what_the_reader_may_open(browse, city, officer, system_admin):
    for_officer = browse(officer).get("/settings/").content.decode()
    for_admin = browse(system_admin).get("/settings/").content.decode()
    assert "报告期" in for_officer
    assert "渠道和暂停开关" not in for_officer
    assert "渠道和暂停开关" in for_admin
    assert "报告期</a>" not in for_admin


class TestTheCalendar:
    def test_shows_holidays_make_up_days_and_whence_they_are(self, browse, system_admin):
        page = browse(system_admin).get("/settings/calendar/?year=2022")
        april = page.context["months"][3]
        cells = {cell["day"].day: cell for week in april["weeks"] for cell in week if cell}
        assert april["workdays"] == 21
        assert [cells[day]["mark"] for day in (1, 2, 4, 9, 30)] == ["", "班", "休", "", "休"]
        assert "国务院办公厅年度放假通知" in page.content.decode()

    def test_a_bad_year_is_this_one(self, browse, system_admin):
        for year in ("", "x", "0", "99999"):
            page = browse(system_admin).get(f"/settings/calendar/?year={year}")
            assert page.context["year"] == 2022

    def test_an_officer_reads_and_does_not_change(self, browse, city, officer):
        page = browse(officer).get("/settings/calendar/").content.decode()
        assert "由系统管理员按放假通知录入和更正" in page
        assert browse(officer).post("/settings/calendar/change/", MAY_9).status_code == 403

    def test_a_chosen_day_fills_the_form_the_other_way_round(self, browse, system_admin):
        for day, kind in (("2022-05-09", "off"), ("2022-05-08", "work"), ("2041-05-06", "off")):
            page = browse(system_admin).get(f"/settings/calendar/?day={day}")
            assert page.context["form"].initial["kind"] == kind

    def test_the_effect_is_shown_before_anything_is_saved(self, browse, city, system_admin):
        row = city.assignment(city.department)
        Assignment.rows.filter(pk=row.pk).update(
            due_on="2022-05-09", latest_on="2022-05-09",
            last_workday_on="2022-05-09", latest_workday_on="2022-05-09",
        )  # fmt: skip
        page = browse(system_admin).post("/settings/calendar/change/", MAY_9)
        assert "1天与现在不同，1项任务的最后工作日将变化" in page.content.decode()
        assert WorkingDay.objects.get(pk="2022-05-09").is_working
        assert not AuditEntry.objects.filter(verb="workday.set").exists()

        again = browse(system_admin).post("/settings/calendar/change/", MAY_9 | {"back": "1"})
        assert again.context["form"].data["basis"] == "测试通知〔2022〕1号"

        done = browse(system_admin).post("/settings/calendar/change/", MAY_9 | {"confirmed": "1"})
        assert done["Location"] == "/settings/calendar/?year=2022"
        row.refresh_from_db()
        assert (row.due_on, row.last_workday_on) == (date(2022, 5, 9), date(2022, 5, 7))
        entry = AuditEntry.objects.get(verb="workday.set")
        assert (entry.before["is_working"], entry.after["is_working"]) == (True, False)
        recount = AuditEntry.objects.get(verb="assignment.refresh_workdays")
        assert recount.actor_id == system_admin.pk

    @pytest.mark.parametrize(
        ("change", "said"),
        [
            ({"basis": ""}, "填写“依据的放假通知”"),
            ({"basis": " "}, "填写“依据的放假通知”"),
            ({"last": "2022-05-01"}, "结束日期不能早于开始日期"),
            ({"last": "2022-06-30"}, "一次最多改21天"),
            ({"first": "2031-05-09"}, "工作日历只登记2020年至2024年"),
            ({"kind": ""}, "选择“上班还是放假”"),
        ],
    )
    def test_what_is_wrong_is_said(self, browse, system_admin, change, said):
        page = browse(system_admin).post("/settings/calendar/change/", MAY_9 | change)
        assert page.status_code == 422
        assert said in page.content.decode()

    def test_a_new_year_is_entered_by_the_weekday_rule(self, browse, system_admin):
        WorkingDay.objects.filter(day__year=2024).delete()
        page = browse(system_admin).get("/settings/calendar/?year=2024").content.decode()
        assert "这一年还没有登记" in page
        browse(system_admin).post("/settings/calendar/year/", {"year": "2024"})
        assert WorkingDay.objects.filter(day__year=2024).count() == 366
        assert AuditEntry.objects.get(verb="workday.add_year").after["days"] == 366
        refused = browse(system_admin).post(
            "/settings/calendar/year/", {"year": "2050"}, follow=True
        )
        assert "工作日历只登记2020年至2024年" in refused.content.decode()

    def test_a_provisional_year_says_so(self, browse, system_admin):
        WorkingDay.objects.filter(day__year=2022).update(is_provisional=True)
        page = browse(system_admin).get("/settings/calendar/?year=2022").content.decode()
        assert "2022年放假通知未录入，暂按周末规则" in page

    def test_the_change_is_only_posted(self, browse, system_admin):
        answer = browse(system_admin).get("/settings/calendar/change/")
        assert answer["Location"] == "/settings/calendar/"


class TestReminderRules:
    def test_a_bureau_sets_its_programme(self, browse, city, officer):
        address = f"/settings/reminders/{city.programme.code}/"
        page = browse(officer).get(address)
        assert page.context["form"].initial["version"] == 0
        assert "现在的规则：2022-04-30截止的任务在2022-04-12、" in page.content.decode()
        facts = {"version": 0, "stages": "10、2", "cdo_from": "2", "desk_from_week": ""}
        assert browse(officer).post(address, facts).status_code == 302
        rule = ReminderRule.objects.get(programme=city.programme)
        assert (rule.stages, rule.cdo_from, rule.desk_from_week) == ([10, 2], 2, None)
        lines = browse(officer).get("/settings/reminders/").context["lines"]
        assert [(line["stages"], line["may_change"]) for line in lines] == [
            ("14、7、3、1、0", False),
            ("10、2", True),
        ]

    def test_the_administrator_sets_all_others(self, browse, city, system_admin):
        facts = {"version": 0, "stages": "5,0", "cdo_from": "", "desk_from_week": "1"}
        browse(system_admin).post("/settings/reminders/general/", facts)
        assert ReminderRule.objects.get(programme=None).stages == [5, 0]
        (line,) = browse(system_admin).get("/settings/reminders/").context["lines"]
        assert line["rule"].desk_from_week == 1
        entry = AuditEntry.objects.get(verb="reminder_rule.set")
        assert entry.after["stages"] == [5, 0]

    def test_two_at_once_are_told(self, browse, city, system_admin):
        facts = {"stages": "5,0", "cdo_from": "", "desk_from_week": ""}
        address = "/settings/reminders/general/"
        browse(system_admin).post(address, facts | {"version": 0})
        late = browse(system_admin).post(address, facts | {"version": 0})
        assert late.status_code == 412
        assert browse(system_admin).post(address, facts | {"version": 1}).status_code == 302

    @pytest.mark.parametrize(
        ("change", "said"),
        [
            ({"stages": "七"}, "写成14,7,3,1,0这样"),
            ({"stages": "1,3"}, "阶段由大到小写"),
            ({"stages": "3,3,1"}, "阶段由大到小写"),
            ({"stages": ""}, "填写“提前几个工作日提醒”"),
            ({"stages": "61"}, "里的数要在0到60之间"),
            ({"cdo_from": "61"}, "要在0到60之间"),
        ],
    )
    def test_what_is_wrong_is_said(self, browse, system_admin, change, said):
        facts = {"version": 0, "stages": "5,0", "cdo_from": "", "desk_from_week": ""}
        page = browse(system_admin).post("/settings/reminders/general/", facts | change)
        assert page.status_code == 422
        assert said in page.content.decode()
        assert page.context["rule"].stages == [14, 7, 3, 1, 0], (
            "the rule of now, not what was typed"
        )

    def test_an_unseen_programme_is_not_found(self, browse, city, foreigner):
        address = f"/settings/reminders/{city.programme.code}/"
        assert browse(foreigner).get(address).status_code == 404


class TestChannels:
    def test_how_a_channel_is_used(self, browse, system_admin):
        facts = {"version": 1, "is_enabled": "on", "on_uncertain": "hold"}
        assert browse(system_admin).post("/settings/channels/sms/", facts).status_code == 302
        row = ChannelSetting.objects.get(channel="sms")
        assert (row.is_enabled, row.is_fallback, row.on_uncertain) == (True, False, "hold")
        entry = AuditEntry.objects.get(verb="channel.set")
        assert (entry.before["is_fallback"], entry.after["is_fallback"]) == (True, False)
        assert browse(system_admin).post("/settings/channels/sms/", facts).status_code == 412
        bad = facts | {"version": 2, "on_uncertain": "x"}
        assert browse(system_admin).post("/settings/channels/sms/", bad).status_code == 422

    def test_one_is_held_and_let_go_again(self, browse, system_admin):
        asked = browse(system_admin).get("/settings/channels/email/hold/").content.decode()
        assert "暂停电子邮件？" in asked
        why = {"note": "更换服务器"}
        bare = browse(system_admin).post("/settings/channels/email/hold/")
        assert (bare.status_code, "填写“原因”" in bare.content.decode()) == (422, True)
        page = browse(system_admin).post("/settings/channels/email/hold/", why, follow=True)
        assert f"由{system_admin}暂停" in page.content.decode()
        row = ChannelSetting.objects.get(channel="email")
        assert (row.is_held, row.held_by, row.held_note) == (True, system_admin, "更换服务器")
        twice = browse(system_admin).post("/settings/channels/email/hold/", why, follow=True)
        assert "这个渠道已经暂停" in twice.content.decode()
        asked = browse(system_admin).get("/settings/channels/email/release/").content.decode()
        assert "原因：更换服务器" in asked
        browse(system_admin).post("/settings/channels/email/release/", why)
        row.refresh_from_db()
        assert (row.is_held, row.held_at, row.held_note) == (False, None, "")

    def test_all_are_held_and_let_go_again(self, browse, system_admin):
        browse(system_admin).post("/settings/channels/all/hold/", {"note": "演练"})
        assert Engine.current().held_by == "hand"
        page = browse(system_admin).get("/settings/channels/").content.decode()
        assert "全部渠道已暂停（人工暂停）。" in page
        assert f"由{system_admin}（{system_admin.username}）暂停" in page
        assert "原因：演练" in page
        assert (
            "恢复全部渠道？"
            in browse(system_admin).get("/settings/channels/all/release/").content.decode()
        )
        state = browse(system_admin).get("/settings/state/").context["checks"]
        said = {str(each["label"]): each for each in state}
        for label in ("提醒发送", "提醒生成和发送渠道"):
            assert (said[label]["is_held"], said[label]["fault"]) == (True, "全部渠道已暂停")
        asked = browse(system_admin).get("/settings/channels/email/hold/").content.decode()
        assert "原因：演练" not in asked, "that is why all are held, not this one"
        browse(system_admin).post("/settings/channels/all/release/", {"note": "演练"})
        assert Engine.current().held_by == ""


def test_the_state_names_what_is_held_and_what_fails():
    found = {
        "ok": False,
        "held_by": "",
        "planner": {"is_silent": False, "failed_types": []},
        "channels_held": ["sms"],
        "channels_failing": [],
    }
    assert (is_only_held(found), ailing(found)) == (True, ["已暂停：短信"])
    found |= {"channels_failing": ["email"]}
    found["planner"] = {"is_silent": True, "failed_types": ["duties.remark"]}
    assert not is_only_held(found)
    assert ailing(found) == [
        "已暂停：短信",
        "发不出去：电子邮件",
        "已有3分钟没有生成提醒",
        "有提醒生成时出错",
    ]


def test_the_state_says_what_is_known_and_what_is_not(browse, system_admin, settings):
    settings.HELP_PHONE, settings.LEAD_BUREAU_NAME = "0000-0000000", "市测试局"
    Heartbeat.objects.all().delete()
    page = browse(system_admin).get("/settings/state/").content.decode()
    assert "市测试局" in page
    assert "没有运行，提醒不会发出" in page
    assert "没有收到过备份和演练的记录" in page
