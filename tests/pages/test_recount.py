"""Every status and every count on matrix, desk, dossier and API equals what plain SQL counts, for each
role its own rows and on several days. The SQL is written from the documents, not from the code."""

import re
from collections import Counter

import pytest
from django.db import connection

from pilots.models import Unit
from tests.pages.story import Story

pytestmark = pytest.mark.django_db
DAYS = ("2022-02-01", "2022-04-15", "2022-05-10")  # sent back later, today, all over
TODAY = "2022-04-15"
PERIODS = ("2021Q4", "2022Q1")
WIDE = ("officer", "head", "provincial_reader", "evaluator", "api_client_user", "auditor")
OWN = {"data_officer": "department", "unit_cdo": "department", "stranger": "district"}
NOBODY = ("foreigner", "system_admin", "security_admin")

# Due soon: within ten working days. What the bureau has in hand is no longer the unit's to do.
SOON = "(SELECT day FROM core_workingday WHERE is_working AND day > %(on)s ORDER BY day OFFSET 9 LIMIT 1)"
LIGHT = f"""CASE
  WHEN a.status = 'done' AND a.done_on <= %(on)s THEN 'done'
  WHEN a.status IN ('withdrawn', 'not_applicable') THEN 'not_applicable'
  WHEN a.due_on IS NULL THEN 'undated'
  WHEN a.status = 'submitted' THEN 'normal'
  WHEN a.latest_on < %(on)s THEN 'overdue'
  WHEN a.due_on < %(on)s THEN 'unconfirmed'
  WHEN a.last_workday_on <= {SOON} THEN 'due_soon'
  ELSE 'normal' END"""
TASKS = f"""
SELECT a.number, a.id, u.code AS unit, o.short_title, o.origin, o.nature, a.quantity, a.status,
  {LIGHT} AS light,
  (SELECT count(*) FROM duties_fulfilment f WHERE f.assignment_id = a.id AND f.voided_at IS NULL
    AND f.happened_on <= %(on)s) AS done
FROM duties_assignment a
JOIN duties_obligation o ON o.id = a.obligation_id
JOIN pilots_enrolment e ON e.id = a.enrolment_id
JOIN pilots_unit u ON u.id = e.unit_id
JOIN pilots_programme p ON p.id = e.programme_id
WHERE p.code = %(programme)s AND u.code = ANY(%(units)s)
"""
# A report is in when it came by the day, and was not sent back by then; it is waiting until answered.
REPORTS = """
SELECT u.code AS unit, r.number, a.latest_on, r.handed_in_on,
  CASE WHEN r.handed_in_on IS NULL OR r.handed_in_on > %(on)s THEN 'none'
    WHEN r.status IN ('accepted', 'returned') AND r.decided_on > %(on)s THEN 'submitted'
    WHEN r.status IN ('submitted', 'accepted', 'returned') THEN r.status
    ELSE 'none' END AS state
FROM duties_assignment a
JOIN duties_obligation o ON o.id = a.obligation_id AND o.nature = 'progress'
JOIN pilots_enrolment e ON e.id = a.enrolment_id
JOIN pilots_unit u ON u.id = e.unit_id
JOIN pilots_programme p ON p.id = e.programme_id
LEFT JOIN reports_report r ON r.assignment_id = a.id
WHERE p.code = %(programme)s AND a.occurrence = %(period)s AND u.code = ANY(%(units)s)
  AND a.status NOT IN ('withdrawn', 'not_applicable')
"""
FACTS = f"""
SELECT count(*) AS due, count(*) FILTER (WHERE state IN ('submitted', 'accepted')) AS "in",
  count(*) FILTER (WHERE state IN ('submitted', 'accepted') AND handed_in_on <= latest_on) AS on_time,
  count(*) FILTER (WHERE state = 'submitted') AS waiting,
  count(*) FILTER (WHERE state NOT IN ('submitted', 'accepted') AND latest_on < %(on)s) AS late
FROM ({REPORTS}) reports
"""
AREAS = """
SELECT u.code AS unit, d.medium_name AS area,
  count(*) FILTER (WHERE i.kinds = '{{}}' OR k.kind = ANY(i.kinds)) AS total,
  count(*) FILTER (WHERE (i.kinds = '{{}}' OR k.kind = ANY(i.kinds)) AND EXISTS (
    SELECT 1 FROM duties_itemprogress g WHERE g.item_id = i.id AND g.enrolment_id = e.id
      AND g.voided_at IS NULL AND g.happened_on <= %(day)s)) AS done
FROM pilots_enrolment e
JOIN pilots_unit u ON u.id = e.unit_id
JOIN pilots_programme p ON p.id = e.programme_id
CROSS JOIN LATERAL (SELECT CASE WHEN e.kind = '' THEN u.kind ELSE e.kind END AS kind) k
JOIN duties_dutyarea d ON d.programme_id = p.id
JOIN duties_dutyitem i ON i.area_id = d.id
WHERE p.code = %(programme)s AND e.part = 'pilot' AND u.code = ANY(%(units)s)
GROUP BY u.code, d.medium_name
""".replace("{{}}", "{}")
WORDS = {"none": "未报", "submitted": "待审核", "accepted": "已通过", "returned": "已退回"}


