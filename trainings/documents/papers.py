"""What each paper of an event says, once for the page that is printed and for Word."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.conf import settings
from django.utils.translation import override

from core import documents

from ..choices import Answer
from ..models import Attendance, Event

SPARE = 8  # empty lines below the names of a sign-in sheet
WEEKDAYS = "一二三四五六日"


@dataclass
class Paper:
    """A document in parts: {"heading"} | {"text"} | {"facts": [{label, value}]} | {"heads", "rows",
    "widths"} | {"page": its title}. `signer` and `on` stand at its end."""

    title: str
    number: str = ""
    addressee: str = ""
    parts: list[dict[str, Any]] = field(default_factory=list)
    signer: str = ""
    on: date | None = None

    def heading(self, text: str) -> "Paper":
        self.parts.append({"heading": text})
        return self

    def text(self, text: str) -> "Paper":
        self.parts.append({"text": text})
        return self

    def facts(self, pairs: Iterable[tuple[str, Any]]) -> "Paper":
        rows = [{"label": label, "value": value} for label, value in pairs if value]
        self.parts.append({"facts": rows})
        return self

    def table(self, heads: list[str], rows: list[list[Any]], widths: tuple[int, ...]) -> "Paper":
        self.parts.append({"heads": heads, "rows": rows, "widths": widths})
        return self

    def page(self, title: str) -> "Paper":
        self.parts.append({"page": title})
        return self


def notice(event: Event, _people: Any) -> Paper:
    """会议通知. Without a red head and a seal: what the portal writes is for its organiser to issue."""
    invited = "、".join(row.unit.full_name for row in _invited(event)) or "各有关单位"
    what = "会议" if event.is_meeting else "培训"
    paper = Paper(f"关于举办{event.title}的通知", event.document_number, invited)
    paper.text(f"定于{_when(event)}举办{event.title}，现将有关事项通知如下。")
    paper.heading(f"{what}时间").text(_when(event))
    paper.heading(f"{what}形式和地点").text("，".join(filter(None, (_form(event), event.place))))
    if event.audience:
        paper.heading("参加人员").text(event.audience)
    if event.content:
        paper.heading(f"{what}内容").text(event.content)
    if event.reply_by_on:
        day = documents.chinese_day(event.reply_by_on)
        paper.heading("其他事项").text(f"请于{day}前通过首席数据官履职管理平台送参会回执。")
    paper.signer, paper.on = _hosts(event), None
    return paper


def receipt(event: Event, _people: Any) -> Paper:
    """参会回执 as a table: what was answered, empty lines for those who have not."""
    paper = Paper(f"{event.title}参会回执")
    rows = [
        [
            row.unit.display_name,
            row.get_answer_display() if row.answer else "",
            row.headcount or ("0" if row.answer == Answer.AWAY else ""),
            row.people or row.answer_note,
        ]
        for row in _invited(event)
    ]
    paper.table(
        ["单位", "是否参加", "人数", "参加人员和说明"], rows or [[""] * 4] * SPARE, (8, 4, 3, 9)
    )
    return paper


def sign_in(event: Event, people: Any) -> Paper:
    """签到表 with the names that are known, and lines to write on."""
    paper = Paper(f"{event.title}签到表")
    paper.facts([("编号", event.number), ("时间", _when(event)), ("地点", event.place)])
    rows: list[list[Any]] = [
        [place, row.name, row.unit_label, row.duty, ""] for place, row in enumerate(people, 1)
    ]
    rows += [[len(rows) + step, "", "", "", ""] for step in range(1, SPARE + 1)]
    return paper.table(["序号", "姓名", "单位", "职务", "签名"], rows, (2, 4, 8, 6, 5))


def minutes(event: Event, people: Any) -> Paper:
    """纪要 (GB/T 9704 names it; the portal writes its plain form)."""
    paper = Paper(f"{event.title}纪要", event.number)
    paper.text(f"{_when(event)}，{_hosts(event)}举办{event.title}。{event.minutes}")
    agreed = event.resolutions.filter(dropped_at=None).prefetch_related("leads__unit__names")
    if agreed:
        paper.heading("议定事项")
        for row in agreed:
            leads = "、".join(each.unit.display_name for each in row.leads.all())
            due = f"{documents.chinese_day(row.due_on)}前完成" if row.due_on else ""
            told = "，".join(filter(None, (leads, due)))
            paper.text(f"{row.position}. {row.text.rstrip('。')}{f'（{told}）' if told else ''}。")
    names = "、".join(f"{row.name}（{row.unit_label}）" for row in people)
    if names:
        paper.heading("参加人员").text(f"{names}。")
    paper.signer, paper.on = _hosts(event), event.ends_on
    return paper


def certificate(event: Event, people: Any) -> Paper:
    """培训证书, a page for each who attended."""
    paper = Paper("培训证书")
    hours = f"，共{_plain(event.hours)}学时" if event.hours else ""
    for place, row in enumerate(people):
        if place:
            paper.page("培训证书")
        paper.text(f"{row.name}（{row.unit_label}）：")
        paper.text(f"于{_when(event)}参加“{event.title}”{hours}，特此证明。")
        paper.text(f"编号：{event.number}-{place + 1:03d}　举办单位：{_hosts(event)}")
    paper.signer, paper.on = _hosts(event), event.ends_on
    return paper


KINDS: dict[str, tuple[str, Callable[[Event, Any], Paper]]] = {
    "notice": ("通知", notice),
    "receipt": ("参会回执", receipt),
    "sign-in": ("签到表", sign_in),
    "minutes": ("纪要", minutes),
    "certificate": ("证书", certificate),
}


def paper_of(event: Event, kind: str, user: Any) -> Paper:
    """The paper, with the names that its reader may see. A document is Chinese, whoever reads
    English. Raises KeyError for a kind that there is none of."""
    rows = Attendance.objects.visible_to(user).counted().filter(event=event)
    with override(settings.LANGUAGE_CODE):
        people = list(rows.select_related("unit", "person").order_by("unit_id", "pk"))
        return KINDS[kind][1](event, people)


def write(paper: Paper) -> bytes:
    """The .docx."""
    with override(settings.LANGUAGE_CODE):
        document = documents.new(title=paper.title, number=paper.number, addressee=paper.addressee)
        for part in paper.parts:
            _put(document, part)
        if paper.signer:
            document.sign(paper.signer, paper.on)
        return document.bytes()


def _put(document: Any, part: dict[str, Any]) -> None:
    if "heading" in part:
        document.heading(1, part["heading"])
    elif "text" in part:
        document.paragraph(part["text"])
    elif "facts" in part:
        document.facts([(row["label"], row["value"]) for row in part["facts"]])
    elif "page" in part:
        document.annex(part["page"])
    else:
        document.table(part["heads"], part["rows"], part["widths"])


def file_name(event: Event, kind: str) -> str:
    return f"{event.title}_{KINDS[kind][0]}_{event.number}.docx"


def _invited(event: Event) -> Any:
    rows = event.participants.select_related("enrolment__unit")
    return rows.prefetch_related("enrolment__unit__names")


def _hosts(event: Event) -> str:
    return "、".join(row.enrolment.unit.full_name for row in event.organisers.all())


def _when(event: Event) -> str:
    first = documents.chinese_day(event.starts_on)
    if event.ends_on != event.starts_on:
        return f"{first}至{documents.chinese_day(event.ends_on)}"
    day = f"{first}（星期{WEEKDAYS[event.starts_on.weekday()]}）"
    return f"{day}{event.begins_at:%H:%M}" if event.begins_at else day


def _form(event: Event) -> str:
    return str(event.get_form_display())


def _plain(value: Any) -> str:
    return f"{value:f}".rstrip("0").rstrip(".")
