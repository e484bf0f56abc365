"""Rows of core for tests."""

import factory

from core import clock, files
from core.models import DocumentTemplate, OutboundGate, StoredFile


class DocumentTemplateFactory(factory.django.DjangoModelFactory):
    """`content` is the .docx itself; the test has to set DATA_DIR."""

    class Meta:
        model = DocumentTemplate

    class Params:
        content = b""

    kind = "filing-receipt"
    holder = "440300-zsj"
    file = factory.LazyAttribute(
        lambda row: files.store([row.content], media_type="application/octet-stream")
    )
    file_name = "回执模板.docx"
    uploaded_at = factory.LazyFunction(clock.now)
    uploaded_by = "测试人员"


class StoredFileFactory(factory.django.DjangoModelFactory):
    """A row of the store; its bytes are on no disk."""

    class Meta:
        model = StoredFile

    sha256 = factory.Sequence(lambda n: f"{n:064x}")
    size = 1024
    media_type = "application/pdf"
    created_at = factory.LazyFunction(clock.now)


class OutboundGateFactory(factory.django.DjangoModelFactory):
    """An approved place; `approved_at=None, approved_by=""` for one that waits."""

    class Meta:
        model = OutboundGate

    host = "oapi.dingtalk.com"
    port = 443
    purpose = "messages"
    reason = "群机器人"
    proposed_at = factory.LazyFunction(clock.now)
    proposed_by = "系统管理员"
    approved_at = factory.LazyFunction(clock.now)
    approved_by = "安全管理员"
