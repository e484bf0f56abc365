"""A Word file that somebody uploaded is read on the server: it reaches nothing there, nor beyond it."""

import subprocess
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from core.documents import pdf
from tests.core import made_files as made

pytestmark = pytest.mark.skipif(
    not pdf.is_available(), reason="LibreOffice (soffice) is not installed"
)
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml"
DRAWING = "http://schemas.openxmlformats.org/drawingml/2006"
TYPES = f"""<Types xmlns="{PACKAGE}/content-types">
<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>
<Override PartName="/word/document.xml" ContentType="{WORD}.document.main+xml"/></Types>"""
ROOT = f"""<Relationships xmlns="{PACKAGE}/relationships">
<Relationship Id="r1" Type="{OFFICE}/officeDocument" Target="word/document.xml"/></Relationships>"""
PICTURE = f"""<w:p><w:r><w:drawing><wp:inline><wp:extent cx="990000" cy="790000"/>
<wp:docPr id="1" name="p"/><a:graphic><a:graphicData uri="{DRAWING}/picture"><pic:pic><pic:nvPicPr>
<pic:cNvPr id="1" name="p"/><pic:cNvPicPr/></pic:nvPicPr><pic:blipFill><a:blip r:link="%s"/><a:stretch>
<a:fillRect/></a:stretch></pic:blipFill><pic:spPr><a:xfrm><a:off x="0" y="0"/>
<a:ext cx="990000" cy="790000"/></a:xfrm><a:prstGeom prst="rect"/></pic:spPr></pic:pic></a:graphicData>
</a:graphic></wp:inline></w:drawing></w:r></w:p>"""


def linking(*targets):
    """A Word file with a linked picture for each of these addresses."""
    names = [f"r{place}" for place, _target in enumerate(targets)]
    links = "".join(
        f'<Relationship Id="{name}" Type="{OFFICE}/image" Target="{target}" TargetMode="External"/>'
        for name, target in zip(names, targets, strict=True)
    )
    body = "".join(PICTURE % name for name in names)
    document = (
        f'<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
        f' xmlns:r="{OFFICE}" xmlns:wp="{DRAWING}/wordprocessingDrawing" xmlns:a="{DRAWING}/main"'
        f' xmlns:pic="{DRAWING}/picture"><w:body><w:p/>{body}</w:body></w:document>'
    )
    rels = f'<Relationships xmlns="{PACKAGE}/relationships">{links}</Relationships>'
    return made.packed(
        {
            "[Content_Types].xml": TYPES,
            "_rels/.rels": ROOT,
            "word/document.xml": document,
            "word/_rels/document.xml.rels": rels,
        }
    )


@pytest.fixture
def network():
    """(its address, what was asked of it): a service inside our network."""
    asked = []

    class Service(BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            self.send_error(404)

        do_HEAD = do_OPTIONS = do_GET  # noqa: N815 - the names that http.server looks for

        def log_message(self, *args):
            """Nothing to say."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Service)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", asked
    server.shutdown()
    server.server_close()


def trap(network, tmp_path):
    address, _asked = network
    picture = tmp_path / "somebody-elses.png"
    picture.write_bytes(made.png())
    return linking(f"{address}/internal.png", picture.as_uri())


def test_a_word_file_neither_asks_our_network_nor_reads_our_disk(network, tmp_path):
    printed = pdf.to_pdf(trap(network, tmp_path))
    assert printed is not None
    assert printed.startswith(b"%PDF-")
    assert network[1] == []
    assert b"/Subtype/Image" not in printed


def test_without_its_settings_libreoffice_does_both(network, tmp_path):
    """The negative control."""
    (tmp_path / "document.docx").write_bytes(trap(network, tmp_path))
    argv = [pdf.program(), "--headless", f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"]
    argv += ["--convert-to", "pdf:writer_pdf_Export", "--outdir", str(tmp_path)]
    subprocess.run([*argv, str(tmp_path / "document.docx")], check=True, capture_output=True)
    assert "/internal.png" in network[1]
    assert b"/Subtype/Image" in (tmp_path / "document.pdf").read_bytes()
