"""The small city with a scheme and a round of evaluation, and people who score, object and decide.

The scheme has six leaves, of every source but the third party and of every rule:
  k1 规划 40:  k11 发展规划 8 (states, bureau), k12 创新 12 (range, bureau), k13 实施方案 20 (share of plan_filed)
  k2 日常 60:  k21 培训 20 (bands of trainings), k22 自评 20 (range, self), k23 本单位评价 20 (elements, unit)
  k3 加分 5: bonus (range, bureau)
"""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from accounts.models import User
from evaluations import services
from evaluations.choices import PUT_UP, Hand, Move
from evaluations.models import Indicator, Round, SchemeVersion, Scorecard
from evaluations.queries.checking import Sketch
from evaluations.queries.sheets import reviewed_leaves
from pilots.models import Unit
from tests.conftest import City, _member

TEN = Decimal(10)
STATES = {"states": [{"text": "已印发", "points": "8"}, {"text": "起草中", "points": "3"},
                     {"text": "没有", "points": "0"}]}  # fmt: skip
BANDS = {"bands": [{"from": None, "to": "1", "points": "0"}, {"from": "1", "to": "2", "points": "12"},
                   {"from": "2", "to": None, "points": "20"}]}  # fmt: skip
ELEMENTS = {"elements": ["范围", "目标", "任务"]}


def sketches() -> list[Sketch]:
    def leaf(key, name, parent, weight, source, rule, **facts):
        return Sketch(key, name, parent, Decimal(weight), "normal", source, rule, **facts)

    return [
        Sketch("k1", "统筹规划", "", Decimal(40)),
        leaf("k11", "发展规划", "k1", 8, "bureau", "states", criteria=STATES),
        leaf("k12", "创新", "k1", 12, "bureau", "range"),
        leaf("k13", "实施方案", "k1", 20, "auto", "share", fact="plan_filed"),
        Sketch("k2", "日常管理", "", Decimal(60)),
        leaf("k21", "培训", "k2", 20, "auto", "bands", fact="trainings", criteria=BANDS),
        leaf("k22", "履职自评", "k2", 20, "self", "range"),
        leaf("k23", "本单位评价", "k2", 20, "unit", "elements", criteria=ELEMENTS),
        Sketch("k3", "创新加分", "", Decimal(5), "bonus", "bureau", "range"),
    ]


PLAN = services.Plan(
    title="2021—2022年首席数据官履职评价",
    starts_on=date(2021, 8, 3),
    ends_on=date(2022, 4, 30),
    self_by=date(2022, 4, 20),
    unit_by=date(2022, 4, 22),
    review_by=date(2022, 4, 29),
)


@dataclass
class Panel:
    """A city whose bureau evaluates. Everything goes through the services."""

    city: City
    officer: User
    head: User
    first: User
    second: User
    people: dict[int, dict[str, User]] = field(default_factory=dict)

    def scheme(self, tree: list[Sketch] | None = None, **rules) -> SchemeVersion:
        made = services.create_scheme(
            self.city.programme, "履职评价指标", by=self.officer, sketches=tree or sketches()
        )
        return services.set_rules(made, rules, by=self.officer) if rules else made

    def prepared(self, version: SchemeVersion | None = None, plan: services.Plan = PLAN) -> Round:
        return services.prepare_round(
            self.city.programme, version or self.scheme(), plan, by=self.officer
        )

    def card(self, round_: Round, unit: Unit | None = None) -> Scorecard:
        rows = Scorecard.rows.for_lists()
        return rows.get(round=round_, enrolment__unit=unit or self.city.department)

    def leaf(self, round_: Round, key: str) -> Indicator:
        return round_.scheme_version.indicators.select_related("scheme_version").get(key=key)

    def person(self, unit: Unit, role: str) -> User:
        held = self.people.setdefault(unit.pk, {})
        if role not in held:
            held[role] = _member(self.city, unit, role)
        return held[role]

    def score(self, card: Scorecard, key: str, hand: str, by: User, **entry):
        leaf = self.leaf(card.round, key)
        return services.save_score(card, leaf, hand, services.Entry(**entry), by=by).score

    # --- steps ---

    def go(self, round_: Round, move: Move, reason: str = "") -> Round:
        """Takes the step; 定稿 and 公布 are signed by the bureau's head in charge."""
        found = services.advance(round_, move, by=self.officer, reason=reason)
        return services.sign_result(found, by=self.head) if move in PUT_UP else found

    def self_scoring(self, round_: Round | None = None) -> Round:
        return self.go(round_ or self.prepared(), Move.OPEN_SELF)

    def unit_scoring(self, round_: Round | None = None) -> Round:
        """Every unit has handed in its self-evaluation: 18 of 20."""
        found = self.self_scoring(round_)
        for card in Scorecard.rows.standing().filter(round=found):
            cdo = self.person(card.unit, "unit_cdo")
            self.score(card, "k22", Hand.SELF, cdo, points=Decimal(18))
            services.hand_in(card, Hand.SELF, by=cdo)
        return self.go(found, Move.OPEN_UNIT)

    def review(self, round_: Round | None = None) -> Round:
        """Every unit has evaluated its CDO: all elements there, 20 of 20."""
        found = self.unit_scoring(round_)
        for card in Scorecard.rows.standing().filter(round=found):
            clerk = self.person(card.unit, "data_officer")
            self.score(card, "k23", Hand.UNIT, clerk, answer=[0, 1, 2])
            services.hand_in(card, Hand.UNIT, by=clerk)
        assert services.give_seats(found, self.first, self.second, by=self.officer) == []
        return self.go(found, Move.OPEN_REVIEW)

    def fill(self, card: Scorecard, user: User, hand: str, points: str = "10") -> None:
        """A reviewer scores all of a sheet: k11 已印发, k12 as given, no bonus."""
        entries = {
            "k11": {"answer": 0},
            "k12": {"points": Decimal(points), "reason": "创新点不多。"},
            "k3": {"points": Decimal(0)},
        }
        for row in reviewed_leaves(card, hand):
            more = entries.get(row.key, {"points": TEN, "reason": "材料不全。"})
            self.score(card, row.key, hand, user, **more)
        services.finish_review(card, by=user)

    def objections(self, round_: Round | None = None) -> Round:
        """Both reviewers are through with every sheet: 10 and 10 of 12 for 创新."""
        found = self.review(round_)
        for card in Scorecard.rows.standing().filter(round=found):
            self.fill(card, self.first, Hand.FIRST)
            self.fill(card, self.second, Hand.SECOND)
        return self.go(found, Move.OPEN_OBJECTIONS)

    def final(self, round_: Round | None = None) -> Round:
        return self.go(self.objections(round_), Move.FINALISE)

    def published(self, round_: Round | None = None) -> Round:
        return self.go(self.final(round_), Move.PUBLISH)


def panel_of(city: City) -> Panel:
    return Panel(
        city,
        officer=_member(city, city.bureau, "bureau_officer"),
        head=_member(city, city.bureau, "bureau_head"),
        first=_member(city, city.bureau, "evaluator"),
        second=_member(city, city.bureau, "evaluator"),
    )
