"""Import and export over HTTP: a file in with progress and rejects, cases in sight out."""

import os
import tempfile
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Annotated, Literal
from uuid import UUID

from django.conf import settings
from django.http import FileResponse, HttpResponse
from ninja import File, Form, Query, Router, Schema, Status
from ninja.files import UploadedFile
from pydantic import AwareDatetime

from chengyun.app.exchange.evaluating import as_csv
from chengyun.app.exchange.exporting import Wanted, export
from chengyun.app.exchange.importing import HeaderError, MappedImport, Unreadable
from chengyun.app.exchange.user_mapping import BadMapping, load_mapping, read_mapping
from chengyun.app.exchange.writers import FORMATS, TooMuch
from chengyun.app.jobs import import_cases
from chengyun.app.packs.loaded import Catalog
from chengyun.app.packs.loading import default_roots, load_catalog
from chengyun.cases.models import ImportRun
from chengyun.kernel import areas, audit
from chengyun.kernel.actor import Actor
from chengyun.kernel.ids import new_id
from chengyun.kernel.problems import FieldError, Forbidden, Invalid, NotFound, TooLarge
from chengyun.kernel.request import Request
from chengyun.places.models import City
from chengyun.sdk.mappings import CaseMapping
from chengyun.vitals import reads
from chengyun.vitals.api.asked import table_of
from chengyun.vitals.schemas import CsvQuery

router = Router(tags=["exchange"])
IMPORT_MOST = 512 << 20
CHECK_MOST = 32 << 20
EXPORT_ROWS = 200_000


class RunOut(Schema):
    """An import run; `done` is the share of the file read, `failure` why it broke off."""

    id: UUID
    mapping: str
    file_name: str
    started_at: datetime
    finished_at: datetime | None
    read: int
    imported: int
    rejected: int
    merged: int
    already: int
    done: float
    failure: str
    has_rejects: bool


class RunsOut(Schema):
    items: list[RunOut]


class CheckOut(Schema):
    """What an import would do: counts, reasons of rejection, kept faults, missing columns."""

    read: int
    imported: int
    rejected: int
    encoding: str
    missing_columns: list[str]
    codes: dict[str, int]
    flags: dict[str, int]


class MappingOut(Schema):
    name: str
    title: dict[str, str]
    city: str
    columns: list[str]


class ExportQuery(Schema):
    format: Literal["csv", "xlsx", "geojson"] = "csv"
    area: str | None = None
    since: AwareDatetime | None = None
    until: AwareDatetime | None = None
    kind: str | None = None


@router.get("/exports/cases", operation_id="export_cases")
def export_cases(request: Request, query: Annotated[ExportQuery, Query()]) -> FileResponse:
    """The cases in the caller's sight as a file; needs a desk post and a second factor."""
    wanted = Wanted(query.area, query.since, query.until, (), query.kind, EXPORT_ROWS)
    # The file has no name: it is gone when the answer is.
    out = tempfile.TemporaryFile()  # noqa: SIM115 - the answer closes it
    try:
        export(request.actor, wanted, query.format, out, now=request.now)
    except TooMuch as error:
        raise Invalid([FieldError("format", str(error), "too_much")]) from error
    out.seek(0)
    return FileResponse(
        out,
        as_attachment=True,
        filename=f"cases-{request.now:%Y%m%dT%H%M%S}.{query.format}",
        content_type=FORMATS[query.format],
    )


@router.get("/evaluation.csv", response={200: str}, operation_id="evaluation_csv")
def evaluation_csv(request: Request, query: Annotated[CsvQuery, Query()]) -> HttpResponse:
    """The evaluation's table as CSV; on record like every export."""
    wanted = table_of(request, query)
    table = reads.table(request.actor, wanted)
    audit.write(
        request.actor, "vitals.export", now=request.now, fields=["period"], count=len(table["rows"])
    )
    answer = HttpResponse(as_csv(table, query.lang), content_type="text/csv; charset=utf-8")
    name = f"evaluation-{wanted.period.name}-{wanted.by}.csv"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@router.get("/mappings", response=list[MappingOut], operation_id="mappings")
def mappings(request: Request) -> list[MappingOut]:
    """The mappings that packs declare."""
    return [
        MappingOut(
            name=name,
            title={"zh": one.title.zh, "en": one.title.en},
            city=one.city.code,
            columns=[one.id, *one.times.reported.columns],
        )
        for name, one in sorted(_packs().mappings.items())
    ]


@router.post("/imports/check", response=CheckOut, operation_id="check_import")
def check_import(
    request: Request,
    file: Annotated[UploadedFile, File()],
    mapping: Annotated[str, Form()] = "",
    mapping_file: Annotated[UploadedFile | None, File()] = None,
) -> CheckOut:
    """Read every row of a file and keep none."""
    packs = _packs()
    path = _kept(file, new_id(), CHECK_MOST)
    rejects = path.with_suffix(".rejects.csv")
    try:
        chosen = _mapping(request.actor, packs, mapping, mapping_file, path)
        outcome = MappedImport(packs, chosen, path, rejects=rejects, dry_run=True).run()
    except (Unreadable, HeaderError) as error:
        raise Invalid([FieldError("file", str(error), getattr(error, "code", "header"))]) from error
    finally:
        for one in (path, rejects, _mapping_path(path)):
            one.unlink(missing_ok=True)
    return CheckOut.model_validate(outcome.as_dict())


