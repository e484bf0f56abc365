"""A mobile and an e-mail that are nowhere to be read but on the one page that tells them."""

import hashlib
import io
import json
import logging
import re
import zipfile
import zlib
from datetime import date

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.urls import get_resolver

from core import clock, sealed
from core.models import AuditEntry, IdempotencyKey
from officers import services
from officers.models import Filing, Handover, Person
from reminders.services import deliver, hasten, plan
from tests.factories.officers import PersonFactory, TeamFactory, TeamMemberFactory

pytestmark = pytest.mark.django_db
MOBILE, MAIL = "13987650321", "canary.lark@example.gov.cn"
SEPTEMBER = date(2021, 9, 16)
STRANGERS = {"stranger", "foreigner", "system_admin", "security_admin"}
OPEN = ("/directory/",)  # that one is the world's
OWNERS = {"officer", "data_officer"}


@pytest.fixture
def log():
    """Everything that an installation logs."""
    stream = io.StringIO()
    handler, root = logging.StreamHandler(stream), logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    yield stream
    root.removeHandler(handler)
    root.setLevel(level)


@pytest.fixture
def canary(register, officer, data_officer):
    """The department's CDO in every list of the portal."""
    unit = register.city.department
    person = PersonFactory(unit=unit, name="百灵", mobile=MOBILE, email=MAIL, user=data_officer)
    services.mend_person(person, by=officer, rank="clerk_1")
    row = register.appoint(unit, SEPTEMBER, person=person, by=officer)
    filing = services.file_appointment(row, by=data_officer)
    services.accept_filing(filing, by=officer)
    team = TeamFactory(unit=unit, leader=person)
    TeamMemberFactory(team=team, person=person, entry_mode="contract")
    Handover.rows.create(number="JJ-2022-0001", unit=unit, leaver=person, taker=person, on=SEPTEMBER,
                         created_at=row.created_at)  # fmt: skip
    services.open_directory(register.city.programme, basis="纪要", by=officer)
    plan(clock.today())
    hasten()
    deliver()
    return Person.rows.get(pk=person.pk)


def written(answer) -> str:
    """An answer as somebody could read it: head, cookies, and a workbook or Word file unpacked."""
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    text = f"{answer.headers} {answer.cookies} {content.decode(errors='replace')}"
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            text += "".join(
                archive.read(name).decode(errors="replace") for name in archive.namelist()
            )
    return text


def secrets(person) -> list[str]:
    """What must be nowhere: both plain texts, their parts, the keyed hashes, the tokens, and hashes that
    anybody could compute."""
    found = [MOBILE, MOBILE[3:], MAIL, "canary.lark", person.mobile_digest, person.email_digest]
    found += [person.mobile.token, person.email.token]
    for text in (MOBILE, MAIL):
        found += [
            hashlib.new(name, text.encode()).hexdigest() for name in ("md5", "sha1", "sha256")
        ]
    return found


def told(text, person) -> list[str]:
    return [each[:24] for each in secrets(person) if each in text]


# --- every address -------------------------------------------------------------------------------


def routes(patterns=None, before="") -> list[str]:
    found = []
    for pattern in patterns or get_resolver().url_patterns:
        route = before + str(pattern.pattern)
        if hasattr(pattern, "url_patterns"):
            found += routes(pattern.url_patterns, route)
        else:
            found.append("/" + re.sub(r"[$^]|\(\?:.*\)\?|\\Z", "", route).replace("\\.", "."))
    return found


