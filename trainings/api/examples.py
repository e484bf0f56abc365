"""Examples in the OpenAPI document: a training of one unit that counts."""

from typing import Any

ADDRESS = "https://portal.example.gov.cn/api/v1"
PROGRAMME, UNIT = "shenzhen-2021", "440300-gaj"

EVENT: dict[str, Any] = {
    "id": "PX-2022-0007",
    "url": f"{ADDRESS}/events/PX-2022-0007/",
    "programme": PROGRAMME,
    "kind": "training",
    "title": "公共数据目录编制业务培训",
    "organisers": [UNIT],
    "participants": [{"unit": "440304-zf", "answer": "coming", "headcount": 2, "note": ""}],
    "starts_on": "2022-03-02",
    "ends_on": "2022-03-02",
    "begins_at": "09:30:00",
    "form": "offline",
    "hours": "4.0",
    "place": "市民中心（演示）",
    "audience": "各处室业务人员",
    "expected": 60,
    "came": 52,
    "content": "",
    "document_number": "",
    "reply_by_on": None,
    "minutes": "",
    "note": "",
    "status": "held",
    "status_as_of": "2022-04-15",
    "cancel_reason": "",
    "counts": True,
    "tasks": ["RW-2021-0015"],
    "files": [{"id": 3, "kind": "sign_in", "name": "签到表.pdf", "size": 20480}],
    "updated_at": "2022-03-03T10:00:00+08:00",
    "version": 4,
}
NEW_EVENT: dict[str, Any] = {
    "programme": PROGRAMME,
    "kind": "training",
    "title": "公共数据目录编制业务培训",
    "organisers": [UNIT],
    "starts_on": "2022-03-02",
    "hours": "4",
    "audience": "各处室业务人员",
}
ATTENDANCE: dict[str, Any] = {
    "people": [
        {"person": "5f0c6f0e-6a59-4f43-8a4b-0b5b0a3c1d11"},
        {"name": "演示人员88", "unit": UNIT, "duty": "科员"},
        {"name": "演示人员89", "unit_name": "某合作单位（演示）"},
    ]
}
DECLARATION: dict[str, Any] = {
    "id": 12,
    "url": f"{ADDRESS}/declarations/12/",
    "event": "PX-2022-0007",
    "programme": PROGRAMME,
    "unit": UNIT,
    "unit_name": "市公安局",
    "headcount": 32,
    "note": "",
    "state": "waiting",
    "reason": "",
    "declared_on": "2022-03-03",
    "decided_on": None,
    "version": 1,
}
NEW_DECLARATION: dict[str, Any] = {
    "event": "PX-2022-0007",
    "unit": UNIT,
    "headcount": 32,
    "people": [{"name": "演示人员88"}],
}
