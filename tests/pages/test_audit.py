"""P20 操作日志: who sees which entries, filters, paging without counting, words."""

import ast
import re
from datetime import date
from pathlib import Path

import pytest

from cdo_portal.pages.audit import PAGE
from cdo_portal.pages.audit_words import VERBS, changes_of, verb_word
from core import clock
from core.models import AuditEntry
from duties.services import fulfil
from pilots.services import rename_unit

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).resolve().parents[2]


def write(count=1, **facts):
    entry = {
        "at": clock.now(),
        "actor": "某人",
        "verb": "unit.create",
        "subject": "unit:x",
        **facts,
    }
    AuditEntry.objects.bulk_create([AuditEntry(**entry) for _number in range(count)])


def lines(client, **query):
    answer = client.get("/audit/", query)
    assert answer.status_code == 200
    return answer.context["lines"]


def test_the_auditor_sees_all_and_the_bureau_its_own(city, browse, auditor, officer, foreigner):
    write(programme_code=city.programme.code, subject="a")
    write(unit_code=city.department.code, subject="b")
    write(unit_code=city.department.code, programme_code="elsewhere", subject="c")
    write(subject="d")

    def seen(user):
        return {line.entry.subject for line in lines(browse(user))} & {"a", "b", "c", "d"}

    assert seen(auditor) == {"a", "b", "c", "d"}
    assert seen(officer) == {"a", "b"}
    assert seen(foreigner) == set()


def test_a_change_is_told_in_words(city, browse, officer):
    fulfil(
        city.assignment(city.department), source_key="r", happened_on=date(2022, 4, 2), by=officer
    )
    done, counted = lines(browse(officer))[:2]
    assert (done.verb, counted.verb) == ("任务完成", "登记完成")
    told = {change.field: (change.before, change.after) for change in done.changes}
    assert told["办理状态"] == ("已交办", "已完成")
    assert told["完成日期"] == ("", "2022-04-02")
    assert done.unit == str(city.department)
    assert done.url == f"/tasks/{city.assignment(city.department).number}/"


def test_filters_narrow_the_record(city, browse, auditor, officer):
    write(actor="张三（zs）", verb="unit.rename", unit_code="u-1", subject="unit:u-1")
    write(at=clock.now().replace(year=2020), subject="old")
    client = browse(auditor)
    assert {line.entry.verb for line in lines(client, verb="unit.rename")} == {"unit.rename"}
    assert [line.entry.actor for line in lines(client, actor="张三")] == ["张三（zs）"]
    assert [line.entry.subject for line in lines(client, unit="u-1")] == ["unit:u-1"]
    assert [line.entry.subject for line in lines(client, subject="u-1")] == ["unit:u-1"]
    assert "old" not in {line.entry.subject for line in lines(client, days="7")}
    assert [line.entry.subject for line in lines(client, until="2020-12-31")] == ["old"]
    assert lines(client, since="2099-01-01") == []


def test_wrong_values_narrow_nothing_and_break_nothing(city, browse, auditor):
    client = browse(auditor)
    for query in ({"days": "x"}, {"since": "2022-99-99"}, {"before": "x"}, {"verb": "no.such"}):
        assert client.get("/audit/", query).status_code == 200


def test_pages_follow_each_other_without_gap_or_repetition(city, browse, auditor):
    write(2 * PAGE + 5)
    client, path, seen = browse(auditor), "", []
    for _page in range(5):
        answer = client.get(f"/audit/{path}")
        seen += [line.entry.pk for line in answer.context["lines"]]
        path = answer.context["pages"].older
        if not path:
            break
    assert seen == sorted(AuditEntry.objects.values_list("pk", flat=True), reverse=True)


def test_the_history_of_an_object_is_its_own_page(city, browse, officer, stranger):
    rename_unit(
        city.department, full_name="新全称", short_name="新简称", on=date(2022, 4, 1), by=officer
    )
    path = f"/audit/unit:{city.department.code}/"
    answer = browse(officer).get(path)
    assert [line.verb for line in answer.context["lines"]] == ["单位更名"]
    assert browse(officer).get("/audit/unit:nothing/").status_code == 404
    assert browse(stranger).get(path).status_code == 403


def test_the_record_costs_the_same_for_any_number_of_entries(city, browse, officer, cost):
    client = browse(officer)
    write(programme_code=city.programme.code, unit_code=city.department.code)
    first = cost(client, "/audit/")[0]
    write(2, programme_code=city.programme.code, unit_code=city.district.code)
    second = cost(client, "/audit/")[0]
    write(40, programme_code=city.programme.code, unit_code=city.government.code)
    third, size = cost(client, "/audit/")
    assert first == second == third
    assert size < 60_000


def test_nothing_can_be_changed_from_the_page(city, browse, auditor):
    for method in ("post", "put", "patch", "delete"):
        assert getattr(browse(auditor), method)("/audit/").status_code == 405


def test_values_are_told_as_people_read_them():
    entry = AuditEntry(
        before={"is_active": True, "role": "data_officer", "email": ""},
        after={"is_active": False, "role": None, "email": None, "x": ["a", {"status": "done"}]},
    )
    told = {change.field: (change.before, change.after) for change in changes_of(entry)}
    assert told["启用"] == ("是", "否")
    assert told["身份"] == ("经办人", "")
    assert told["x"] == ("", "a、办理状态 已完成")
    assert "电子邮箱" not in told
    assert verb_word("never.heard") == "never.heard"


def test_every_verb_that_services_write_has_its_word():
    written = set()
    for app in ("accounts", "pilots", "duties", "reminders", "officers", "cdo_portal"):
        for path in (ROOT / app).rglob("*.py"):
            if "pages" in path.parts or "migrations" in path.parts:
                continue
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and _is_record(node.func) and node.args:
                    first = node.args[0]
                    if isinstance(first, ast.Constant) and re.fullmatch(
                        r"[a-z_]+\.[a-z_]+", str(first.value)
                    ):
                        written.add(first.value)
    assert len(written) > 15
    assert written - VERBS.keys() == set()


def _is_record(func):
    name = getattr(func, "attr", getattr(func, "id", ""))
    return name in {"record", "_record_count", "_record_progress", "_record"}
