"""When a programme's deadlines are told, as its pack says: loaded once, followed, and left alone where
somebody set it here."""

import pytest

from cdo_portal.packs.difference import Kind
from cdo_portal.packs.faults import PackBroken
from cdo_portal.packs.loader import load, own_packs
from cdo_portal.packs.reading import read
from core.models import AuditEntry
from pilots.models import Programme
from reminders import services
from reminders.models import ReminderRule

pytestmark = pytest.mark.django_db

TOLD = """\
reminders:
  stages: [10, 5, 0]
  cdo_from: 5
  source: S2
"""


def facts():
    row = ReminderRule.objects.get()
    return row.stages, row.cdo_from, row.desk_from_week


def test_the_rule_is_loaded_once_and_follows_the_pack(small):
    difference = load(small(more=TOLD))

    assert difference.counts(Kind.ADDED)["提醒规则"] == 1
    assert facts() == ([10, 5, 0], 5, None)
    assert AuditEntry.objects.filter(verb="reminder_rule.set").count() == 1
    assert not load(small(more=TOLD)).writes
    later = TOLD.replace("[10, 5, 0]", "[5, 0]").replace("cdo_from: 5", "cdo_from: overdue")
    difference = load(small(more=later + "  desk_from_week: 0\n"))
    assert facts() == ([5, 0], None, 0)
    assert "提醒规则 small-2021" in difference.as_facts()["changed"][0]
    assert ReminderRule.objects.get().version == 2
    load(small())
    assert facts() == ([5, 0], None, 0), "what left the file stays in force"


def test_what_the_bureau_set_is_kept_and_listed(small):
    load(small(more=TOLD))
    services.set_rule(ReminderRule.objects.get(), by=None, stages=[3, 1])

    difference = load(small(more=TOLD.replace("cdo_from: 5", "cdo_from: 1")))

    assert facts() == ([3, 1], 1, None)
    (kept,) = difference.conflicts
    assert kept.details == (("stages", [3, 1], [10, 5, 0]),)


def test_a_rule_that_was_there_first_belongs_to_the_bureau(small):
    load(small())
    programme = Programme.rows.get()
    services.set_rule(
        ReminderRule(), by=None, programme=programme, stages=[10, 5, 0], cdo_from=None
    )

    difference = load(small(more=TOLD))

    assert facts() == ([10, 5, 0], None, None), "an empty field is no gap to be filled"
    assert difference.conflicts[0].details == (("cdo_from", None, 5),)
    assert difference.adopted == 1
    assert ReminderRule.objects.get().loaded == {"stages": [10, 5, 0], "desk_from_week": None}


@pytest.mark.parametrize(
    ("old", "new", "where", "message"),
    [
        ("[10, 5, 0]", "[5, 10]", "reminders.stages", "阶段由大到小写，不重复"),
        ("[10, 5, 0]", "[]", "reminders.stages", "至少要写一项"),
        ("[10, 5, 0]", "[99]", "reminders.stages[0]", "不能大于60"),
        ("cdo_from: 5", "cdo_form: 5", "reminders.cdo_form", "是否想写“cdo_from”"),
        ("cdo_from: 5", "desk_from_week: 1周", "reminders.desk_from_week", "这里应是整数"),
        ("cdo_from: 5", "cdo_from: never", "reminders.cdo_from", "可选：overdue"),
        ("source: S2", "source: nowhere", "reminders.source", "没有在sources.yaml登记"),
    ],
)
def test_a_mistake_is_named_with_its_line(small, old, new, where, message):
    path = small(more=TOLD.replace(old, new))

    with pytest.raises(PackBroken) as caught:
        load(path)

    found = [fault for fault in caught.value.faults if fault.where == where]
    assert any(message in fault.message for fault in found), str(caught.value)
    line = path.read_text(encoding="utf-8").splitlines()[found[0].line - 1]
    assert new in line


def test_no_pack_of_ours_rules_what_no_source_says():
    assert not [path.name for path in own_packs() if "reminders" in read(path).data]