def ask(sql, **facts):
    """The rows of a query as dictionaries."""
    with connection.cursor() as cursor:
        cursor.execute(sql, facts)
        names = [column.name for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


@pytest.fixture
def story(city, officer, head, data_officer, unit_cdo):
    return Story(city, officer, head, data_officer, unit_cdo).tell()


class Scope:
    """What a role may see, and the questions to the database about it."""

    def __init__(self, city, units):
        self.programme = city.programme.code
        self.units = [unit.code for unit in units]

    def ask(self, sql, on, **facts):
        return ask(sql, on=on, programme=self.programme, units=self.units, **facts)

    def lights(self, on):
        rows = self.ask(TASKS, on)
        counted = [row for row in rows if row["light"] != "not_applicable"]
        return Counter(row["light"] for row in counted)


@pytest.fixture
def scopes(city, cast):
    """{role of the cast: Scope}"""
    pilots = [city.government, city.department, city.district]
    bureau = [city.bureau]
    own = {name: [getattr(city, key)] for name, key in OWN.items()}
    found = {name: Scope(city, [*pilots, *bureau]) for name in WIDE}
    found |= {name: Scope(city, units) for name, units in own.items()}
    return found | {name: Scope(city, []) for name in NOBODY}


def of_day(names, on) -> list[str]:
    """Those who see the same rows take turns, two a day; whoever sees others comes each day."""
    turn = set(WIDE[DAYS.index(on) :: len(DAYS)])
    return [name for name in names if name not in WIDE or name in turn]


def grid_rows(answer):
    """{unit name: {column: cell}} of the matrix."""
    grid = answer.context["grid"]
    columns = [column.label for group in grid.column_groups for column in group.columns]
    return {
        row.name: dict(zip(columns, row.cells, strict=True))
        for group in grid.row_groups
        for row in group.rows
    }


def page_of(client, path, **query):
    answer = client.get(path, query)
    assert answer.status_code == 200, (path, query)
    return answer


# --- the overview --------------------------------------------------------------------------------


@pytest.mark.parametrize("on", DAYS)
def test_the_facts_of_a_period_are_a_recount_and_open_as_many_rows(
    story, scopes, cast, browse, rows_behind, on
):
    for name in of_day(WIDE, on):
        client = browse(cast[name])
        for period in PERIODS if name == "officer" else PERIODS[1:]:
            answer = page_of(client, "/overview/", period=period, on=on)
            (asked,) = scopes[name].ask(FACTS, on, period=period)
            facts = {fact["label"]: fact for fact in answer.context["facts"]}
            labels = dict(
                zip(asked, ("本期应报", "已报", "按时报送", "待审", "逾期未报"), strict=True)
            )
            for key, label in labels.items():
                assert facts[label]["value"] == asked[key], (name, period, label)
                assert bool(facts[label]["url"]) == bool(asked[key])
                if asked[key] and name == "officer":
                    assert rows_behind(client, facts[label]["url"]) == asked[key], label


@pytest.mark.parametrize("on", DAYS)
def test_the_facts_of_tasks_are_a_recount_and_open_as_many_rows(
    story, scopes, cast, browse, rows_behind, on
):
    labels = {"口径待确认": "unconfirmed", "逾期任务": "overdue"}
    for name in of_day(WIDE, on):
        client = browse(cast[name])
        lights = scopes[name].lights(on)
        facts = page_of(client, "/overview/", on=on, period="2022Q1").context["facts"]
        shown = {fact["label"]: fact for fact in facts}
        for label, light in labels.items():
            assert shown.get(label, {"value": 0})["value"] == lights[light], (name, label)
            if lights[light] and name == "officer":
                assert rows_behind(client, shown[label]["url"]) == lights[light]


@pytest.mark.parametrize("on", DAYS)
def test_every_cell_of_the_matrix_is_a_recount(story, scopes, cast, city, browse, on):
    names = {unit.code: str(unit) for unit in (city.government, city.department, city.district)}
    for name in of_day(WIDE, on):
        answer = page_of(browse(cast[name]), "/overview/", on=on, period="2022Q1")
        rows = grid_rows(answer)
        assert set(rows) == set(names.values())
        tasks = scopes[name].ask(TASKS, on)
        for code, unit in names.items():
            mine = [row for row in tasks if row["unit"] == code]
            _check_demands(rows[unit], mine)
            _check_orders(rows[unit], mine)
        for row in scopes[name].ask(AREAS, on, day=on):
            text = f"{row['done']}/{row['total']}" if row["total"] else ""
            assert rows[names[row["unit"]]][row["area"]].text == text
        for row in scopes[name].ask(REPORTS, on, period="2022Q1"):
            assert rows[names[row["unit"]]]["本期报告"].text == WORDS[row["state"]]


def _check_demands(cells, tasks):
    counted = [row for row in tasks if row["light"] != "not_applicable"]
    plain = {
        row["short_title"]: row
        for row in counted
        if row["origin"] != "order" and row["nature"] != "progress"
    }
    for title in ("工作总结", "培训", "实施方案"):
        row = plain.get(title)
        cell = cells[title]
        if row is None:
            assert (str(cell.state), cell.text) == ("not_applicable", "")
        else:
            text = f"{min(row['done'], row['quantity'])}/{row['quantity']}"
            assert (str(cell.state), cell.text) == (row["light"], text), title


def _check_orders(cells, tasks):
    orders = [row for row in tasks if row["origin"] == "order"]
    if not orders:
        assert str(cells["专项通知"].state) == "not_applicable"
        return
    done = sum(row["light"] == "done" for row in orders)
    assert cells["专项通知"].text == f"{done}/{len(orders)}"
    worst = ["overdue", "unconfirmed", "due_soon", "normal", "undated", "done"]
    first = min((row["light"] for row in orders), key=worst.index)
    assert str(cells["专项通知"].state) == first


def test_orders_are_one_column_that_opens_them(story, browse, officer, city, rows_behind):
    client = browse(officer)
    cell = grid_rows(page_of(client, "/overview/"))[str(city.district)]["专项通知"]
    assert cell.text == "0/2"
    answer = client.get(f"/overview/{cell.url}")
    assert rows_behind(client, answer["Location"]) == 2
    labels = [
        column.label
        for group in page_of(client, "/overview/").context["grid"].column_groups
        for column in group.columns
    ]
    assert labels.count("专项通知") == 1
    assert "报送公共数据共享需求清单" not in labels


@pytest.mark.parametrize("on", ["2022-04-13", "2022-04-15"])
def test_a_difference_to_the_last_period_is_a_recount(story, scopes, browse, officer, city, on):
    rows = grid_rows(page_of(browse(officer), "/overview/", on=on))
    scope, eve = scopes["officer"], "2022-03-30"  # the period 2022Q1 began on the next day
    before = {(row["unit"], row["area"]): row["done"] for row in scope.ask(AREAS, on, day=eve)}
    changes = set()
    for row in scope.ask(AREAS, on, day=on):
        unit = str(Unit.rows.get(code=row["unit"]))
        change = row["done"] - before[row["unit"], row["area"]]
        assert rows[unit][row["area"]].change == change
        changes.add(change)
    assert 1 in changes
    page = page_of(browse(officer), "/overview/", on=on).content.decode()
    assert "较上期+1" in page
    assert "↑1" in page


# --- the dossier ---------------------------------------------------------------------------------


@pytest.mark.parametrize("on", DAYS)
def test_the_dossier_is_a_recount_for_every_role(story, scopes, cast, city, browse, on):
    for name, user in [(name, cast[name]) for name in of_day(cast, on)]:
        client = browse(user)
        every = (city.government, city.department, city.district)
        for unit in every if name == "officer" else every[1:]:
            answer = client.get(f"/units/{unit.code}/", {"on": on})
            if unit.code not in scopes[name].units:
                assert answer.status_code in {403, 404}, name
                continue
            scope = Scope(city, [unit])
            lines = [*answer.context["open_rows"], *answer.context["closed_rows"]]
            shown = {
                line["row"].number: (str(line["state"]), line["row"].status, line["row"].done_count)
                for line in lines
            }
            tasks = scope.ask(TASKS, on)
            asked = {row["number"]: (row["light"], row["status"], row["done"]) for row in tasks}
            assert shown == asked, (name, unit)
            areas = [(area["done"], area["total"]) for area in answer.context["areas"]]
            counts = sorted((row["done"], row["total"]) for row in scope.ask(AREAS, on, day=on))
            assert sorted(areas) == counts
            _check_periods(answer.context["reports"], scope, on)


def _check_periods(block, scope, on):
    shown = {row["title"]: row["word"] for row in (block or {"periods": []})["periods"]}
    for code, title, opens in (
        ("2021Q4", "2021年第四季度", "2021-12-31"),
        ("2022Q1", "2022年第一季度", "2022-03-31"),
    ):
        (row,) = scope.ask(REPORTS, on, period=code)
        assert shown.get(title) == (WORDS[row["state"]] if opens <= on else None)


# --- the desk ------------------------------------------------------------------------------------


def test_the_numbers_of_the_desk_are_a_recount(story, scopes, browse, officer, rows_behind):
    client = browse(officer)
    context = page_of(client, "/").context
    scope = scopes["officer"]
    lights = scope.lights(TODAY)
    facts = {str(fact["label"]): fact["value"] for fact in context["facts"]}
    assert (facts["逾期"], facts["临期"]) == (lights["overdue"], lights["due_soon"])
    (asked,) = scope.ask(FACTS, TODAY, period="2022Q1")
    block = context["reports"]
    assert (block["due"], block["done"], block["on_time"]) == (
        asked["due"],
        asked["in"],
        asked["on_time"],
    )
    assert len(block["missing"]) == asked["due"] - asked["in"]
    for key in ("due", "done", "on_time"):
        assert rows_behind(client, block[f"{key}_url"]) == block[key]
    waiting = {str(fact["label"]): fact["value"] for fact in context["waiting"]["facts"]}
    (row,) = ask("SELECT count(*) AS n FROM reports_report WHERE status = 'submitted'")
    assert waiting["待审核报告"] == row["n"] == 1
    (row,) = ask("SELECT count(*) AS n FROM duties_extension WHERE state = 'asked'")
    assert waiting["延期申请"] == row["n"]


# --- the API -------------------------------------------------------------------------------------


@pytest.mark.parametrize("on", DAYS)
def test_the_api_counts_the_same_for_every_role(story, scopes, cast, api, city, on):
    for name, user in [(name, cast[name]) for name in of_day(cast, on)]:
        client = api(user)
        query = {"programme": city.programme.code, "on": on, "page_size": 100}
        answer = client.get("/api/v1/assignments/", query)
        if not scopes[name].units:
            assert answer.status_code == 403 or answer.json()["count"] == 0, name
            continue
        rows = answer.json()["results"]
        asked = {row["number"]: row["light"] for row in scopes[name].ask(TASKS, on)}
        assert {row["id"]: row["light"] for row in rows} == asked, name
        for light, count in Counter(asked.values()).items():
            found = client.get("/api/v1/assignments/", {**query, "light": light}).json()
            assert found["count"] == count, (name, light)


def test_the_api_lists_the_reports_that_came(story, scopes, cast, api, city):
    for name in WIDE:
        rows = api(cast[name]).get("/api/v1/reports/", {"programme": city.programme.code}).json()
        # Drafts are their writers' matter; only who audits sees everything.
        came = ask(
            "SELECT number, status FROM reports_report WHERE editions > 0 OR %(all)s",
            all=name == "auditor",
        )
        shown = {row["id"]: row["status"] for row in rows["results"]}
        assert shown == {row["number"]: row["status"] for row in came}, name


# --- the trend -----------------------------------------------------------------------------------


def test_the_trend_is_a_recount_of_periods_that_are_over(story, scopes, browse, head):
    chart = page_of(browse(head), "/overview/", on="2022-05-10").context["trend"]
    shown = {row[0]: (row[1], row[2]) for row in chart.rows}
    asked = {}
    for code, title in (("2021Q4", "2021年第四季度"), ("2022Q1", "2022年第一季度")):
        (row,) = scopes["head"].ask(FACTS, "2022-05-10", period=code)
        asked[title] = (row["due"], row["on_time"])
    assert shown == asked
    text = re.sub(r"\s", "", str(chart.svg))
    assert "33.3%" in text
    assert "66.7%" in text
    assert "升至66.7%" in chart.title


def test_both_on_time_rates_are_said_once_a_later_day_was_granted(story, browse, head, city):
    said = page_of(browse(head), "/overview/", on="2022-05-10").context["rates"]
    assert "1件经批准延期" in said
    first = """SELECT count(*) FILTER (WHERE done_on <= original_due_on) AS n
      FROM duties_assignment WHERE original_due_on <> due_on"""
    (row,) = ask(first)
    assert row["n"] == 0
