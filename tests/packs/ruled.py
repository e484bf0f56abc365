"""Posts, rules about them and a holder, to be put behind the small pack; and mistakes in them."""

POSTS = """\
format: posts
posts:
  - code: cdo
    name: 首席数据官
    name_en: Chief Data Officer
    source: S2
  - code: data_specialist
    name: 数据专员
    name_en: Data Specialist
    is_single: false
    source: S2
"""
RULED = """\
post_rules:
  - code: government
    post: cdo
    title: 首席数据官（市政府）
    kinds: [city_government]
    count: 1
    holder: 试点单位
    minimum_level: deputy
    asks_in_charge: true
    is_in_principle: true
    is_concurrent: true
    appointed_by: 990100-zsj
    removed_by: 990100-zsj
    clause: plan.1
    source: S2
  - code: department
    post: cdo
    title: 首席数据官（部门）
    kinds: [municipal_department]
    appointed_by: self
    removed_by: self
    filed_at: 990100-zsj
    vacancy_days: 30
    filing_days: 10
    clause: plan.1
    source: S2
  - code: specialist
    post: data_specialist
    title: 数据专员
    units: [990100-gaj]
    count: 2
    is_encouraged: true
    source: S2
  - code: bureau
    post: cdo
    title: 市首席数据官
    part: bureau
    source: S2
holders:
  - code: gaj-cdo
    unit: 990100-gaj
    post: cdo
    name: 演示人员01
    job_title: 副局长
    level: deputy
    known_on: 2022-03-01
    note: 见于报道，起任日期未见来源。
    source: S2
"""

# What is replaced, by what, a text on the line that must be named, the place, part of the message.
MISTAKES = {
    "unknown post of a rule": (
        "post: data_specialist",
        "post: data_specialst",
        "post: data_specialst",
        "post_rules[2].post",
        "没有代码为“data_specialst”的岗位，是否想写“data_specialist”。先在posts.yaml里登记。",
    ),
    "unknown post of a holder": (
        "unit: 990100-gaj\n    post: cdo",
        "unit: 990100-gaj\n    post: cdoo",
        "post: cdoo",
        "holders[0].post",
        "是否想写“cdo”",
    ),
    "a post in another notation": (
        "post: data_specialist",
        "post: 数据专员",
        "post: 数据专员",
        "post_rules[2].post",
        "data_specialist",
    ),
    "unknown key of a rule": (
        "is_encouraged: true",
        "is_encouragd: true",
        "is_encouragd",
        "post_rules[2].is_encouragd",
        "是否想写“is_encouraged”",
    ),
    "unknown body that appoints": (
        "appointed_by: 990100-zsj",
        "appointed_by: 990100-zsjj",
        "990100-zsjj",
        "post_rules[0].appointed_by",
        "是否想写“990100-zsj”",
    ),
    "unknown body that takes filings": (
        "filed_at: 990100-zsj",
        "filed_at: 990100-nowhere",
        "990100-nowhere",
        "post_rules[1].filed_at",
        "没有代码为“990100-nowhere”的单位",
    ),
    "a body of its own takes no filings": (
        "filed_at: 990100-zsj",
        "filed_at: self",
        "filed_at: self",
        "post_rules[1].filed_at",
        "440300-gaj",
    ),
    "unknown level": (
        "minimum_level: deputy",
        "minimum_level: deputi",
        "deputi",
        "post_rules[0].minimum_level",
        "是否想写“deputy”",
    ),
    "a level without the words": (
        "    holder: 试点单位\n",
        "",
        "code: government",
        "post_rules[0]",
        "要写holder",
    ),
    "words that the clause does not say": (
        "holder: 试点单位",
        "holder: 分管负责人",
        "holder: 分管负责人",
        "post_rules[0].holder",
        "“分管负责人”不在所引条款的原文里",
    ),
    "days without a clause": (
        "    filing_days: 10\n    clause: plan.1\n",
        "    filing_days: 10\n",
        "code: department",
        "post_rules[1]",
        "要写clause",
    ),
    "days for filing without a desk": (
        "    filed_at: 990100-zsj\n",
        "",
        "code: department",
        "post_rules[1]",
        "要写filed_at",
    ),
    "no days at all": (
        "filing_days: 10",
        "filing_days: 0",
        "filing_days: 0",
        "post_rules[1].filing_days",
        "不能小于1",
    ),
    "more holders than a column holds": (
        "count: 2",
        "count: 70000",
        "count: 70000",
        "post_rules[2].count",
        "不能大于999",
    ),
    "two where a unit has one": (
        "count: 1",
        "count: 2",
        "count: 2",
        "post_rules[0].count",
        "岗位“cdo”同一单位同时只有一名",
    ),
    "rule used twice": (
        "code: specialist",
        "code: department",
        "code: department\n    post: data",
        "post_rules[2].code",
        "代码“department”在第",
    ),
    "unknown clause of a rule": (
        "removed_by: 990100-zsj\n    clause: plan.1",
        "removed_by: 990100-zsj\n    clause: plan.11",
        "clause: plan.11",
        "post_rules[0].clause",
        "没有代码为“plan.11”的条款",
    ),
    "unknown unit of a holder": (
        "unit: 990100-gaj\n    post",
        "unit: 990100-gan\n    post",
        "unit: 990100-gan\n    post",
        "holders[0].unit",
        "是否想写“990100-gaj”",
    ),
    "a holder in a body without a name": (
        "unit: 990100-gaj\n    post",
        "unit: 990100-slot-01\n    post",
        "unit: 990100-slot-01",
        "holders[0].unit",
        "“990100-slot-01”是待补名占位",
    ),
    "a holder from no day": (
        "    known_on: 2022-03-01\n",
        "",
        "code: gaj-cdo",
        "holders[0]",
        "写known_on（最早见于哪天）",
    ),
    "a holder who left before": (
        "    known_on: 2022-03-01\n",
        "    known_on: 2022-03-01\n    ends_on: 2022-02-28\n",
        "code: gaj-cdo",
        "holders[0]",
        "终止日期不能早于起始日期",
    ),
    "two holders at once": (
        "holders:\n",
        "holders:\n  - {code: other, unit: 990100-gaj, post: cdo, name: 乙, known_on: 2022-03-02, "
        "source: S2}\n",
        "code: gaj-cdo",
        "holders[1]",
        "“990100-gaj”的这个岗位在同一时间写了两名任职的人",
    ),
}
