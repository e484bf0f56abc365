"""The scenes of the evaluation: one round over the twelve CDOs of 试点区和部门, published on the story's last
day. Weights and scores are invented, and marked so.

The two reviewers differ too much on 南山区's project management, which the bureau's head settles; three
objections: 市公安局's is upheld, 福田区's in part, 市医保局's refused.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from accounts import services as accounts
from accounts.models import User
from accounts.roles import Role
from core import clock
from evaluations import criteria, services
from evaluations.choices import Hand, Move, ObjectionMove
from evaluations.models import Indicator, Result, Round, Scorecard
from evaluations.queries.checking import Sketch
from pilots import services as pilots
from pilots.choices import Part
from pilots.models import Enrolment, Membership, Programme

from . import people, story

DEMO = "（演示）"
NOTE = "演示数据：分值和下级指标由演示设定，不是文件规定。"
PERIOD = (date(2021, 8, 3), date(2022, 4, 30))
PROJECTS, CATALOGUE, SELF, UNIT = "d-2-2", "d-3-1", "d-4-2", "d-5-3"


@dataclass(frozen=True)
class Evaluated:
    """One step of the round on its day."""

    on: date
    step: str
    unit: str = ""
    code: str = "evaluation"


Scene = Evaluated
STEPS = (
    ("prepare", date(2022, 5, 4)),
    ("self", date(2022, 5, 5)),
    ("unit", date(2022, 5, 6)),
    ("review", date(2022, 5, 7)),
    ("object", date(2022, 5, 8)),
    ("decide", date(2022, 5, 9)),
    ("publish", date(2022, 5, 10)),
)


def scenes() -> Iterator[Evaluated]:
    for step, day in STEPS:
        yield Evaluated(day, step)


def act(scene: Evaluated) -> None:
    with clock.telling(scene.on):
        ACTS[scene.step](Programme.rows.get(code=story.PROGRAMME))


def _leaf(key: str, name: str, weight: int, **facts: str) -> Sketch:
    rule, words = facts.pop("rule", "range"), facts.pop("words", "")
    return Sketch(
        key,
        name + DEMO,
        key[:3].replace("d", "dim"),
        Decimal(weight),
        source=facts.pop("source", "bureau"),
        rule=rule,
        criteria=criteria.read(rule, words),
        **facts,  # type: ignore[arg-type] # the fact and the text of a leaf
    )


def tree() -> list[Sketch]:
    """The five dimensions of the plan with weights and leaves that the demonstration made up."""
    share = {"source": "auto", "rule": "share"}
    bands = {"source": "auto", "rule": "bands"}
    names = (
        ("dim-1", "智慧城市及数字政府建设", 20),
        ("dim-2", "信息化项目建设", 15),
        ("dim-3", "数据综合管理", 25),
        ("dim-4", "重点工作部署", 20),
        ("dim-5", "日常管理", 20),
    )
    leaves = [
        _leaf("d-1-1", "任务按时完成率", 20, fact="on_time", **share),
        _leaf("d-2-1", "立项意见出具率", 5, fact="projects_gated", **share),
        _leaf(PROJECTS, "项目管理", 10),
        _leaf(CATALOGUE, "数据目录编制", 15, rule="states", words="全部完成=15；部分完成=8；没有=0"),
        _leaf("d-3-2", "报告附有佐证材料", 10, fact="evidence", **share),
        _leaf("d-4-1", "实施方案备案", 8, fact="plan_filed", **share),
        _leaf(SELF, "履职自评", 12, source="self"),
        _leaf("d-5-1", "业务培训", 8, fact="trainings", words="~1=0；1~2=4；2~=8", **bands),
        _leaf("d-5-2", "首席数据官空缺", 6, fact="vacancy_days", words="~61=6；61~121=3；121~=0", **bands),
        _leaf(UNIT, "本单位评价", 6, source="unit"),
    ]  # fmt: skip
    found: list[Sketch] = []
    for key, name, weight in names:
        found.append(Sketch(key, name, "", Decimal(weight)))
        found += [leaf for leaf in leaves if leaf.parent == key]
    return found


# --- steps ---------------------------------------------------------------------------------------


def _prepare(programme: Programme) -> None:
    officer = _officer(programme)
    version = services.create_scheme(
        programme, f"首席数据官履职评价指标{DEMO}", by=officer, note=NOTE, sketches=tree()
    )
    grades = [{"name": "优秀", "from": "90"}, {"name": "良好", "from": "80"},
              {"name": "合格", "from": "60"}]  # fmt: skip
    services.set_rules(version, {"grades": grades, "note": NOTE}, by=officer)
    plan = services.Plan(
        f"2021—2022年首席数据官履职评价{DEMO}",
        *PERIOD,
        self_by=date(2022, 5, 5),
        unit_by=date(2022, 5, 6),
        review_by=date(2022, 5, 7),
        note=NOTE,
    )
    round_ = services.prepare_round(programme, version, plan, by=officer)
    first, second = reviewers(programme)
    left = services.give_seats(round_, first, second, by=officer)
    if left:
        raise ValueError("; ".join(left))
    services.advance(round_, Move.OPEN_SELF, by=officer)


def _self(programme: Programme) -> None:
    for place, card in _cards(programme):
        cdo = people.account(card.unit.code, Role.UNIT_CDO)
        points = Decimal(24 - place % 4) / 2
        said = "按职责逐项推进（演示）。"
        _put(card, SELF, Hand.SELF, cdo, points=points, reason=said)
        services.hand_in(card, Hand.SELF, by=cdo)
    services.advance(_round(programme), Move.OPEN_UNIT, by=_officer(programme))


def _unit(programme: Programme) -> None:
    for place, card in _cards(programme):
        clerk = people.account(card.unit.code, Role.DATA_OFFICER)
        points = Decimal(12 - place % 3) / 2
        _put(card, UNIT, Hand.UNIT, clerk, points=points, reason="履职情况较好（演示）。")
        services.hand_in(card, Hand.UNIT, by=clerk)
    services.advance(_round(programme), Move.OPEN_REVIEW, by=_officer(programme))


def _review(programme: Programme) -> None:
    for hand, user in zip((Hand.FIRST, Hand.SECOND), reviewers(programme), strict=True):
        for place, card in _cards(programme):
            apart = hand == Hand.SECOND and card.unit.code == story.NANSHAN
            points = Decimal("4") if apart else Decimal(20 - place % 5) / 2
            said = "个别项目资料不全（演示）。"
            _put(card, PROJECTS, hand, user, points=points, reason=said)
            state = 0 if place % 3 else 1
            _put(card, CATALOGUE, hand, user, answer=state, reason="部分目录没有更新（演示）。")
            services.finish_review(card, by=user)
    head = people.bureau_head(people.bureau(programme))
    card = next(card for _place, card in _cards(programme) if card.unit.code == story.NANSHAN)
    services.settle(
        card, _indicator(card, PROJECTS), Decimal(7), "两名评分人依据不同，按验收资料核定（演示）。", by=head
    )  # fmt: skip
    services.advance(_round(programme), Move.OPEN_OBJECTIONS, by=_officer(programme))


def _object(programme: Programme) -> None:
    for unit, key, points, said in (
        (story.SECURITY, CATALOGUE, 15, "目录已全部更新，清单已报送（演示）。"),
        (story.FUTIAN, PROJECTS, 10, "项目验收资料已补齐（演示）。"),
        (story.INSURANCE, UNIT, 6, "本单位评价应为满分（演示）。"),
    ):
        card = _card(programme, unit)
        clerk = people.account(unit, Role.DATA_OFFICER)
        services.raise_objection(
            card, _indicator(card, key), said, by=clerk, points=Decimal(points)
        )


def _decide(programme: Programme) -> None:
    head = people.bureau_head(people.bureau(programme))
    answers = {
        story.SECURITY: (ObjectionMove.UPHOLD, "清单属实，按全部完成计分（演示）。", None),
        story.FUTIAN: (ObjectionMove.UPHOLD_PARTLY, "补齐一部分，按比例计分（演示）。", Decimal("9.5")),
        story.INSURANCE: (ObjectionMove.REFUSE, "没有新的依据（演示）。", None),
    }  # fmt: skip
    for unit, (move, said, points) in answers.items():
        row = _card(programme, unit).objections.get()
        services.decide_objection(row, move, said, by=head, points=points)
    _signed(programme, Move.FINALISE)


def _publish(programme: Programme) -> None:
    officer = _officer(programme)
    _signed(programme, Move.PUBLISH)
    result = Result.rows.get(scorecard=_card(programme, story.SECURITY))
    services.propose_bonus(
        result,
        assessment="数字政府建设绩效评估（演示）",
        proposal="视情况给予加分鼓励（演示）",
        reason="数据目录编制和共享成效突出（演示）。",
        by=officer,
    )


ACTS = {
    "prepare": _prepare,
    "self": _self,
    "unit": _unit,
    "review": _review,
    "object": _object,
    "decide": _decide,
    "publish": _publish,
}


# --- parts ---------------------------------------------------------------------------------------


def _officer(programme: Programme) -> User:
    return people.bureau_officer(people.bureau(programme))


def _signed(programme: Programme, move: Move) -> None:
    """Put up by the officer, signed by the bureau's head."""
    round_ = services.advance(_round(programme), move, by=_officer(programme))
    head = people.bureau_head(people.bureau(programme))
    services.sign_result(round_, remark="同意（演示）。", by=head)


