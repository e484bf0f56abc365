"""Small files of every kind, made here: no sample of anybody's is kept."""

import io
import struct
import zipfile
import zlib

PDF = b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n<< /Root 1 0 R >>\nstartxref\n9\n%%EOF\n"
JPG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" + b"\x01" * 64 + b"\xff\xd9"
HTML = "<!DOCTYPE html><html><body>通知</body></html>".encode()
SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script/></svg>'
TYPES = '<Types><Override ContentType="application/vnd.openxmlformats-officedocument.main+xml"/></Types>'
FREE, END, FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD


def png():
    def chunk(name, data):
        return (
            struct.pack(">L", len(data)) + name + data + struct.pack(">L", zlib.crc32(name + data))
        )

    head = chunk(b"IHDR", struct.pack(">LLBBBBB", 1, 1, 8, 0, 0, 0, 0))
    data = chunk(b"IDAT", zlib.compress(b"\x00\x00"))
    return b"\x89PNG\r\n\x1a\n" + head + data + chunk(b"IEND", b"")


def packed(parts, method=zipfile.ZIP_DEFLATED):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as target:
        for name, text in parts.items():
            target.writestr(name, text)
    return out.getvalue()


def office(main, **more):
    return packed({"[Content_Types].xml": TYPES, main: "<x/>", **more})


def docx(**more):
    return office("word/document.xml", **more)


def xlsx(**more):
    return office("xl/workbook.xml", **more)


def ofd(**more):
    return packed({"OFD.xml": "<ofd/>", "Doc_0/Document.xml": "<x/>", **more})


def zipped(**more):
    return packed({"照片/现场.txt": "培训现场", **more})


def compound(*names, flags=0, shift=9, table_in_chain=False):
    """A compound file with empty-looking streams of these names; `flags` are those of the FIB.

    Sectors: 0 table, 1 directory, 2 first stream, 3 (with `table_in_chain`) list of table sectors.
    """
    size = 1 << shift
    table = [FAT, END, END, END if table_in_chain else FREE]
    table += [FREE] * (size // 4 - len(table))
    entries = [_entry(name, 2) for name in ("Root Entry", *names)][: size // 128]
    directory = b"".join(entries).ljust(size, b"\0")
    stream = (b"\xec\xa5" + b"\0" * 8 + struct.pack("<H", flags)).ljust(size, b"\0")
    sectors = [struct.pack(f"<{size // 4}L", *table), directory, stream]
    listed = [0]
    if table_in_chain:
        listed = []
        sectors.append(struct.pack(f"<{size // 4}L", 0, *[FREE] * (size // 4 - 2), END))
    header = bytearray(size)
    header[:8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
    struct.pack_into("<H", header, 0x1E, shift)
    struct.pack_into("<L", header, 0x30, 1)
    struct.pack_into("<2L", header, 0x44, *((3, 1) if table_in_chain else (END, 0)))
    struct.pack_into("<109L", header, 0x4C, *listed, *[FREE] * (109 - len(listed)))
    return bytes(header) + b"".join(sectors)


def _entry(name, start):
    raw = name.encode("utf-16-le")
    entry = bytearray(128)
    entry[: len(raw)] = raw
    struct.pack_into("<HB", entry, 0x40, len(raw) + 2, 2)
    struct.pack_into("<2L", entry, 0x74, start, 4096)
    return bytes(entry)


GOOD = {
    "工作总结.pdf": PDF,
    "截图.png": png(),
    "现场.jpg": JPG,
    "现场.JPEG": JPG,
    "方案.docx": docx(),
    "方案.wps": docx(),
    "名单.xlsx": xlsx(),
    "红头文件.ofd": ofd(),
    "通知.wps": compound("WordDocument", "1Table"),
    "材料.zip": zipped(),
}
