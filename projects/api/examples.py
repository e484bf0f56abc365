"""Examples in the OpenAPI document: a project whose 立项 is vetoed, and a finding."""

from typing import Any

ADDRESS = "https://portal.example.gov.cn/api/v1"
PROGRAMME, UNIT, UNIT_NAME = "shenzhen-2021", "440300-gaj", "市公安局"
REASON_SAID = "与市公共数据共享平台功能重复。"
BASIS = "《深圳市首席数据官制度试点实施方案》四（二）4"

PROJECT: dict[str, Any] = {
    "id": "XM-2021-0001",
    "url": f"{ADDRESS}/projects/XM-2021-0001/",
    "programme": PROGRAMME,
    "unit": UNIT,
    "unit_name": UNIT_NAME,
    "name": "警务数据共享平台",
    "city_code": "",
    "kind": "build",
    "summary": "汇聚警务数据，提供共享接口。",
    "budget": "860.00",
    "responsible": "科技处演示人员05",
    "started_on": None,
    "closed_on": None,
    "note": "",
    "approval": "veto",
    "approval_on": "2021-11-12",
    "approval_opinion": 7,
    "acceptance": None,
    "acceptance_on": None,
    "acceptance_opinion": None,
    "missing": [],
    "warnings": ["approval_vetoed"],
    "records": [
        {
            "id": 3,
            "kind": "coordination",
            "text": "与市政务服务数据管理局协调共享接口。",
            "result": "改为依托市共享平台建设。",
            "document_number": "",
            "happened_on": "2021-12-03",
        }
    ],
    "on": "2022-04-15",
    "withdrawn_on": None,
    "withdraw_reason": "",
    "updated_at": "2021-11-12T10:00:00+08:00",
    "version": 3,
}
NEW_PROJECT: dict[str, Any] = {
    "programme": PROGRAMME,
    "unit": UNIT,
    "name": "警务数据共享平台",
    "kind": "build",
    "budget": "860",
}
OPINION: dict[str, Any] = {
    "id": 7,
    "url": f"{ADDRESS}/opinions/7/",
    "project": "XM-2021-0001",
    "project_name": "警务数据共享平台",
    "programme": PROGRAMME,
    "unit": UNIT,
    "unit_name": UNIT_NAME,
    "gate": "approval",
    "decision": "veto",
    "reason": REASON_SAID,
    "basis": BASIS,
    "document_number": "",
    "file_name": "",
    "given_on": "2021-11-12",
    "cdo_name": "演示人员03",
    "route": "online",
    "power": "shenzhen-2021-power-veto",
    "clause": "shenzhen-2021-plan-4-2-4",
    "entered_at": "2021-11-12T10:00:00+08:00",
}
NEW_OPINION: dict[str, Any] = {
    "project": "XM-2021-0001",
    "gate": "approval",
    "decision": "veto",
    "reason": REASON_SAID,
    "basis": BASIS,
    "given_on": "2021-11-12",
    "route": "paper",
    "cdo_name": "演示人员03",
    "document_number": "测公〔2021〕31号",
}
CHECK: dict[str, Any] = {
    "gate": "approval",
    "condition": "catalogue",
    "is_met": True,
    "evidence": "目录编号GZ-2023-0001",
}
RECORD: dict[str, Any] = {
    "kind": "coordination",
    "text": "与市政务服务数据管理局协调共享接口。",
    "happened_on": "2021-12-03",
}
FINDING: dict[str, Any] = {
    "id": "FX-2022-0001",
    "url": f"{ADDRESS}/findings/FX-2022-0001/",
    "programme": PROGRAMME,
    "unit": UNIT,
    "unit_name": UNIT_NAME,
    "project": None,
    "nature": "breach",
    "title": "未经审批对外提供数据",
    "what": "日志核查发现某接口未办理审批手续。",
    "basis": "《中华人民共和国数据安全法》",
    "found_on": "2022-04-07",
    "status": "correcting",
    "status_as_of": "2022-04-15",
    "is_overdue": False,
    "on": "2022-04-15",
    "stopped_on": "2022-04-08",
    "measures": "补办审批手续。",
    "due_on": "2022-05-16",
    "corrected_on": None,
    "closed_on": None,
    "close_reason": "",
    "steps": [
        {
            "id": 1,
            "step": "report",
            "happened_on": "2022-04-07",
            "text": "日志核查发现某接口未办理审批手续。",
            "due_on": None,
            "document_number": "",
        }
    ],
    "updated_at": "2022-04-08T10:00:00+08:00",
    "version": 3,
}
NEW_FINDING: dict[str, Any] = {
    "programme": PROGRAMME,
    "unit": UNIT,
    "nature": "breach",
    "title": "未经审批对外提供数据",
    "what": "日志核查发现某接口未办理审批手续。",
    "basis": "《中华人民共和国数据安全法》",
    "found_on": "2022-04-07",
}
ORDER: dict[str, Any] = {
    "happened_on": "2022-04-08",
    "measures": "补办审批手续。",
    "due_on": "2022-05-16",
}
