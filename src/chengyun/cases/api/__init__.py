"""Cases over HTTP: parse, one verb or read, a shape."""

from chengyun.cases.api.around import router as around
from chengyun.cases.api.beside import router as beside
from chengyun.cases.api.boards import router as boards
from chengyun.cases.api.kept import router as kept
from chengyun.cases.api.moderation import router as moderation
from chengyun.cases.api.paper import router as paper
from chengyun.cases.api.public import router as public
from chengyun.cases.api.staff import router as staff

staff.add_router("", beside)
staff.add_router("", boards)
staff.add_router("", kept)
staff.add_router("", paper)

__all__ = ["around", "moderation", "public", "staff"]
