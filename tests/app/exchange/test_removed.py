"""What was removed does not come back with a file that still has it."""

import io
from pathlib import Path

from chengyun.app.exchange.exporting import Wanted, export
from chengyun.app.exchange.own import OwnImport
from chengyun.app.packs.loaded import Catalog
from chengyun.cases.models import Case
from chengyun.cases.reads import forget_public_rules, histories, load_states
from chengyun.cases.verbs import Intake, erase, report
from chengyun.kernel.actor import PUBLIC, SYSTEM, Actor, Grant
from chengyun.kernel.ids import new_id
from chengyun.kernel.models import Event
from tests.app.exchange.conftest import Bring, row
from tests.app.world import LITTER, NOW, SPOT, World

SECRET = "ask Wang Xiaoming for his key"
LANE = "Key Lane 7"


def leader(case: Case) -> Actor:
    grant = Grant("shift_leader", new_id(), case.area_no)
    return Actor("user", new_id(), "leader", (grant,), second_factor=True)


def remove(case: Case) -> None:
    for what in ("text", "address"):
        erase(leader(case), now=NOW, case_id=case.id, what=what, reason="personal-data")  # type: ignore[arg-type]


def everything(case: Case) -> str:
    out = io.BytesIO()
    export(SYSTEM, Wanted(), "csv", out, now=NOW)
    state = load_states([case.id])[case.id].to_data()
    told = [one.data for one in Event.objects.filter(subject_id=case.id)]
    rows = list(Case.objects.values())
    return f"{out.getvalue().decode()} {state} {told} {rows} {histories([case.id])}"


def test_the_same_rows_again(bring: Bring, world: World) -> None:
    rows = [row("a", words=SECRET, address=LANE, lat="50.5"), row("b")]
    bring(rows)
    case = Case.objects.get(external_id="a")
    assert SECRET in everything(case)
    forget_public_rules()
    remove(case)
    again = bring(rows)
    assert (again.imported, again.already) == (2, 2)
    case.refresh_from_db()
    assert SECRET not in everything(case)
    assert LANE not in everything(case)


def test_an_export_made_before(world: World, packs: Catalog, tmp_path: Path) -> None:
    item = Intake(text=SECRET, kind_id=LITTER, lon=SPOT[0], lat=SPOT[1], address=LANE)
    made = report(PUBLIC, now=NOW, item=item)
    case = Case.objects.get(no=made["no"])
    path = tmp_path / "before.csv"
    with path.open("wb") as out:
        export(SYSTEM, Wanted(), "csv", out, now=NOW)
    assert SECRET in path.read_text(encoding="utf-8-sig")
    forget_public_rules()
    remove(case)
    done = OwnImport(packs, path, rejects=tmp_path / "r.csv").run()
    assert (done.imported, done.already) == (1, 1)
    case.refresh_from_db()
    assert SECRET not in everything(case)
    assert LANE not in everything(case)
