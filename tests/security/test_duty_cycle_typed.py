"""What is typed into the duty cycle comes in as it can be seen, and no key or reason breaks a page."""

import pytest
from django import forms

from core.forms import Form, LimitedText
from reports import services
from reports.models import Dispatch
from tests.reports.conftest import desk  # noqa: F401 - a fixture

pytestmark = pytest.mark.django_db


class Typed(Form):
    title = forms.CharField(label="标题")
    text = LimitedText(limit=20, label="正文")


@pytest.mark.parametrize("sign", ["\u202e", "\u2066", "\ufeff", "\x1b", "\x85"])
def test_what_nobody_sees_does_not_come_in_by_a_form(sign):
    form = Typed({"title": f"甲{sign}乙", "text": f"甲{sign}\n乙"})
    assert form.is_valid()
    assert form.cleaned_data["title"] in {"甲乙", "甲 乙"}
    assert form.cleaned_data["text"] == "甲\n乙"


def test_a_zero_byte_is_refused_and_a_title_is_one_line():
    assert not Typed({"title": "甲\x00", "text": "乙"}).is_valid()
    form = Typed({"title": "甲\r\nBcc: x@example.org", "text": "乙"})
    assert form.is_valid()
    assert form.cleaned_data["title"] == "甲 Bcc: x@example.org"


def test_a_reason_that_does_not_fit_breaks_nothing(city, desk, head, browse):  # noqa: F811
    row = services.start_report(city.assignment(city.bureau, "overall_report"), by=desk.officer)
    row = services.put_up(services.draft_overall(row, by=desk.officer), by=desk.officer)
    row = services.sign(row, by=head)
    sending = services.Sending("演示人员90", "测政数函〔2022〕9号", row.handed_in_on, city.superior)
    services.dispatch(row, sending, by=desk.officer)
    row.refresh_from_db()
    client = browse(desk.officer)
    client.raise_request_exception = False
    for reason in ("\x00", " "):
        form = {"reason": reason, "version": row.version}
        assert client.post(f"/overall/{row.number}/void/", form).status_code < 500
        assert Dispatch.rows.get().voided_at is None
    form = {"reason": "登记有误" * 60, "version": row.version}
    assert client.post(f"/overall/{row.number}/void/", form).status_code < 500
    assert Dispatch.rows.get().void_reason == "登记有误" * 50


@pytest.mark.parametrize(
    ("path", "field", "who"),
    [
        ("/support/new/", "report", "data_officer"),
        ("/extensions/new/", "task", "data_officer"),
        ("/slips/new/", "tasks", "officer"),
        ("/review/batch/", "row", "officer"),
    ],
)
def test_a_key_with_a_zero_byte_names_nothing(path, field, who, cast, browse):
    client = browse(cast[who])
    client.raise_request_exception = False
    assert client.post(path, {field: "BG-2022\x000001@1"}).status_code < 500
