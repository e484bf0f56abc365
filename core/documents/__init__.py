"""Official documents: written by the portal, or filled into a template of the body's own.

    document = documents.new(title="首席数据官备案回执", addressee="测试市公安局")
    document.heading(1, "备案事项").paragraph("……").facts([("单位", "测试市公安局")])
    document.sign("测试市政务服务数据管理局", clock.today())
    content = document.bytes()

Words of a document are plain Chinese, never gettext: whoever reads the portal in English still
issues it in Chinese. `kinds` is where the apps above declare what can have a template of its own, `services` keeps and
fills those templates, `pdf` turns the result into a PDF where LibreOffice is installed.
"""

from ..models import SiteState
from .text import chinese_day
from .writer import MEDIA_TYPE, OfficialDocument

__all__ = ["MEDIA_TYPE", "OfficialDocument", "chinese_day", "new"]


def new(*, title: str, number: str = "", addressee: str = "") -> OfficialDocument:
    """An OfficialDocument of this site: marked 「演示数据」 where the site is a demonstration."""
    return OfficialDocument(
        title=title, number=number, addressee=addressee, demo=SiteState.current().is_demo
    )
