"""Import and export over HTTP: for whom, with what proof, and what a wrong file is told."""

import csv
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from chengyun.app.exchange import api
from chengyun.app.jobs import import_cases
from chengyun.app.packs.loaded import Catalog
from chengyun.cases.models import Case, ImportRun
from chengyun.cases.verbs import Intake, report
from chengyun.kernel.clock import system_clock
from chengyun.people.verbs import issue_key
from tests.app.exchange.conftest import MAPPING, row, text_of
from tests.app.world import LITTER, SPOT, World

Call = Callable[..., Any]


@pytest.fixture
def call(
    world: World, catalog: Catalog, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Call:
    """A request by a key of a post."""
    settings.DATA_DIR = tmp_path
    monkeypatch.setattr(api, "load_catalog", lambda _roots: catalog)
    now = system_clock.now()
    keys = {
        "leader": issue_key("leader", world.unit("310000-ops"), now=now),
        "acceptor": issue_key("acceptor", world.unit("310101-sup"), now=now),
        "stranger": issue_key("acceptor", world.unit("310104-sup"), now=now),
        "handler": issue_key("handler", world.unit("310101001-san"), now=now),
    }
    client = Client()

    def run(post: str | None, path: str, data: Any = None) -> Any:
        headers = {"Authorization": f"Bearer {keys[post]}"} if post else {}
        if data is None:
            return client.get(f"/api/v1/{path}", headers=headers)
        return client.post(f"/api/v1/{path}", data, headers=headers)

    return run


def mapping_file(code: str = "310000") -> SimpleUploadedFile:
    found = {**MAPPING, "city": {**MAPPING["city"], "code": code}}  # type: ignore[dict-item]
    return SimpleUploadedFile("m.yaml", yaml.safe_dump(found).encode())


def upload(content: str) -> SimpleUploadedFile:
    return SimpleUploadedFile("cases.csv", content.encode())


def exported(said: Any) -> list[dict[str, str]]:
    content = b"".join(said.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(content)))


def test_an_export_holds_what_its_asker_sees(call: Call, world: World) -> None:
    kept = report(
        world.actor("acceptor"),
        now=system_clock.now(),
        item=Intake(text="=x", source="hotline", kind_id=LITTER, lon=SPOT[0], lat=SPOT[1]),
    )
    said = call("acceptor", "exports/cases?format=csv")
    assert said.status_code == 200
    assert "attachment" in said["Content-Disposition"]
    (line,) = exported(said)
    assert (line["no"], line["text"]) == (kept["no"], "'=x")
    assert exported(call("stranger", "exports/cases")) == []
    assert call("handler", "exports/cases").status_code == 403
    assert call(None, "exports/cases").status_code == 401
    assert call("acceptor", "exports/cases?format=pdf").status_code == 422
    assert call("acceptor", "exports/cases?area=nowhere").status_code == 422
    assert call("acceptor", "exports/cases?since=yesterday").status_code == 422


def test_an_import_is_checked_taken_and_followed(call: Call) -> None:
    content = text_of([row("a"), row("b", at="never")])
    said = call(
        "leader", "imports/check", {"file": upload(content), "mapping_file": mapping_file()}
    )
    assert said.status_code == 200, said.content
    assert (said.json()["read"], said.json()["codes"]) == (2, {"bad_time": 1})
    assert not Case.objects.exists()

    said = call("leader", "imports", {"file": upload(content), "mapping_file": mapping_file()})
    assert said.status_code == 202, said.content
    run = ImportRun.objects.get(pk=said.json()["id"])
    assert call("leader", f"imports/{run.id}/rejects").status_code == 404
    folder = api._folder()
    path = folder / f"{run.id}.upload"
    # The job itself refuses to run inside a test's transaction.
    _work(import_cases)(
        now=system_clock.now(),
        run_id=str(run.id),
        path=str(path),
        mapping=str(path.with_suffix(".mapping.yaml")),
    )
    done = call("leader", f"imports/{run.id}").json()
    assert (done["read"], done["imported"], done["rejected"], done["done"]) == (2, 1, 1, 1.0)
    assert done["has_rejects"]
    assert not path.exists()
    (reject,) = exported(call("leader", f"imports/{run.id}/rejects"))
    assert (reject["id"], reject["reject_code"]) == ("b", "bad_time")
    assert [one["id"] for one in call("leader", "imports").json()["items"]] == [str(run.id)]
    # Others' runs do not exist.
    assert call("acceptor", f"imports/{run.id}").status_code == 404
    assert call("acceptor", "imports").json()["items"] == []


def _work(job: Any) -> Any:
    """The function a job wraps."""
    return next(
        cell.cell_contents for cell in job.task.func.__closure__ if callable(cell.cell_contents)
    )


def test_who_may_not_import_and_what_is_no_file(call: Call) -> None:
    good = text_of([row("a")])

    def status(post: str | None, content: str = good, **more: Any) -> int:
        given = {"file": upload(content), "mapping_file": mapping_file()} | more
        code: int = call(post, "imports", given).status_code
        checked = call(post, "imports/check", {**given, "file": upload(content)})
        assert (checked.status_code >= 400) == (code >= 400)
        return code

    assert status(None) == 401
    assert status("acceptor") == 403
    # A city that is not here is made on the machine itself.
    assert (
        call(
            "leader", "imports", {"file": upload(good), "mapping_file": mapping_file("mini")}
        ).status_code
        == 403
    )
    assert (
        call("leader", "imports", {"file": upload(good), "mapping": "nothing"}).status_code == 422
    )
    bad = SimpleUploadedFile("m.yaml", b"name: [")
    assert call("leader", "imports", {"file": upload(good), "mapping_file": bad}).status_code == 422
    said = call("leader", "imports/check", {"file": upload(""), "mapping_file": mapping_file()})
    assert said.status_code == 422
    assert said.json()["errors"][0]["code"] == "empty_file"
    said = call(
        "leader", "imports/check", {"file": upload("a,b\n1,2"), "mapping_file": mapping_file()}
    )
    assert said.status_code == 422
    assert "id" in said.json()["detail"]
    assert not ImportRun.objects.exists()


def test_mappings_are_listed(call: Call) -> None:
    names = {one["name"] for one in call("acceptor", "mappings").json()}
    assert {"tainan1999", "la311", "baltimore311"} <= names