def keys(person, city) -> dict[str, object]:
    """What stands in an address, by the beginning of the address."""
    row, task = person.appointments.get(), city.assignment(city.department)
    member, obligation = person.team_memberships.get(), city.obligations["training"]
    filing = Filing.rows.get(kind="appointment")
    return {
        "/teams/": member.team.number, "/api/v1/teams/": member.team.number,
        "/api/v1/experts/": member.pk, "/filings/": filing.number,
        "/api/v1/filings/": filing.number, "/officers/people/": person.uuid,
        "/officers/confirm/": city.department.code, "/officers/settings/days/": "x",
        "/officers/settings/templates/": city.bureau.code, "/officers/": row.number,
        "/api/v1/appointments/": row.number, "/api/v1/persons/": person.uuid,
        "/handover/": person.uuid, "/handovers/": "JJ-2022-0001",
        "/api/v1/handovers/": "JJ-2022-0001", "/units/": city.department.code,
        "/api/v1/units/": city.department.code, "/programmes/": city.programme.code,
        "/api/v1/programmes/": city.programme.code, "/directory/": city.programme.code,
        "/tasks/": task.number, "/api/v1/assignments/": task.number,
        "/obligations/": obligation.code, "/areas/": obligation.area.code,
        "/audit/": f"person:{person.uuid}",
    }  # fmt: skip


def addresses(person, city) -> list[str]:
    known = keys(person, city)
    starts = sorted(known, key=len, reverse=True)
    found = []
    for route in routes():
        # A PDF is the Word file beside it; the schema is the same for everybody, and has its own test.
        if route.startswith(("/admin/", "/logout/", "/api/v1/schema/", "/styleguide/")) or (
            route.endswith(".pdf")
        ):
            continue
        key = next((known[start] for start in starts if route.startswith(start)), "1")
        address = re.sub(r"<int:pk>", str(person.team_memberships.get().pk), route)
        address = re.sub(r"\(\?P<\w+>\[\^/.\]\+\)|\(\?P<\w+>[^)]*\)|<[^>]+>", str(key), address)
        found.append(address)
    pages = ("/search/", "/officers/", "/officers/people/", "/teams/", "/filings/", "/handovers/")
    found += [f"{page}?q={person.initials}" for page in pages]
    return [*dict.fromkeys(found), "/nowhere/", f"/units/{city.department.code}/?on=2021-12-31"]


def shared(addresses, name) -> list[str]:
    """A fifth of them, another for each role: where the unit's clerk and its bureau found no page
    nobody does, and those two have seen each whole."""
    return addresses[zlib.crc32(name.encode()) % 5 :: 5]


def test_no_page_no_file_and_no_answer_tells_it_to_anybody(canary, city, cast, browse, log):
    sung = set()  # the name of the canary stands where the numbers do not, or the crawl is blind
    asked, live = addresses(canary, city), set()
    for name in sorted(cast, key=lambda name: name not in OWNERS):
        client = browse(cast[name])
        client.raise_request_exception = False
        for address in asked if name in OWNERS else shared(sorted(live), name):
            is_list = name == "officer" and "?q=" in address
            for head in ({}, {"HX-Request": "true"})[: 1 + is_list]:
                answer = client.get(address, headers=head)
                text = written(answer)
                assert told(text, canary) == [], (name, address)
                assert answer.status_code < 500, (name, address)
                if answer.status_code not in {404, 405}:
                    live.add(address)
                if "百灵" in text:
                    sung.add((name, address))
                    assert name not in STRANGERS or address.startswith(OPEN), (name, address)
    assert told(log.getvalue(), canary) == []
    assert len({address for name, address in sung if name == "officer"}) > 25, sung


def test_the_description_of_the_interface_gives_nobodys_number_as_an_example(canary, officer, api):
    text = written(api(officer).get("/api/v1/schema/"))
    assert told(text, canary) == []
    assert set(re.findall(r"(?<!\d)1[3-9]\d{9}(?!\d)", text)) <= {"13812345678", "13900000000"}


def test_administrators_find_it_on_no_page_of_theirs(canary, system_admin, security_admin, browse):
    for user in (system_admin, security_admin):
        client = browse(user)
        for name in ("person", "appointment", "filing"):
            for path in (f"/admin/officers/{name}/", f"/admin/officers/{name}/{canary.pk}/change/"):
                assert told(written(client.get(path)), canary) == []
        for path in ("/admin/", "/admin/core/auditentry/"):
            assert told(written(client.get(path)), canary) == []


# --- every table ---------------------------------------------------------------------------------


