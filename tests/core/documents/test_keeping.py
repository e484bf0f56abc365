"""Which template is in use, and which was before."""

import pytest
from django.db import IntegrityError, transaction

from core.documents import services
from core.errors import MoveNotAllowed
from core.models import AuditEntry, DocumentTemplate
from tests.factories.core import DocumentTemplateFactory

from .templates import HOLDER, KIND, docx, rendered, texts, upload

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("kind", "folder")]


def test_a_new_template_ends_the_one_before_and_keeps_it(by):
    first = upload(docx("第一版{{单位名称}}"), by)
    second = upload(docx("第二版{{单位名称}}"), by, name="新/模板.docx")
    first.refresh_from_db()
    assert list(services.history(KIND, HOLDER)) == [second, first]
    assert services.active_template(KIND, HOLDER) == second
    assert (second.file_name, second.uploaded_by, second.uploaded_by_id) == (
        "模板.docx",
        by.audit_label,
        by.pk,
    )
    assert (first.is_active, first.ended_by, first.ended_by_id) == (False, by.audit_label, by.pk)
    assert str(second) == f"{KIND} {HOLDER} 模板.docx"
    assert texts(rendered()) == ["第二版教育局"]
    entry = AuditEntry.objects.filter(verb="template.upload").latest("id")
    assert (entry.before, entry.after) == (
        {"file_name": "回执模板.docx"},
        {"file_name": "模板.docx"},
    )
    assert (entry.unit_code, entry.actor) == (HOLDER, by.audit_label)


def test_going_back_to_the_portals_own_form_happens_once(by):
    template = upload(docx("{{单位名称}}"), by)
    services.end_template(template, by=by)
    assert rendered() == b"built-in"
    assert AuditEntry.objects.get(verb="template.end").after == {"file_name": ""}
    with pytest.raises(MoveNotAllowed, match=r"“回执模板\.docx”已由王芳.*停用"):
        services.end_template(template, by=by)


def test_the_database_keeps_one_active_template_and_whole_ends():
    row = DocumentTemplateFactory(kind=KIND)
    for fault in ({"ended_at": row.uploaded_at}, {"ended_by": "某人"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            DocumentTemplate.objects.filter(pk=row.pk).update(**fault)
    with pytest.raises(IntegrityError), transaction.atomic():
        DocumentTemplateFactory(kind=KIND)
