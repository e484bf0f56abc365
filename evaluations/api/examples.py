"""Examples in the OpenAPI document: a round, the sheet of one unit, an objection."""

from typing import Any

ADDRESS = "https://portal.example.gov.cn/api/v1"
PROGRAMME, UNIT, ROUND = "shenzhen-2021", "440300-gaj", "PJ-2022-0001"
CARD = f"{ROUND}.{UNIT}"

NEW_ROUND: dict[str, Any] = {
    "programme": PROGRAMME,
    "scheme": "shenzhen-2021-scheme-1",
    "title": "2021—2022年首席数据官履职评价",
    "starts_on": "2021-08-03",
    "ends_on": "2022-04-30",
    "self_by": "2022-05-13",
    "unit_by": "2022-05-20",
    "review_by": "2022-05-31",
}
ROUND_SAID: dict[str, Any] = {
    "id": ROUND,
    "url": f"{ADDRESS}/rounds/{ROUND}/",
    **NEW_ROUND,
    "scheme_version": 1,
    "note": "",
    "state": "review",
    "state_as_of": "2022-05-25",
    "facts_on": "2022-05-21",
    "objections_on": None,
    "objections_until": None,
    "finalised_on": None,
    "published_on": None,
    "withdrawn_on": None,
    "reason": "",
    "editions": 0,
    "scorecards": 12,
    "updated_at": "2022-05-21T09:00:00+08:00",
    "version": 5,
}
SCORE: dict[str, Any] = {
    "indicator": "k12",
    "hand": "first",
    "points": "7",
    "reason": "创新点不多。",
    "cell_version": 0,
}
SCORECARD: dict[str, Any] = {
    "id": CARD,
    "url": f"{ADDRESS}/scorecards/{CARD}/",
    "round": ROUND,
    "programme": PROGRAMME,
    "unit": UNIT,
    "unit_name": "市公安局",
    "cdo_name": "演示人员01",
    "state": "review",
    "self_done_on": "2022-05-12",
    "unit_done_on": "2022-05-18",
    "dropped_on": None,
    "drop_reason": "",
    "scores": [
        {
            "indicator": "k22",
            "hand": "self",
            "points": "18.00",
            "answer": None,
            "reason": "",
            "cell_version": 1,
        }
    ],
    "facts": [
        {
            "fact": "trainings",
            "value": "2.000000",
            "part": "2.00",
            "whole": "2.00",
            "read_on": "2022-05-21",
        }
    ],
    "result": None,
    "updated_at": "2022-05-18T15:00:00+08:00",
    "version": 3,
}
NEW_OBJECTION: dict[str, Any] = {
    "scorecard": CARD,
    "indicator": "k12",
    "reason": "标准规范已印发，佐证材料见附件。",
    "points": "10",
}
OBJECTION: dict[str, Any] = {
    "id": "FH-2022-0001",
    "url": f"{ADDRESS}/objections/FH-2022-0001/",
    **NEW_OBJECTION,
    "round": ROUND,
    "programme": PROGRAMME,
    "unit": UNIT,
    "unit_name": "市公安局",
    "points_before": "7.00",
    "state": "asked",
    "raised_on": "2022-06-02",
    "decision": "",
    "decided_on": None,
    "points_after": None,
    "updated_at": "2022-06-02T10:00:00+08:00",
    "version": 1,
}
