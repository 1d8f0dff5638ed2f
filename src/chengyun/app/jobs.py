"""Later work of the composition: imports that came over HTTP, base maps."""

from datetime import datetime
from pathlib import Path
from uuid import UUID

from chengyun.app.base_map.building import build
from chengyun.app.exchange.importing import HeaderError, MappedImport, Unreadable
from chengyun.app.exchange.user_mapping import load_mapping
from chengyun.app.packs.loading import default_roots, load_catalog
from chengyun.cases.models import ImportRun
from chengyun.kernel.jobs import job


@job("app.import_cases")
def import_cases(*, now: datetime, run_id: str, path: str, mapping: str) -> None:
    """Import an uploaded file; run again after a crash it goes on where it was."""
    run = ImportRun.objects.filter(pk=UUID(run_id), finished_at=None).first()
    if run is None:
        return
    file = Path(path)
    packs = load_catalog(default_roots())
    try:
        MappedImport(
            packs,
            load_mapping(mapping, packs),
            file,
            rejects=file.with_name(f"{run.id}.rejects.csv"),
            run_id=run.id,
        ).run()
    except (Unreadable, HeaderError) as error:
        run.refresh_from_db()
        run.failure, run.finished_at = str(error), run.finished_at or now
        run.save(update_fields=["failure", "finished_at"])
    file.unlink(missing_ok=True)
    file.with_suffix(".mapping.yaml").unlink(missing_ok=True)


@job("app.rebuild_base_map")
def rebuild_base_map(*, now: datetime, city_no: int) -> None:
    """Build a city's base map anew after its layers changed; run twice it gives the same."""
    build(city_no, now.isoformat(timespec="seconds"))
