"""A small pack to break, load and change, and the folder it lies in."""

import time
from pathlib import Path

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from cdo_portal.packs.loader import load, load_all
from core import workdays
from tests.packs.ruled import POSTS, RULED

WRITING = ("INSERT", "UPDATE", "DELETE")

SMALL = """\
format: programme
programme:
  code: small-2021
  name: 小城首席数据官试点方案
  short_name: 小城
  name_en: Small Town Pilot
  region_code: 990100
  region_name: 小城
  source: S2
bodies:
  - code: 990100-szf
    kind: city_government
    name: 小城人民政府
    short: 小城政府
    source: S2
  - code: 990100-gaj
    kind: municipal_department
    parent: 990100-szf
    name: 小城公安局
    short: 公安局
    source: S2
  - code: 990100-zsj
    kind: municipal_department
    source: S2
    names:
      - name: 小城政务服务数据管理局
        short: 政数局
        ends_on: 2024-05-09
        source: S2
      - name: 小城数据局
        short: 数据局
        starts_on: 2024-05-10
        source: B.10
slots:
  - code: 990100-slot
    count: 3
    kind: other
    name: 小城待补名单位
    short: 待补名
    source: S2
documents:
  - code: plan
    title: 小城首席数据官试点方案
    number: 小府办〔2021〕7号
    issuer: 小城人民政府
    signed_on: 2021-08-03
    source: S2
    clauses:
      - code: "1"
        label: 一
        heading: 总结
        text: 试点单位于2022年4月底前报送总结。
        is_quoted: true
        source: S2
      - code: "2"
        label: 二
        heading: 培训
        text: 在2022年4月前组织2次培训。
        is_quoted: true
        source: S2
cohorts:
  - code: pilot
    name: 试点单位
    total: 5
    source: S2
enrolments:
  - {unit: 990100-szf, part: pilot, cohort: pilot, starts_on: 2021-08-03, source: S2}
  - {unit: 990100-gaj, part: pilot, cohort: pilot, starts_on: 2021-08-03, source: S2}
  - {slots: 990100-slot, part: pilot, cohort: pilot, source: S2}
  - {unit: 990100-zsj, part: bureau, source: S2}
areas:
  - code: area-1
    name: 推进数字政府建设
    medium_name: 数字政府
    short_name: 数政
    name_en: Digital government
    clause: plan.1
    kinds: [city_government, municipal_department]
    source: S2
    items:
      - {code: item-1-1, name: 组织规划, source: S2}
      - {code: item-1-2, name: 特色应用, units: [990100-gaj], source: S2}
obligations:
  - code: ob-1
    title: 报送总结
    short_title: 工作总结
    nature: report
    clause: plan.1
    parts: [pilot]
    kinds: [city_government, municipal_department]
    wording: 于2022年4月底前
    due_on: 2022-04-30
    latest_on: 2022-04-30
    received_by: 990100-zsj
    source: S2
  - code: ob-2
    title: 组织培训
    short_title: 培训
    nature: training
    clause: plan.2
    parts: [pilot]
    kinds: [city_government]
    quantity: 2
    wording: 在2022年4月前
    due_on: 2022-03-31
    latest_on: 2022-04-30
    basis: 从严读法。
    source: S2
powers:
  - code: veto
    kind: veto
    name: 一票否决权
    moments: [approval, acceptance]
    text: 只限立项和验收。
    clause: plan.1
    source: S2
not_modelled:
  - what: 评价办法
    why: 没有公布。
    source: S2
"""


@pytest.fixture
def small(tmp_path):
    """`small(old, new, …)` writes the small pack with those replacements and returns its path."""

    def written(*changes: str, name: str = "small-2021.yaml", more: str = "") -> Path:
        text = SMALL + more
        for old, new in zip(changes[::2], changes[1::2], strict=True):
            assert old in text, f"the small pack has no {old!r}"
            text = text.replace(old, new, 1)
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return path

    return written


@pytest.fixture
def posts(tmp_path):
    """`posts(old, new, …)`: path of a list of two posts with those replacements."""

    def written(*changes: str, name: str = "posts.yaml") -> Path:
        text = POSTS
        for old, new in zip(changes[::2], changes[1::2], strict=True):
            assert old in text, f"the list of posts has no {old!r}"
            text = text.replace(old, new, 1)
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return path

    return written


@pytest.fixture
def ruled(small, posts):
    """`ruled(old, new, …)`: the small pack with rules about posts and a holder; the posts are
    there."""
    load(posts())

    def written(*changes: str) -> Path:
        return small(*changes, more=RULED)

    return written


@pytest.fixture
def writes():
    """`writes(path)`: the statements that write while a pack is loaded, and the difference."""

    def captured(path: Path):
        with CaptureQueriesContext(connection) as queries:
            difference = load(path)
        return [q["sql"] for q in queries if q["sql"].startswith(WRITING)], difference

    return captured


@pytest.fixture(scope="module")
def all_packs(django_db_setup, django_db_blocker):
    """The product's packs, loaded once for a module; gives how many seconds of our own that took:
    the clock on the wall runs on while the tests beside this one have the processor."""
    with django_db_blocker.unblock(), transaction.atomic():
        workdays.seed([2021, 2022])
        began = time.process_time()
        load_all()
        yield time.process_time() - began
        transaction.set_rollback(True)
