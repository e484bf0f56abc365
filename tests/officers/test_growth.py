"""The register of a country: 20,000 appointments. What is asked of the database stays small."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.search import initials
from officers.filters import AppointmentFilter
from officers.models import Appointment, Person, Post
from pilots.models import Programme, Unit
from tests.factories.officers import PostFactory, PostRuleFactory
from tests.factories.pilots import EnrolmentFactory, MembershipFactory, ProgrammeFactory

COUNT, UNITS, OURS = 20_000, 2_500, 64
HOLDERS = COUNT // UNITS  # at each unit
ON = date(2022, 4, 15)
FAMILIES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜"
GIVEN = "明月光华伟芳娜敏静强磊洋勇艳杰娟涛超霞平刚桂英建国志文"
FILL = """
INSERT INTO pilots_unit (code, kind, region_code, is_slot, source, loaded, version)
SELECT 'country-' || n, 'municipal_department', '', false, '', '{{}}', 1
FROM generate_series(1, {units}) AS n;

INSERT INTO pilots_unitname (unit_id, full_name, short_name, name_en, pinyin, initials, basis)
SELECT id, '第' || id || '数据局', '第' || id || '局', '', '', 'dsjj dj', ''
FROM pilots_unit WHERE code LIKE 'country-%%';

WITH letter (hanzi, latin) AS (SELECT * FROM unnest(%(hanzi)s::text[], %(latin)s::text[])),
body AS (
    SELECT id, row_number() OVER (ORDER BY id) - 1 AS place
    FROM pilots_unit WHERE code LIKE 'country-%%'
),
named AS (
    SELECT body.id, substr(%(families)s, (1 + n %% length(%(families)s))::int, 1) AS family,
           substr(%(given)s, (1 + n %% length(%(given)s))::int, 1) AS middle,
           substr(%(given)s, (1 + n / 28 %% length(%(given)s))::int, 1) AS last
    FROM generate_series(1, {count}) AS n JOIN body ON body.place = n %% {units}
)
INSERT INTO officers_person
    (uuid, name, unit_id, job_title, level, is_in_charge, rank, office_phone, pinyin, initials,
     source, version, created_at, updated_at)
SELECT gen_random_uuid(), family || middle || last, named.id, '副局长', 'deputy', true, '', '', '',
       f.latin || m.latin || l.latin, '', 1, now(), now()
FROM named JOIN letter f ON f.hanzi = family JOIN letter m ON m.hanzi = middle
JOIN letter l ON l.hanzi = last;

INSERT INTO officers_appointment
    (number, person_id, unit_id, post_id, seat, kind, status, job_title, level, is_in_charge,
     rank_reason, starts_on, document_number, document_title, file_name, reason, ending,
     ending_number, ending_reason, void_reason, source, version, appointed_at, created_at,
     updated_at)
SELECT 'RM-2021-' || id, id, unit_id, %(post)s,
       row_number() OVER (PARTITION BY unit_id ORDER BY id), 'substantive', 'appointed', '副局长', 'deputy',
       true, '', '2021-09-16', '', '', '', '', '', '', '', '', '', 1, now(), now(), now()
FROM officers_person;

SELECT gin_clean_pending_list('unit_name_bigrams');
ANALYZE;
"""


def _fill() -> Programme:
    """2,500 units with eight holders each, 64 of them in one programme."""
    letters = sorted(set(FAMILIES + GIVEN))
    params = {
        "hanzi": letters,
        "latin": [initials(letter) for letter in letters],
        "families": FAMILIES,
        "given": GIVEN,
        "post": PostFactory().pk,
    }
    with connection.cursor() as cursor:
        cursor.execute(FILL.format(count=COUNT, units=UNITS), params)
    programme = ProgrammeFactory(running=True)
    for unit in Unit.rows.filter(code__startswith="country-")[:OURS]:
        EnrolmentFactory(programme=programme, unit=unit)
    return programme


@pytest.mark.django_db
def test_a_register_of_20000_is_asked_through_its_indexes(browse):
    programme = _fill()
    assert Appointment.rows.count() == COUNT
    assert Post.objects.count() == 1
    _finds_people_by_two_characters_and_by_initials()
    _reads_of_one_programme_its_own_rows_alone(programme)
    _searches_names_of_people_and_units_through_their_indexes()
    _shows_the_register_of_one_programme_in_eleven_queries(programme, browse)


def _finds_people_by_two_characters_and_by_initials():
    for text in ("明月", "zmy", "欧阳"):
        plan = Person.rows.searched(text).order_by().explain()
        assert "person_name_bigrams" in plan, plan
        assert "Seq Scan" not in plan, plan
    assert 0 < Person.rows.searched("明月").count() < COUNT / 20


def _reads_of_one_programme_its_own_rows_alone(programme):
    rows = Appointment.rows.of_programme(programme.code, ON).in_office(ON)
    plan = rows.explain()
    assert "Seq Scan on officers_appointment" not in plan, plan
    assert rows.count() == OURS * HOLDERS


def _searches_names_of_people_and_units_through_their_indexes():
    asked = AppointmentFilter({"q": "明月", "on": str(ON)}, queryset=Appointment.rows.all())
    plan = asked.qs.order_by().explain()
    assert "person_name_bigrams" in plan, plan
    assert "unit_name_bigrams" in plan, plan
    assert asked.qs.count() == Person.rows.searched("明月").count()


def _shows_the_register_of_one_programme_in_eleven_queries(programme, browse):
    """Four are the frame's (session, account, memberships, marks), one reads the saved views of the
    list, six are the page's own."""
    bureau = EnrolmentFactory(programme=programme, part="bureau").unit
    client = browse(MembershipFactory(unit=bureau, role="bureau_officer").user)
    PostRuleFactory(programme=programme)
    client.get("/officers/")
    with CaptureQueriesContext(connection) as asked:
        page = client.get("/officers/", {"page_size": 100})
    assert page.context["page_obj"].paginator.count == OURS * HOLDERS
    assert len(asked) <= 12, [query["sql"][:80] for query in asked]  # more than a page: a count too
    assert len(page.content) < 200_000
