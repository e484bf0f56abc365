"""Teams, experts and members by the API."""

import pytest

from tests.factories.officers import PersonFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def team(register, data_officer, done):
    content = {
        "unit": register.city.department.code,
        "kind": "cdo_office",
        "name": "首席数据官办公室",
        "modes": ["part_time", "purchased", "part_time"],
        "starts_on": "2022-03-01",
        "headcount": 6,
    }
    return done(data_officer, "teams", content)


def test_an_office_is_set_up_mended_and_ended(team, register, data_officer, done, officer):
    assert team["modes"] == ["part_time", "purchased"]
    task = register.city.assignment(register.city.department, "office")
    assert task.status == "done"
    leader = PersonFactory(unit=register.city.department)
    content = {"leader": str(leader.uuid), "headcount": None}
    row = done(data_officer, f"teams/{team['id']}", content, method="patch")
    assert (row["leader_name"], row["headcount"], row["version"]) == (leader.name, None, 2)
    ended = done(officer, f"teams/{team['id']}/end", {"ends_on": "2022-04-14"})
    assert ended["ends_on"] == "2022-04-14"
    assert (
        done(officer, f"teams/{team['id']}/void", {"reason": "误登记"})["void_reason"] == "误登记"
    )


def test_an_expert_joins_is_mended_and_leaves(team, data_officer, done, send, read, ids):
    path = f"teams/{team['id']}/members"
    new = {"name": "演示人员03", "mobile": "13712345678"}
    content = {"new_person": new, "entry_mode": "purchased", "starts_on": "2022-03-10"}
    assert list(send(data_officer, path, content).json()["errors"]) == ["employer"]
    answer = send(data_officer, path, {**content, "employer": "某公司"})
    row = answer.json()
    assert (answer.status_code, answer["Location"]) == (201, row["url"])
    assert ids(data_officer, "experts") == [row["id"]]
    members = read(data_officer, "teams", team["id"])["members"]
    assert [(each["id"], each["entry_mode"]) for each in members] == [(row["id"], "purchased")]
    path = f"experts/{row['id']}"
    row = done(data_officer, path, {"expertise": "数据治理"}, method="patch")
    assert (row["expertise"], row["employer"], row["version"]) == ("数据治理", "某公司", 2)
    assert done(data_officer, f"{path}/end", {"ends_on": "2022-04-01"})["ends_on"] == "2022-04-01"
    assert done(data_officer, f"{path}/void", {"reason": "误登记"})["voided_at"]
    assert ids(data_officer, "experts") == []


def test_an_own_clerk_is_no_expert_and_still_has_an_address(
    team, register, data_officer, done, ids, read
):
    clerk = PersonFactory(unit=register.city.department)
    content = {"person": str(clerk.uuid), "starts_on": "2022-03-10", "duty": "统筹"}
    row = done(data_officer, f"teams/{team['id']}/members", content)
    assert ids(data_officer, "experts") == []
    assert read(data_officer, "experts", row["id"])["duty"] == "统筹"