def every_row() -> dict[str, str]:
    """Every table of the portal as text, sessions decoded."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        tables = [name for (name,) in cursor.fetchall()]
        found = {}
        for name in tables:
            cursor.execute(f'SELECT string_agg(t::text, chr(10)) FROM "{name}" t')
            found[name] = cursor.fetchone()[0] or ""
    found["sessions"] = str([session.get_decoded() for session in Session.objects.all()])
    return found


def test_writing_it_in_every_way_leaves_it_in_one_column(
    register, officer, data_officer, browse, send, log
):
    unit, client = register.city.department, browse(data_officer)
    form = {"once": "k1", "name": "百灵", "mobile": MOBILE, "email": MAIL, "post": "cdo", "level": "deputy",
            "kind": "substantive", "starts_on": "2022-04-01", "is_in_charge": "on", "reason": "纪要"}  # fmt: skip
    here = f"/officers/new/?unit={unit.code}"
    client.post(here, {**form, "post": ""})  # sent back
    client.post(here, form)  # the page where it is checked
    answer = client.post(here, {**form, "confirmed": "1"})
    assert answer.status_code == 302
    person = Person.rows.get(name="百灵")
    client.get(answer["Location"])
    client.post(here, {**form, "once": "k2", "name": "李四", "confirmed": "1"})  # taken
    edit = f"/officers/people/{person.uuid}/edit/"
    client.post(edit, {"version": "9", "name": "百灵", "mobile": MOBILE, "email": MAIL})  # stale
    client.post("/officers/contacts/", {"people": [person.uuid], "purpose": ""})
    client.post("/officers/contacts/", {"people": [person.uuid], "purpose": "开会"})
    new = {"name": "王五", "unit": unit.code, "mobile": "13987650322", "email": "canary.finch@x.cn"}
    assert send(data_officer, "persons", new).status_code == 201
    send(data_officer, "persons", {**new, "mobile": MOBILE})
    rows = every_row()
    people = rows.pop("officers_person")
    assert MOBILE not in people
    assert person.mobile_digest in people
    for table, text in rows.items():
        assert told(text, person) == [], table
        assert "canary.finch" not in text, table
        assert "13987650322" not in text, table
    assert told(log.getvalue(), person) == []


def test_what_is_kept_of_a_request_does_not_tell_it_by_trying_all_numbers(city, data_officer, send):
    """Whoever reads the table knows all of a request but the number: a plain hash of it is the number."""
    content = {"name": "百灵", "unit": city.department.code, "mobile": MOBILE}
    assert send(data_officer, "persons", content).status_code == 201
    kept = IdempotencyKey.objects.get()
    for asked in ([kept.route, content], [f"http://testserver{kept.route}", content]):
        text = json.dumps(asked, sort_keys=True, ensure_ascii=False)
        assert kept.body_sha256 != hashlib.sha256(text.encode()).hexdigest()


# --- whose number it is --------------------------------------------------------------------------


def test_a_hash_of_one_column_is_none_of_another():
    texts = [sealed.digest(MOBILE, purpose=name) for name in ("person.mobile", "person.email")]
    assert texts[0] != texts[1]


def test_asking_whose_a_number_is_gives_no_name_and_stays_on_record(
    city, data_officer, browse, send
):
    """The number is one in the whole register, so that it is taken cannot be hidden. Who asks for
    number after number is."""
    PersonFactory(unit=city.district, name="区里的人", mobile=MOBILE, email=MAIL)
    mine = PersonFactory(unit=city.department)
    page = f"/officers/people/{mine.uuid}/edit/"
    given = {"version": "1", "name": mine.name, "mobile": MOBILE, "level": "deputy"}
    answer = browse(data_officer).post(page, given)
    assert answer.status_code == 422
    assert "区里的人" not in answer.content.decode()
    content = {"name": "张三", "unit": city.department.code, "mobile": MOBILE}
    assert send(data_officer, "persons", content).status_code == 422
    entries = AuditEntry.objects.filter(verb="person.contact_taken", actor_id=data_officer.pk)
    assert entries.count() == 2
    assert (
        told(str([(row.subject, row.after) for row in entries]), Person.rows.get(name="区里的人"))
        == []
    )
