"""The bar says where a page belongs, also of pages that have no entry of their own."""

import pytest

pytestmark = pytest.mark.django_db

BELONGS = [
    ("/orders/", "任务", "任务"),
    ("/extensions/", "任务", "任务"),
    ("/slips/", "任务", "任务"),
    ("/support/", "任务", "任务"),
    ("/periods/", "审核", "报告"),
    ("/overall/", "审核", "报告"),
    ("/papers/", "审核", "报告"),
    ("/projects/", "单位", "单位"),
]


@pytest.mark.parametrize(("path", "officers", "heads"), BELONGS, ids=[row[0] for row in BELONGS])
def test_a_page_without_an_entry_belongs_to_one(path, officers, heads, officer, head, browse):
    for user, wanted in ((officer, officers), (head, heads)):
        answer = browse(user).get(path)
        if answer.status_code == 403:
            continue
        nav = answer.context["chrome"].nav
        assert [str(entry.label) for entry in nav if entry.is_current] == [wanted], user
