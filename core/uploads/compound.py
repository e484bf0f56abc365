"""Compound files (MS-CFB), in which WPS keeps its documents: streams with names, like a small disk."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass

from .kinds import WPS, Fault, Kind

SIGN = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
HEADER, ENTRY = 512, 128
LAST_SECTOR = 0xFFFFFFFA  # numbers above it mean end, free and the like
IN_HEADER = 109  # sector numbers of the table that stand in the header itself
ENCRYPTED_FLAG = 0x0100  # FibBase.fEncrypted (MS-DOC 2.5.2)
MACROS = {"_VBA_PROJECT", "_VBA_PROJECT_CUR", "VBA", "Macros"}


@dataclass(frozen=True)
class Stream:
    name: str
    start: int


def check_compound(content: bytes, extension: str) -> Kind:
    """WPS for a document of WPS's own; raises Fault."""
    try:
        streams = {stream.name: stream for stream in _Disk(content).streams()}
        if "EncryptedPackage" in streams:
            raise Fault("password")
        if not MACROS.isdisjoint(streams):
            raise Fault("macro")
        if extension != "wps" or "WordDocument" not in streams:
            raise Fault("old_office")
        if _Disk(content).number("<H", streams["WordDocument"].start, 0x0A) & ENCRYPTED_FLAG:
            raise Fault("password")
    except (struct.error, UnicodeDecodeError):
        raise Fault("not_whole") from None
    return WPS


class _Disk:
    """Sectors, the table that chains them, and the directory. Raises struct.error where the bytes
    end too early, and Fault where chains run in circles."""

    def __init__(self, content: bytes) -> None:
        self.content = content
        shift: int = struct.unpack_from("<H", content, 0x1E)[0]
        if shift not in {9, 12}:
            raise Fault("not_whole")
        self.size = 1 << shift
        self.table = list(self._table())

    def number(self, form: str, sector: int, offset: int) -> int:
        found: int = struct.unpack_from(form, self.content, self._place(sector) + offset)[0]
        return found

    def streams(self) -> Iterator[Stream]:
        (sector,) = struct.unpack_from("<L", self.content, 0x30)
        for here in self._chain(sector):
            for offset in range(0, self.size, ENTRY):
                entry = self._place(here) + offset
                (length,) = struct.unpack_from("<H", self.content, entry + 0x40)
                (start,) = struct.unpack_from("<L", self.content, entry + 0x74)
                name = self.content[entry : entry + max(min(length, 64) - 2, 0)]
                if name:
                    yield Stream(name.decode("utf-16-le"), start)

    def _place(self, sector: int) -> int:
        return (sector + 1) * self.size

    def _chain(self, sector: int) -> Iterator[int]:
        seen = 0
        while sector < LAST_SECTOR:
            if sector >= len(self.table) or seen > len(self.table):
                raise Fault("not_whole")
            yield sector
            sector, seen = self.table[sector], seen + 1

    def _table(self) -> Iterator[int]:
        """The allocation table: for each sector the one that follows it."""
        count = self.size // 4
        for sector in self._table_sectors():
            yield from struct.unpack_from(f"<{count}L", self.content, self._place(sector))

    def _table_sectors(self) -> Iterator[int]:
        yield from _used(struct.unpack_from(f"<{IN_HEADER}L", self.content, 0x4C))
        further, left = struct.unpack_from("<2L", self.content, 0x44)
        count = self.size // 4
        # The count is a claim of the file; the size of the file bounds it.
        for _number in range(min(left, len(self.content) // self.size)):
            *held, further = struct.unpack_from(f"<{count}L", self.content, self._place(further))
            yield from _used(tuple(held))


def _used(sectors: tuple[int, ...]) -> Iterator[int]:
    return (sector for sector in sectors if sector < LAST_SECTOR)
