"""Cases over HTTP: parse, one verb or read, a shape."""

from chengyun.cases.api.public import router as public
from chengyun.cases.api.staff import router as staff

__all__ = ["public", "staff"]
