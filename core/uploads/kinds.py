"""The kinds of files that are taken, and the sentences of refusal."""

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

MEGABYTE = 2**20
LIMIT = 20 * MEGABYTE  # bytes of one file
OFFICE = "application/vnd.openxmlformats-officedocument."


@dataclass(frozen=True)
class Kind:
    """A type of file: its name in a sentence, the extensions it may bear, its media type."""

    name: str
    label: Any
    extensions: tuple[str, ...]
    media_type: str
    may_show_inline: bool = False


PDF = Kind("pdf", _("PDF文件"), ("pdf",), "application/pdf", may_show_inline=True)
PNG = Kind("png", _("PNG图片"), ("png",), "image/png", may_show_inline=True)
JPG = Kind("jpg", _("JPG图片"), ("jpg", "jpeg"), "image/jpeg", may_show_inline=True)
DOCX = Kind("docx", _("Word文档"), ("docx", "wps"), f"{OFFICE}wordprocessingml.document")
XLSX = Kind("xlsx", _("Excel表格"), ("xlsx",), f"{OFFICE}spreadsheetml.sheet")
OFD = Kind("ofd", _("OFD版式文件"), ("ofd",), "application/ofd")
WPS = Kind("wps", _("WPS文字文件"), ("wps",), "application/vnd.ms-works")
ZIP = Kind("zip", _("ZIP压缩包"), ("zip",), "application/zip")
KINDS = (PDF, DOCX, XLSX, OFD, WPS, PNG, JPG, ZIP)

EXTENSIONS = tuple(dict.fromkeys(name for kind in KINDS for name in kind.extensions))
ACCEPT = ",".join(f".{name}" for name in EXTENSIONS)
MACRO_EXTENSIONS = ("docm", "dotm", "xlsm", "xltm", "xlam", "xlsb", "pptm", "potm", "ppsm")
OLD_OFFICE = ("doc", "dot", "xls", "xlt", "et", "ppt")

NOTICE = _("本系统为非涉密系统，严禁处理、存储、传输国家秘密和工作秘密。")
HINT = _("PDF、Word（docx）、Excel（xlsx）、OFD、WPS、PNG、JPG或ZIP，单个文件不超过20MB")

FAULTS: dict[str, Any] = {
    "empty": _("“%(name)s”是空文件，换一个再传"),
    "too_big": _("“%(name)s”有%(size)sMB，单个文件不超过%(limit)sMB"),
    "kind": _("“%(name)s”的类型不接收，换成PDF、docx、xlsx、OFD、WPS、PNG、JPG或ZIP再传"),
    "old_office": _("“%(name)s”是旧版Office文件，另存为docx或xlsx再传"),
    "macro": _("“%(name)s”带有宏，另存为不带宏的docx或xlsx，或导出成PDF再传"),
    "password": _("“%(name)s”设了打开密码，去掉密码再传"),
    "restricted": _("“%(name)s”设了密码或编辑限制，去掉限制另存一份再传"),
    "web": _("“%(name)s”的内容其实是网页，在浏览器里打印成PDF再传"),
    "svg": _("“%(name)s”是SVG图片，里面可以带脚本，换成PNG或PDF再传"),
    "unreadable": _("“%(name)s”打不开，换成JPG、PNG或PDF再传"),
    "mismatch": _("“%(name)s”的扩展名和内容不一致，内容是%(kind)s，把扩展名改对再传"),
    "not_whole": _("“%(name)s”没有传完或已损坏，打开核对后再传一次"),
    "mixed": _("“%(name)s”里混有另一种格式的内容，重新导出一份再传"),
    "too_many": _("“%(name)s”里的文件超过%(limit)s个，拆成几个压缩包再传"),
    "too_large_inside": _("“%(name)s”解压后过大（超过%(limit)sMB或压缩比异常），拆分后再传"),
    "packing": _("“%(name)s”的压缩方式不通用，按普通ZIP重新压缩再传"),
    "program": _("“%(name)s”里的“%(inner)s”是程序、脚本或带宏的文件，去掉后再传"),
    "outside": _("“%(name)s”里的“%(inner)s”指向压缩包以外，重新压缩再传"),
}


class Fault(Exception):
    """A reason of refusal: a key of FAULTS and its facts besides the name."""

    def __init__(self, code: str, **facts: Any) -> None:
        super().__init__(code)
        self.code, self.facts = code, facts

    def of(self, name: str) -> ValidationError:
        return ValidationError(FAULTS[self.code], self.code, {"name": name, **self.facts})
