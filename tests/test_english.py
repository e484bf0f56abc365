"""The English interface: every message is translated, and no page shows Chinese of its own.

What comes from the database stays Chinese (names of units, clauses, people): a page's text is
compared with the strings that the test's database holds, so that no list of elements is needed.
A document that goes out is Chinese whoever reads, and says so by `lang="zh-CN"`.
"""

import re
from collections.abc import Iterator
from datetime import date
from html.parser import HTMLParser
from urllib.parse import urlsplit

import pytest
from django.apps import apps
from django.conf import settings
from django.db import models
from django.test import Client
from django.urls import Resolver404, resolve

from accounts.models import User
from cdo_portal.checks import translations
from core.models import SiteState
from duties.services import fulfil
from pilots.models import Enrolment
from reminders.services import give_feedback, plan
from reports.models import Report
from tests.plenty import everything

CHINESE = re.compile(r"[\u3400-\u9fff]+")
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%%|%[sd]|<a [^>]+>|</a>")
# Examples that a message quotes as they are written in China, and a language's own name.
QUOTED = re.compile(r"“[^”]*”|（[^）]*）|\([^)]*\)|^简体中文$")
FULL_WIDTH = re.compile(r"[，。：；！？、（）【】《》　]")
SHOWN = {"title", "aria-label", "placeholder", "alt", "content", "data-label", "label"}
# A language is named in its own words.
LANGUAGES = ("简体中文", "中文")
# Settings of a site, written by its administrator.
SETTINGS = ("SITE_OWNER", "LEAD_BUREAU_NAME", "HELP_HOURS", "HELP_PHONE")
A_FEW = 2  # pages looked at for each kind of page, by those who have most of them
MOST_PAGES = {"officer"}
A_LINE = 8  # characters: shorter ones must be a whole text of the database
CREW = (
    "officer",
    "head",
    "data_officer",
    "unit_cdo",
    "provincial_reader",
    "evaluator",
    "auditor",
    "system_admin",
    "security_admin",
)


def pairs() -> Iterator[tuple[str, str]]:
    """(Chinese, English) of each message, each form of a plural by itself."""
    for message in translations.kept():
        if message.id and isinstance(message.id, str):
            yield message.id, message.string
        elif message.id:
            yield from ((message.id[0], text) for text in message.string)


def test_every_message_is_translated():
    assert translations.faults(translations.kept()) == []


def test_placeholders_are_kept():
    broken = [
        (source, text)
        for source, text in pairs()
        if set(PLACEHOLDER.findall(source)) != set(PLACEHOLDER.findall(text)) or not text.strip()
    ]
    assert broken == []


def test_english_is_english():
    """No Chinese but quoted examples, no Chinese punctuation, nothing that shouts."""
    bare = [QUOTED.sub("", text) for _source, text in pairs()]
    assert [text for text in bare if CHINESE.search(text) or FULL_WIDTH.search(text)] == []
    assert [text for text in bare if "!" in text] == []


class Page(HTMLParser):
    """What a page says in the reader's language, in pieces, and where it leads."""

    SILENT = {"script", "style"}

    def __init__(self, text: str) -> None:
        super().__init__()
        self.pieces: list[str] = []
        self.links: list[str] = []
        self.silent = 0
        self.document = ""  # the element that holds a Chinese document
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.silent += tag in self.SILENT
        given = dict(attrs)
        if given.get("lang") == "zh-CN":
            self.document = tag
        if self.document:
            return
        if tag == "a" and given.get("href"):
            self.links.append(given["href"])
        shown = {name for name in given if name in SHOWN or name.startswith("data-")}
        if tag == "input" and given.get("type") in {"submit", "button"}:
            shown.add("value")
        self.pieces += [given[name] for name in sorted(shown) if given[name]]

    def handle_endtag(self, tag):
        self.silent -= tag in self.SILENT
        if tag == self.document:
            self.document = ""

    def handle_data(self, data):
        if data.strip() and not self.silent and not self.document:
            self.pieces.append(data)