def reviewers(programme: Programme) -> list[User]:
    """Two evaluators of the bureau; invented where there are fewer."""
    bureau = people.bureau(programme)
    held = Membership.rows.filter(unit=bureau, role=Role.EVALUATOR).select_related("user")
    found = [row.user for row in held.order_by("id")[:2]]
    for number in range(len(found), 2):
        user = accounts.create_account(
            username=f"demo-{bureau.code}-evaluator-{number + 1}",
            display_name=f"演示人员{17 - number}",
            by=None,
        )
        pilots.add_membership(
            user, bureau, Role.EVALUATOR, by=None, starts_on=story.STARTS_ON, origin=people.SOURCE
        )
        found.append(user)
    return found


def _round(programme: Programme) -> Round:
    return Round.rows.for_lists().get(programme=programme)


def _cards(programme: Programme) -> list[tuple[int, Scorecard]]:
    round_ = _round(programme)
    rows = Scorecard.rows.for_lists().filter(round=round_).order_by("enrolment__position", "pk")
    return list(enumerate(rows))


def _card(programme: Programme, unit: str) -> Scorecard:
    enrolment = Enrolment.rows.get(programme=programme, unit__code=unit, part=Part.PILOT)
    return Scorecard.rows.for_lists().get(round=_round(programme), enrolment=enrolment)


def _indicator(card: Scorecard, key: str) -> Indicator:
    rows = card.round.scheme_version.indicators.select_related("scheme_version")
    return rows.get(key=key)


def _put(
    card: Scorecard,
    key: str,
    hand: Hand,
    user: User,
    *,
    points: Decimal | None = None,
    answer: int | None = None,
    reason: str = "",
) -> None:
    entry = services.Entry(points=points, answer=answer, reason=reason)
    services.save_score(card, _indicator(card, key), hand, entry, by=user)
