"""Setting a node up: packs into the database, the demo city, its organisations and duty list.

Every step looks first whether it was done, so that a second start takes seconds.
"""

from chengyun.app.setup.running import run

__all__ = ["run"]
