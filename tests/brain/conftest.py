import os
from pathlib import Path

import pytest

_BESIDE = Path(__file__).parents[3] / "shared" / "data"


@pytest.fixture(scope="session")
def shared_data() -> Path | None:
    """The folder of public data (`$CHENGYUN_DATA`, or beside the checkout), None if missing."""
    for folder in (Path(os.environ.get("CHENGYUN_DATA", _BESIDE)), _BESIDE):
        if (folder / "sh-districts").is_dir():
            return folder
    return None
