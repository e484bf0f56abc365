"""Guard-rails: what nobody should have to remember."""

import ast
import re
from pathlib import Path

import pytest
from django.apps import apps
from django.db import models
from django.urls import URLPattern, URLResolver, get_resolver

from accounts.roles import (
    ROLE_PERMISSIONS,
    SENTENCES,
    SITE_ROLE_PERMISSIONS,
    Permission,
    Role,
    SiteRoleKind,
)
from core.models import ScopedQuerySet
from pilots.access import LOGGED_IN, OPEN_PREFIXES, PUBLIC, declared

ROOT = Path(__file__).resolve().parents[1]
OURS = (
    "core",
    "accounts",
    "pilots",
    "reminders",
    "approvals",
    "duties",
    "projects",
    "officers",
    "trainings",
    "evaluations",
    "cdo_portal",
)
PUBLIC_PAGES = {
    "login",
    "first-password",
    "healthz",
    "accessibility",
    "calendar-feed",
    "directory",
    "help",
    "help-topic",
    "roles",
    "styleguide",
}
# Places that may use the plain manager (house.md §4.6); everything else goes through visible_to.
MAY_SAY_ROWS = re.compile(
    r"/(models|queries|services|admin|management|demo|packs|bench|purging)(/|\.py)|/(notices|access|apps)\.py$|/filters(/|\.py)"
)


def _patterns(resolver, prefix=""):
    for pattern in resolver.url_patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _patterns(pattern, route)
        elif isinstance(pattern, URLPattern):
            yield "/" + re.sub(r"[\^$]", "", route), pattern


PAGES = [
    (route, pattern)
    for route, pattern in _patterns(get_resolver())
    if not route.startswith(OPEN_PREFIXES)
]
SOURCES = [
    path
    for app in OURS
    for path in sorted((ROOT / app).rglob("*.py"))
    if "migrations" not in path.parts
]


@pytest.mark.parametrize(("route", "pattern"), PAGES, ids=[route for route, _pattern in PAGES])
def test_every_page_says_who_may_open_it(route, pattern):
    needed = declared(pattern.callback)
    assert needed in {PUBLIC, LOGGED_IN, *Permission.values}, (
        f"{route} declares no required_permission"
    )
    if needed == PUBLIC:
        assert pattern.name in PUBLIC_PAGES, f"{route} is open to the world"


def test_every_viewset_says_what_each_action_needs():
    found = [
        pattern
        for route, pattern in _patterns(get_resolver())
        if route.startswith("/api/v1/") and hasattr(pattern.callback, "actions")
    ]
    assert found
    for pattern in found:
        view = pattern.callback.cls
        for action in pattern.callback.actions.values():
            needed = view.permission_map.get(action)
            assert needed in {*Permission.values, LOGGED_IN}, f"{view.__name__}.{action}"


def test_views_never_take_rows_past_the_scope():
    guilty = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in SOURCES
        if not MAY_SAY_ROWS.search("/" + str(path.relative_to(ROOT)))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute) and node.attr == "rows" and _is_model(node.value)
    ]
    assert guilty == []


def _is_model(node):
    names = {model.__name__ for model in apps.get_models()}
    return isinstance(node, ast.Name) and node.id in names


def test_only_the_demonstration_and_the_simulator_tell_of_other_days():
    guilty = [
        path
        for path in SOURCES
        if "clock.telling" in path.read_text(encoding="utf-8")
        and "demo" not in path.parts
        and path.name != "simulating.py"  # rolls back all that it does
    ]
    assert guilty == []


def _our_models():
    return [model for model in apps.get_models() if model._meta.app_label in OURS]


@pytest.mark.parametrize("model", _our_models(), ids=lambda model: model.__name__)
def test_every_model_is_described_ordered_and_never_deletes_business_rows(model):
    assert model.__doc__, "a docstring that says what the thing is in the world"
    assert not model.__doc__.startswith(f"{model.__name__}("), "Django's generated docstring"
    assert model._meta.ordering
    for field in model._meta.get_fields():
        if isinstance(field, models.ForeignKey) and field.remote_field.model is not None:
            allowed = {models.PROTECT}
            if model.__name__ == "DeliveryLine":
                allowed.add(models.CASCADE)  # a purged delivery takes its lines along
            if model.__name__ == "Delivery":
                allowed.add(models.SET_NULL)  # and leaves alone the one that stood in for it
            assert field.remote_field.on_delete in allowed, field


