"""Opening a table by what the file is, not by what it is called."""

from pathlib import Path

from chengyun.app.exchange.csvfile import open_csv
from chengyun.app.exchange.sheets import open_xlsx
from chengyun.app.exchange.tables import Table, Unreadable

_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0"


def open_table(path: Path, *, encoding: str = "utf-8-sig", delimiter: str = ",") -> Table:
    """A CSV (plain or gzipped) or XLSX file.

    Raises:
        Unreadable: it is neither, or absurd in size or shape.
    """
    try:
        with path.open("rb") as file:
            head = file.read(4)
    except OSError as error:
        raise Unreadable(f"cannot be opened: {error.strerror}", "no_file") from error
    if not head:
        raise Unreadable("is empty", "empty_file")
    if head == _ZIP:
        return open_xlsx(path)
    if head == _OLE:
        raise Unreadable("is an old .xls workbook: save it as .xlsx or CSV", "old_xls")
    return open_csv(path, encoding=encoding, delimiter=delimiter)
