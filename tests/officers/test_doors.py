"""From a task to the page on which it is done."""

import pytest

from duties import doors
from duties.choices import Nature
from duties.models import Assignment

pytestmark = pytest.mark.django_db


def _page(client, unit, nature):
    row = Assignment.rows.get(enrolment__unit=unit, obligation__nature=nature)
    return row, client.get(f"/tasks/{row.number}/")


@pytest.mark.parametrize("nature", ["post", "filing", "plan", "office", "training"])
def test_the_unit_is_led_from_its_task_to_the_page_that_does_it(
    register, data_officer, browse, nature
):
    client = browse(data_officer)
    register.appoint(register.city.department, "2021-09-16")
    _row, page = _page(client, register.city.department, nature)
    door = page.context["door"]
    assert str(door["label"]) in page.content.decode()
    assert client.get(door["url"]).status_code == 200


def test_nobody_is_led_who_only_reads_where_no_page_does_it_or_when_it_is_at_the_desk(
    register, data_officer, head, browse
):
    unit = register.city.department
    assert _page(browse(head), unit, "plan")[1].context["door"] is None
    training = register.city.obligations["training"]
    training.nature = Nature.OTHER
    training.save()
    assert _page(browse(data_officer), unit, Nature.OTHER)[1].context["door"] is None
    Assignment.rows.filter(enrolment__unit=unit, obligation__nature="plan").update(
        status="submitted", accepted_at="2022-04-01T00:00Z"
    )
    assert _page(browse(data_officer), unit, "plan")[1].context["door"] is None


def test_a_nature_is_served_by_one_page():
    with pytest.raises(ValueError, match="plan"):
        doors.register(Nature.PLAN, doors.Door("x", "home"))