@pytest.mark.parametrize("model", _our_models(), ids=lambda model: model.__name__)
def test_scoped_models_have_both_managers(model):
    if isinstance(getattr(model, "objects", None), models.Manager) and issubclass(
        model.objects._queryset_class, ScopedQuerySet
    ):
        assert model._meta.default_manager_name == "rows"
        assert model.rows.all()._scoped
        assert not model.objects.all()._scoped


def test_every_role_has_a_sentence_and_a_row_in_the_table():
    assert set(ROLE_PERMISSIONS) == set(Role.values)
    assert set(SITE_ROLE_PERMISSIONS) == set(SiteRoleKind.values)
    assert set(SENTENCES) == {*Role.values, *SiteRoleKind.values}


def test_administrators_have_no_business_permission_and_the_auditor_changes_nothing():
    business = {
        Permission.READ_UNITS,
        Permission.READ_PROGRAMME,
        Permission.READ_OVERVIEW,
        Permission.READ_NOTICES,
    }
    for kind in (SiteRoleKind.SYSTEM_ADMIN, SiteRoleKind.SECURITY_ADMIN):
        assert not SITE_ROLE_PERMISSIONS[kind] & business
    changes = {p for p in Permission if p.value.startswith(("manage_", "accept_", "answer_"))}
    assert not SITE_ROLE_PERMISSIONS[SiteRoleKind.AUDITOR] & changes


def test_services_start_no_background_task_and_nothing_waits_for_a_commit():
    text = {path: path.read_text(encoding="utf-8") for path in SOURCES}
    for path, source in text.items():
        assert ".delay(" not in source, path
        assert ".apply_async(" not in source, path
        assert "transaction.on_commit" not in source, path


def test_nothing_below_the_edge_asks_the_system_for_a_date():
    asks = re.compile(
        r"\b(date\.today|datetime\.now|datetime\.today|timezone\.localdate|CURRENT_DATE)\b"
    )
    guilty = [
        str(path.relative_to(ROOT))
        for path in SOURCES
        if path.name != "clock.py" and "launcher" not in path.parts and asks.search(_code(path))
    ]
    assert guilty == []


def _code(path):
    """The source without docstrings and comments, which may speak of what is forbidden."""
    return ast.unparse(_without_docstrings(ast.parse(path.read_text(encoding="utf-8"))))


def _without_docstrings(tree):
    for node in ast.walk(tree):
        body = getattr(node, "body", None)
        first = body[0] if isinstance(body, list) and body else None
        if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
            body[0] = ast.Pass()
    return tree


def test_migrations_have_plain_names_and_know_their_way_back():
    for app in OURS:
        for path in (
            sorted((ROOT / app / "migrations").glob("0*.py"))
            if (ROOT / app / "migrations").exists()
            else []
        ):
            assert not re.search(r"_auto_|_alter_.*_and_more", path.name), path.name
            source = path.read_text(encoding="utf-8")
            for call in re.findall(r"RunSQL\(", source):
                assert "DROP" in source or "reverse_sql" in source, f"{path.name} {call}"
            assert source.count("RunPython(") == source.count("reverse_code") + source.count(
                "RunPython.noop"
            ), path


def test_every_model_has_a_factory():
    made = set()
    for path in (ROOT / "tests" / "factories").glob("*.py"):
        made |= set(re.findall(r"model = (\w+)", path.read_text(encoding="utf-8")))
    without = {
        "AuditEntry": "written only by core.audit.record",
        "WorkingDay": "seeded from the calendar",
        "IdempotencyKey": "written only by the mixin",
        "StoredFile": "written only by core.files.store",
        "SiteState": "one row",
        "Heartbeat": "written by core.heartbeats.beat",
    }
    names = {model.__name__ for model in _our_models()}
    assert without.keys() <= names
    through = {model.__name__ for model in _our_models() if model._meta.auto_created}
    assert names - made - without.keys() - through == set()