def texts_in(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from (text for one in value.values() for text in texts_in(one))
    elif isinstance(value, (list, tuple)):
        yield from (text for one in value for text in texts_in(one))


def data_texts() -> list[str]:
    """Every Chinese string in the database, the site's settings and the examples that messages
    quote, the longest first."""
    found = {*LANGUAGES, *(str(getattr(settings, name, "")) for name in SETTINGS)}
    found.update(one for _source, text in pairs() for one in QUOTED.findall(text))
    for model in apps.get_models():
        names = [
            one.attname
            for one in model._meta.concrete_fields
            if isinstance(one, (models.CharField, models.TextField, models.JSONField))
            or one.get_internal_type() == "ArrayField"
        ]
        for row in model._base_manager.values_list(*names) if names else ():
            found.update(text for text in texts_in(row) if CHINESE.search(text))
    return sorted((text for text in found if CHINESE.search(text)), key=len, reverse=True)


def chinese_left(piece: str, known: list[str]) -> str:
    """The piece without what the database says; '' when no Chinese is left."""
    if not CHINESE.search(piece):
        return ""
    left = "\n".join(part for part in re.split(r"[\n…　]+", piece) if not is_cut(part, known))
    for text in known:
        left = left.replace(text, "")
    left = "\n".join(part for part in left.splitlines() if not is_cut(part, known))
    return left.strip() if CHINESE.search(left) else ""


def is_cut(part: str, known: list[str]) -> bool:
    """A line, or the beginning, of a longer text of the database."""
    return len(part.strip()) >= A_LINE and any(part.strip() in text for text in known)


def kind_of(path: str) -> str:
    """The kind of page, '' for what is no page of the portal. Turning Word into PDF takes longer
    than a page, and only where that is possible does a link lead there."""
    if path.startswith(("/admin/", "/api/", settings.STATIC_URL)) or path.endswith(".pdf"):
        return ""
    try:
        return resolve(path).view_name
    except Resolver404:
        return ""


def behind_forms() -> Iterator[str]:
    """Pages that a form leads to and no link, or too many links before them."""
    yield from ("/search/?q=数据", "/help/", "/approvals/lent/", "/overall/", "/papers/", "/week/")
    for report in Report.rows.exclude(kind="overall"):
        one = f"/reports/{report.number}"
        yield from (f"{one}/{name}/" for name in ("check", "editions", "edit", "handed-in"))
        yield from (
            f"{one}/evidence/pick/{key}/" for key in report.sections.values_list("key", flat=True)
        )
        yield f"/review/{report.number}/"
    for report in Report.rows.filter(kind="overall"):
        yield from (f"/overall/{report.number}/{name}/" for name in ("passages", "send"))
    for unit in Enrolment.rows.filter(part="pilot").values_list("unit__code", flat=True):
        yield from (f"/approvals/lent/{unit}/new/", f"/approvals/chain/{unit}/")


def crawl(client: Client, start: str, most: int) -> Iterator[tuple[str, Page]]:
    """Pages reached by links, at most so many of each kind."""
    waiting, seen, kinds = [*behind_forms(), start], {start}, {}
    while waiting:
        path = waiting.pop(0)
        kind = kind_of(path)
        if not kind or kinds.setdefault(kind, 0) >= most:
            continue
        kinds[kind] += 1
        answer = client.get(path, follow=True)
        if "text/html" not in answer.headers.get("Content-Type", ""):
            continue
        page = Page(answer.content.decode())
        yield path, page
        for link in page.links:
            target = urlsplit(link)
            if not target.netloc and target.path.startswith("/") and target.path not in seen:
                seen.add(target.path)
                waiting.append(target.path)


@pytest.fixture
def lively(city, cast, settings, tmp_path):
    """The city with something of everything, and everybody reading English."""
    settings.EMAIL_FILE_PATH = str(tmp_path)  # mails speak their recipients' language
    record = city.assignment(city.department, "training")
    fulfil(record, source_key="t1", happened_on=date(2022, 3, 20), by=cast["officer"])
    everything(city, cast)
    plan(date(2022, 4, 26))
    give_feedback(text="字太小", page="/units/", by=cast["data_officer"])
    User.objects.update(language="en")
    SiteState.objects.update(is_demo=True)
    return {name: User.objects.get(pk=cast[name].pk) for name in CREW}


@pytest.mark.parametrize("who", CREW)
def test_pages_show_no_chinese_of_their_own(lively, browse, who):
    pages = list(crawl(browse(lively[who]), "/", A_FEW if who in MOST_PAGES else 1))
    known = data_texts()
    found = {text: path for path, page in pages for text in page.pieces}
    assert len(pages) > 5
    assert [(path, text) for text, path in found.items() if chinese_left(text, known)] == []
    # Where no name of the database stands beside it, punctuation is the page's own.
    bare = [(path, text) for text, path in found.items() if not CHINESE.search(text)]
    assert [(path, text) for path, text in bare if FULL_WIDTH.search(text.replace("　", ""))] == []


def test_login_in_english(db):
    client = Client()
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    page = Page(client.get("/login/").content.decode())
    known = data_texts()
    assert [piece for piece in page.pieces if chinese_left(piece, known)] == []
    assert "Log in" in "".join(page.pieces)
