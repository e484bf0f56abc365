"""Every change of the duty cycle by the API: on which row it is made, by whom, and who sees the row."""

from dataclasses import dataclass

from accounts.roles import ROLE_PERMISSIONS, SITE_ROLE_PERMISSIONS
from reports.models import Period, Review
from tests.duties.chasing import REASON

from .conftest import VIEWSETS

UNIT, BUREAU = ("data_officer", "unit_cdo"), ("officer", "head")
WIDE = ("evaluator", "provincial_reader", "api_client_user", "auditor")
OWN, ISSUERS = (*UNIT, "auditor"), (*BUREAU, "auditor")
ALL = (*UNIT, *BUREAU, *WIDE)
DRAFTER, HEAD, CDO = ("officer",), ("head",), ("unit_cdo",)
HELD = {"stranger": "data_officer", "foreigner": "bureau_officer", "officer": "bureau_officer"}
HELD |= {"head": "bureau_head", "api_client_user": "api_client"}
WHY, DATED = {"reason": "登记有误"}, {"text": "已停用", "happened_on": "2022-04-01"}
PERIOD = {
    "code": "2022Q3", "title": "第三季度", "starts_on": "2022-07-01", "ends_on": "2022-09-30",
    "opens_on": "2022-10-01", "due_on": "2022-10-15", "basis_title": "通知",
}  # fmt: skip
SUPPORT = {"nature": "problem", "title": "标准不一", "text": "目录无法合并。"}
PROJECT = {"name": "平台"}
FINDING = {
    "nature": "breach", "title": "未经审批", "what": "接口", "basis": "数据安全法",
    "found_on": "2022-03-01",
}  # fmt: skip
CHECK = {"gate": "approval", "condition": "catalogue", "is_met": True, "evidence": "目录1号"}
RECORD = {"kind": "coordination", "text": "协调", "happened_on": "2022-04-01"}
VETO = {"gate": "approval", "decision": "veto", "reason": "重复", "basis": "方案四（二）4"}
SENT = {
    "signed_by_name": "演示人员90", "document_number": "测政数函〔2022〕9号", "sent_on": "2022-04-15",
}  # fmt: skip
ORDER = {"measures": "补办手续", "due_on": "2022-05-10"}
EXTENSION = {"wanted_on": "2022-06-10", "reason": REASON}


@dataclass(frozen=True)
class Change:
    """`row` names one of `duty_rows`, "" for a new one; `refs` the fields that name other rows."""

    row: str
    content: dict
    may: tuple
    seen: tuple
    refs: tuple = ()


