"""Invented data of the style guide. No name here is a real body or person."""

from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext as _

from core import words as portal_words

STATES = ("done", "normal", "due_soon", "unconfirmed", "overdue", "not_applicable")
AREAS = (
    ("数字政府", "数政"),
    ("数据标准", "标准"),
    ("融合创新", "融合"),
    ("指导监督", "监督"),
    ("人才队伍", "人才"),
    ("特色应用", "特色"),
)
UNITS = (
    "样例市人民政府",
    "样例局甲",
    "样例人力资源保障局",
    "样例规划和自然资源局",
    "样例区人民政府",
)


def words(today: date) -> dict[str, Any]:
    """Texts and days that the templates pass to components."""
    return {
        "crumbs": [{"url": "/", "label": _("首页")}],
        "page_title": _("样式指南"),
        "page_lede": _("全部组件和状态，数据都是虚构的。写页面前先看这里，用法见docs/design.md。"),
        "page_status": _("待审签"),
        "page_acts": [{"url": "?", "label": _("打印"), "icon": "print"}],
        "overdue_word": portal_words.relation(today - timedelta(days=3), today),
        "soon_word": portal_words.relation(today + timedelta(days=2), today),
        "tomorrow": today + timedelta(days=1),
        "yesterday": today - timedelta(days=1),
        "far": today + timedelta(days=40),
        "nothing": None,
        "mobile": "13812342201",
        "office": "0000-0000000",
        "todo_title": _("本周"),
        "next_say": _("轮到首席数据官审签"),
        "next_note": _("经办人已填好，预计阅读2分钟。"),
        "next_label": _("打开审签"),
        "login_note": _("登录已超时。登录后回到原处。"),
        "next_wait": _("等市政数局审核，已等2个工作日"),
        "week": _("本周"),
        "chart_source": _("来源：虚构数据"),
        "list_caption": _("任务"),
        "light_label": _("灯"),
        "number_label": _("编号"),
        "saved": _("已自动保存 09:41"),
        "confirm_title": _("撤销“数据标准培训”？"),
        "confirm_effect": _("撤销后不再提醒，记录保留。将通知经办人。"),
    }


def lists(today: date) -> dict[str, Any]:
    """Lists that the templates pass to components."""
    return {
        "statuses": [
            {"label": _("已交办"), "tone": ""},
            {"label": _("待审签"), "tone": "mine"},
            {"label": _("已退回"), "tone": "back"},
            {"label": _("已完成"), "tone": "over"},
        ],
        "six": _cells(6),
        "four": _cells(4),
        "ten": _cells(10),
        "areas": [_area(index) for index in range(6)],
        "facts": [
            {"label": _("应报总结"), "value": 12},
            {"label": _("已报"), "value": 4, "url": "#facts", "note": "33.3%"},
            {"label": _("待我审核"), "value": 3, "url": "#facts"},
            {"label": _("口径待确认"), "value": 18, "url": "#facts", "tone": "due"},
            {"label": _("逾期"), "value": 1, "url": "#facts", "tone": "late"},
        ],
        "todo": _todo(today),
        "summary": _summary(),
        "clause": {
            "document": _("样例市首席数据官制度试点实施方案"),
            "number": "样府办〔2021〕00号",
            "label": _("第四条（二）"),
            "text": _("样例条款：试点单位于2022年4月底前报送工作总结。"),
        },
        "steps": _steps(),
        "days": _days(today),
        "list_tools": [{"url": "?format=xlsx", "label": _("导出Excel"), "icon": "download"}],
        "banners": _banners(),
        "empties": _empties(),
    }


def _cells(count: int) -> list[dict[str, Any]]:
    return [{"name": AREAS[i % 6][0], "state": STATES[i % 6]} for i in range(count)]


def _area(index: int) -> dict[str, Any]:
    state = STATES[index]
    total = 0 if state == "not_applicable" else 5
    note = "" if state in {"not_applicable", "done"} else _("04-29截止")
    return {
        "name": AREAS[index][0],
        "state": state,
        "done": 3,
        "total": total,
        "note": note,
        "url": "#strip",
    }