@router.post("/imports", response={202: RunOut}, operation_id="create_import")
def create_import(
    request: Request,
    file: Annotated[UploadedFile, File()],
    mapping: Annotated[str, Form()] = "",
    mapping_file: Annotated[UploadedFile | None, File()] = None,
) -> Status[RunOut]:
    """Take a file; a worker imports it. Follow it at GET /imports/{id}."""
    packs = _packs()
    run_id = new_id()
    path = _kept(file, run_id, IMPORT_MOST)
    try:
        chosen = _mapping(request.actor, packs, mapping, mapping_file, path)
    except Exception:
        path.unlink(missing_ok=True)
        raise
    run = ImportRun.objects.create(
        id=run_id,
        mapping=chosen.name,
        file_name=(file.name or "file")[:200],
        started_at=request.now,
        actor_id=request.actor.id,
    )
    named = str(_mapping_path(path)) if mapping_file is not None else mapping
    import_cases.later(run_id=str(run_id), path=str(path), mapping=named)
    audit.write(request.actor, "cases.request_import", now=request.now, subject=run_id)
    return Status(202, _run(run))


@router.get("/imports", response=RunsOut, operation_id="imports")
def list_imports(request: Request) -> RunsOut:
    """One's own imports, the latest first."""
    found = ImportRun.objects.filter(actor_id=request.actor.id).order_by("-started_at")[:100]
    return RunsOut(items=[_run(run) for run in found])


@router.get("/imports/{uuid:run_id}", response=RunOut, operation_id="import")
def get_import(request: Request, run_id: UUID) -> RunOut:
    """How far an import has come."""
    return _run(_own(request.actor, run_id))


@router.get("/imports/{uuid:run_id}/rejects", operation_id="import_rejects")
def get_rejects(request: Request, run_id: UUID) -> FileResponse:
    """The rejected rows with their reasons, to be mended and imported again."""
    run = _own(request.actor, run_id)
    path = _folder() / f"{run.id}.rejects.csv"
    if not run.rejects_file or not path.is_file():
        raise NotFound("No row was rejected.")
    return FileResponse(
        path.open("rb"),
        as_attachment=True,
        filename="rejects.csv",
        content_type="text/csv; charset=utf-8",
    )


@cache
def _packs() -> Catalog:
    # Packs change with a restart: a node sets itself up again then.
    return load_catalog(default_roots())


def _folder() -> Path:
    folder = Path(settings.DATA_DIR) / "imports"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _own(actor: Actor, run_id: UUID) -> ImportRun:
    run = ImportRun.objects.filter(pk=run_id, actor_id=actor.id).first()
    if run is None or actor.id is None:
        raise NotFound("There is no such import.")
    return run


def _run(run: ImportRun) -> RunOut:
    return RunOut.model_validate(
        {
            **{name: getattr(run, name) for name in RunOut.model_fields if hasattr(run, name)},
            "has_rejects": bool(run.rejects_file),
        }
    )


def _kept(file: UploadedFile, run_id: UUID, most: int) -> Path:
    """The uploaded file on disk, before anything says that we have it."""
    if (file.size or 0) > most:
        raise TooLarge(f"The file is larger than {most >> 20} MiB; use ./cy import on the machine.")
    path = _folder() / f"{run_id}.upload"
    with path.open("wb") as out:
        for chunk in file.chunks():
            out.write(chunk)
        out.flush()
        os.fsync(out.fileno())
    return path


def _mapping_path(path: Path) -> Path:
    return path.with_suffix(".mapping.yaml")


def _mapping(
    actor: Actor, packs: Catalog, name: str, file: UploadedFile | None, path: Path
) -> CaseMapping:
    """The mapping asked for, if its city is the actor's to fill.

    Raises:
        Invalid: there is none, or the file is none.
        Forbidden: the city is new, or not the actor's.
    """
    try:
        if file is not None:
            if (file.size or 0) > 1 << 20:
                raise BadMapping("mapping_file is larger than 1 MiB")
            own = _mapping_path(path)
            own.write_bytes(file.read())
            mapping = read_mapping(own)
        elif name in packs.mappings:
            mapping = load_mapping(name, packs)
        else:
            raise BadMapping(f"{name!r} is none of {', '.join(sorted(packs.mappings))}")
    except BadMapping as error:
        raise Invalid([FieldError("mapping", str(error), "bad_mapping")]) from error
    city = City.objects.filter(code=mapping.city.code).first()
    holds = city is not None and any(
        grant.post in ("leader", "shift_leader") and areas.contains(grant.area_no, city.area_no)
        for grant in actor.grants
    )
    if not holds:
        raise Forbidden(
            "Importing here needs the post of leader or shift leader over the whole city of the"
            " mapping; a new city is imported on the machine itself."
        )
    if not actor.second_factor:
        raise Forbidden("Importing needs a second factor.", code="second_factor")
    return mapping