# The bureau reads a report when it was handed in once; the unit's draft is its own matter.
CHANGES = {
    "periods.create": Change("", PERIOD, DRAFTER, (*ALL, "stranger"), ("programme",)),
    "periods.partial_update": Change("period", {"note": "x"}, DRAFTER, (*ALL, "stranger")),
    "periods.close": Change("period", {}, DRAFTER, (*ALL, "stranger")),
    "periods.reopen": Change("closed", {}, DRAFTER, (*ALL, "stranger")),
    "reports.create": Change("", {}, UNIT, ALL, ("assignment",)),
    "reports.save_section": Change("draft", {"body": "有进展。"}, UNIT, OWN),
    "reports.carry_over": Change("draft", {}, UNIT, OWN),
    "reports.unchanged": Change("draft", {}, UNIT, OWN),
    "reports.put_up": Change("draft", {}, UNIT, OWN),
    "reports.take_back": Change("to_sign", {}, UNIT, OWN),
    "reports.sign": Change("to_sign", {}, CDO, OWN),
    "reports.turn_back": Change("to_sign", WHY, CDO, OWN),
    "reports.recall": Change("handed", {}, UNIT, ALL),
    "reports.accept": Change("handed", {}, DRAFTER, ALL),
    "reports.give_back": Change("handed", {"remarks": [{"text": "补充"}]}, DRAFTER, ALL),
    "reports.passages": Change("overall", {"passages": []}, DRAFTER, ISSUERS),
    "reports.draft": Change("overall", {}, DRAFTER, ISSUERS),
    "reports.dispatch_entry": Change("overall_signed", SENT, DRAFTER, ISSUERS, ("receiver",)),
    "reviews.undo": Change("review", {}, DRAFTER, ALL),
    "support-requests.create": Change("", SUPPORT, UNIT, ALL, ("programme", "unit")),
    "support-requests.partial_update": Change("request", {"title": "x"}, UNIT, ALL),
    "support-requests.promise": Change("request", {"answer_by": "2022-04-29"}, DRAFTER, ALL),
    "support-requests.answer_": Change("request", {"text": "五月安排。"}, DRAFTER, ALL),
    "support-requests.reopen": Change("answered", {"text": "太晚。"}, UNIT, ALL),
    "support-requests.close": Change("answered", {}, UNIT, ALL),
    "support-requests.withdraw": Change("request", WHY, UNIT, ALL),
    "extensions.create": Change("", EXTENSION, UNIT, ALL, ("assignment",)),
    "extensions.resubmit": Change("ext_returned", EXTENSION, UNIT, OWN),
    "extensions.withdraw": Change("ext_to_sign", {}, UNIT, OWN),
    "extensions.agree": Change("ext_to_sign", {}, CDO, OWN),
    "extensions.give_back": Change("ext_to_sign", WHY, CDO, OWN),
    "extensions.answer_": Change("ext_asked", {"verdict": "grant"}, DRAFTER, ALL),
    "extensions.undo": Change("ext_granted", {}, DRAFTER, ALL),
    "slips.create": Change("", {"level": "chase"}, DRAFTER, ALL, ("assignment",)),
    "slips.resubmit": Change("slip_returned", {"template": "请办理。"}, DRAFTER, ISSUERS),
    "slips.cancel": Change("slip_waiting", WHY, DRAFTER, ISSUERS),
    "slips.agree": Change("slip_waiting", {}, HEAD, ISSUERS),
    "slips.give_back": Change("slip_waiting", WHY, HEAD, ISSUERS),
    "slips.reply": Change("slip_sent", {"text": "明天完成。"}, UNIT, ALL),
    "orders.create": Change("", {"title": "通知"}, DRAFTER, ALL, ("programme",)),
    "orders.partial_update": Change("order_draft", {"title": "x"}, DRAFTER, ISSUERS),
    "orders.submit": Change("order_draft", {}, DRAFTER, ISSUERS),
    "orders.recall": Change("order_waiting", {}, DRAFTER, ISSUERS),
    "orders.sign": Change("order_waiting", {}, HEAD, ISSUERS),
    "orders.send_back": Change("order_waiting", WHY, HEAD, ISSUERS),
    "orders.withdraw": Change("order_sent", WHY, BUREAU, ALL),
    "remarks.create": Change("", {"text": "请加快。"}, (*CDO, *HEAD), ALL, ("assignment",)),
    "remarks.strike": Change("remark", WHY, BUREAU, ALL),
    "projects.create": Change("", PROJECT, (*UNIT, *DRAFTER), ALL, ("programme", "unit")),
    "projects.partial_update": Change("project", {"note": "x"}, (*UNIT, *DRAFTER), ALL),
    "projects.withdraw": Change("project", WHY, (*UNIT, *DRAFTER), ALL),
    "projects.records": Change("project", RECORD, (*UNIT, *DRAFTER), ALL),
    "projects.checks": Change("project", CHECK, (*UNIT, *DRAFTER), ALL),
    "opinions.create": Change("", VETO, CDO, ALL, ("project",)),
    "findings.create": Change("", FINDING, (*UNIT, *DRAFTER), ALL, ("programme", "unit")),
    "findings.partial_update": Change("found", {"title": "x"}, (*UNIT, *DRAFTER), ALL),
    "findings.stop": Change("found", DATED, (*UNIT, *DRAFTER), ALL),
    "findings.order": Change("found", ORDER, (*UNIT, *DRAFTER), ALL),
    "findings.correct": Change("found", DATED, (*UNIT, *DRAFTER), ALL),
    "findings.close": Change("found", WHY, (*UNIT, *DRAFTER), ALL),
    "findings.follow_up": Change("found", DATED, (*UNIT, *DRAFTER), ALL),
    "findings.redate": Change(
        "correcting", {"due_on": "2022-05-20", "text": "延后"}, (*UNIT, *DRAFTER), ALL
    ),
    "findings.reopen": Change("corrected", ORDER, (*UNIT, *DRAFTER), ALL),
}
ENDPOINTS = sorted({name.split(".")[0] for name in CHANGES})


def lacks_permission(role, endpoint, action):
    """Whether the role is refused before the row is looked for."""
    if role.endswith("_admin") or role == "auditor":
        held = SITE_ROLE_PERMISSIONS[role]
    else:
        held = ROLE_PERMISSIONS[HELD.get(role, role)]
    viewset = VIEWSETS[endpoint]
    writers = getattr(viewset, "writers", held)
    return viewset.permission_map[action] not in held or not set(writers) & set(held)


def expected(name, cast):
    """{role: status} of the change, made by everybody in turn."""
    endpoint, action = name.split(".")
    change = CHANGES[name]
    blind = 404 if change.row else 422
    return {
        role: 200
        if role in change.may
        else 403
        if role in change.seen or lacks_permission(role, endpoint, action)
        else blind
        for role in cast
    }


def place(name, row):
    """(path, method) of a change on that row."""
    endpoint, action = name.split(".")
    if action == "create":
        return endpoint, "post"
    path = f"{endpoint}/{key_of(row)}"
    if action == "partial_update":
        return path, "patch"
    if action == "save_section":
        return f"{path}/sections/{row.sections.standing().first().key}", "patch"
    return f"{path}/{getattr(VIEWSETS[endpoint], action).url_path}", "post"


def key_of(row):
    if isinstance(row, Review):
        return row.pk
    return row.audit_key if isinstance(row, Period) else row.number