def _todo(today: date) -> list[dict[str, Any]]:
    soon = portal_words.relation(today + timedelta(days=2), today)
    late = portal_words.relation(today - timedelta(days=3), today)
    return [
        {
            "url": "#todo",
            "title": _("审签年度工作总结"),
            "state": "due_soon",
            "word": soon,
            "note": _("演示人员14已填好，6项职责、4份佐证。预计阅读2分钟。"),
        },
        {
            "url": "#todo",
            "title": _("确认“数据分类分级目录”延期"),
            "state": "overdue",
            "word": late,
            "note": _("数据标准 · 原定2022-04-06。"),
        },
        {
            "url": "#todo",
            "title": _("组织业务人员培训"),
            "state": "unconfirmed",
            "note": _("人才队伍 · 文件写“2022年4月前”"),
        },
        {"url": "#todo", "title": _("公共数据目录年度更新"), "state": "normal"},
    ]


def _summary() -> list[dict[str, Any]]:
    return [
        {
            "label": _("首席数据官"),
            "value": _("演示人员02"),
            "note": _("副局长，2021-09-01任职"),
            "url": "#summary",
            "act": _("变更"),
        },
        {"label": _("经办人"), "value": ""},
        {"label": _("承办机构"), "value": _("科技信息化处"), "url": "#summary"},
        {"label": _("应办次数"), "value": 0},
    ]


def _steps() -> list[dict[str, Any]]:
    return [
        {"what": _("等待审签"), "state": "wait"},
        {"what": _("已提交"), "who": _("演示人员14"), "at": "2022-04-18 15:20", "state": "now"},
        {
            "what": _("退回修改"),
            "who": _("演示人员51"),
            "at": "2022-04-12 10:02",
            "note": _("“主要问题”只写了过程，补上数字。"),
        },
        {"what": _("交办"), "who": _("市政数局"), "at": "2022-03-01 09:00"},
    ]


def _days(today: date) -> list[dict[str, Any]]:
    title = _("年度工作总结")
    return [
        {
            "day": today,
            "rows": [
                {"title": title, "url": "#agenda", "state": "due_soon", "who": UNITS[1]},
                {
                    "title": _("组织业务人员培训"),
                    "url": "#agenda",
                    "state": "unconfirmed",
                    "who": UNITS[2],
                },
            ],
        },
        {
            "day": today + timedelta(days=3),
            "rows": [
                {"title": title, "url": "#agenda", "state": "normal", "who": UNITS[3]},
            ],
        },
    ]


def _banners() -> list[tuple[str, str]]:
    return [
        ("info", _("本期未截止，数据每日更新。")),
        ("success", _("已报送。编号BG-2022-0012，一般在3个工作日内审核。")),
        ("warning", _("尚未任命首席数据官。收到任命文件后登记。")),
        ("error", _("这条记录刚被别人改过。刷新页面，核对后再改。")),
    ]


def _empties() -> list[dict[str, str]]:
    return [
        {
            "kind": "none",
            "say": _("还没有单位"),
            "note": _("先导入单位名单，再登记首席数据官。"),
            "url": "#empty",
            "label": _("导入单位"),
        },
        {
            "kind": "filtered",
            "say": _("没有符合条件的任务"),
            "note": _("当前筛选：样例局甲、逾期"),
            "url": "#empty",
            "label": "",
        },
        {
            "kind": "refused",
            "say": "",
            "note": _("需要时联系本单位管理员。"),
            "url": "",
            "label": "",
        },
        {
            "kind": "error",
            "say": "",
            "note": _("页面上的其他内容不受影响。"),
            "url": "#empty",
            "label": "",
        },
    ]


def rows(today: date) -> list[dict[str, Any]]:
    """Sixty-four invented tasks."""
    return [
        {
            "state": STATES[index % 5],
            "number": f"RW-2022-{index + 1:04}",
            "title": _("组织业务人员培训") if index % 2 else _("报送年度工作总结"),
            "unit": UNITS[index % 5],
            "due_on": None if index % 7 == 3 else today + timedelta(days=index % 9 - 3),
            "open": bool(index % 5),
            "done": index % 3,
            "quantity": 2,
            "status": _("待审签") if index % 4 == 1 else _("已交办"),
            "tone": "mine" if index % 4 == 1 else "",
        }
        for index in range(64)
    ]
