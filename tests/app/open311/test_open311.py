"""GeoReport v2: what the specification asks, in JSON and XML, and what must never be shown."""

from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from defusedxml.ElementTree import fromstring
from django.test import Client

from chengyun.app.open311 import views
from chengyun.cases.models import Case, KindVersion
from chengyun.cases.reads import forget_kinds
from chengyun.cases.reads.similar import metres_between
from chengyun.cases.verbs import Contact, Intake, move, report
from chengyun.kernel.actor import SYSTEM
from chengyun.kernel.clock import system_clock
from chengyun.people.verbs import issue_key
from chengyun.places import verbs as places
from tests.app.world import LITTER, SPOT, World

BASE = "/open311/v2"
CODE = LITTER.replace("/", "~")
# From the specification's own table of fields.
SERVICE = {"service_code", "service_name", "description", "metadata", "type", "keywords", "group"}
REQUEST = {
    *("service_request_id", "status", "status_notes", "service_name", "service_code"),
    *("description", "agency_responsible", "service_notice", "requested_datetime"),
    *("updated_datetime", "expected_datetime", "address", "address_id", "zipcode", "lat", "long"),
    "media_url",
}
SECRET = "王小明的手机13800001111"  # what a reporter wrote, and nobody else may read


@pytest.fixture(autouse=True)
def calm(monkeypatch: pytest.MonkeyPatch) -> None:
    """Room for every try of a test."""
    monkeypatch.setattr(views, "REPORTS", 100)


@pytest.fixture
def client() -> Client:
    return Client()


def get(client: Client, path: str, expect: int = 200, **params: object) -> Any:
    said = client.get(f"{BASE}/{path}", params)
    assert said.status_code == expect, (params, said.content)
    if ".json" in path:
        assert said["Content-Type"] == "application/json; charset=utf-8"
        return said.json()
    assert said["Content-Type"] == "text/xml; charset=utf-8"
    return fromstring(said.content)


def keep(world: World, **more: Any) -> dict[str, Any]:
    given: dict[str, Any] = {"kind_id": LITTER, "lon": SPOT[0], "lat": SPOT[1]}
    item = Intake(
        text=SECRET, source="hotline", contact=Contact("王小明", "13800001111"), **(given | more)
    )
    return report(world.actor("acceptor"), now=system_clock.now(), item=item)


def post(client: Client, form: str = "json", **fields: object) -> Any:
    given = {"service_code": CODE, "lat": SPOT[1], "long": SPOT[0], "description": "x"} | fields
    body = urlencode({k: v for k, v in given.items() if v is not None}, doseq=True)
    kind = "application/x-www-form-urlencoded"
    return client.post(f"{BASE}/requests.{form}", body, content_type=kind)


def test_discovery(client: Client, world: World) -> None:
    found = get(client, "discovery.json")
    assert {"changeset", "contact", "key_service", "endpoints"} <= set(found)
    (endpoint,) = found["endpoints"]
    assert endpoint["specification"] == "http://wiki.open311.org/GeoReport_v2"
    assert endpoint["url"].endswith(BASE)
    assert endpoint["formats"] == ["text/xml", "application/json"]
    tree = get(client, "discovery.xml")
    assert tree.tag == "discovery"
    assert [one.text for one in tree.iter("format")] == ["text/xml", "application/json"]


def test_services_in_both_formats(client: Client, world: World) -> None:
    found = get(client, "services.json")
    assert set(found[0]) == SERVICE
    litter = next(one for one in found if one["service_code"] == CODE)
    assert (litter["type"], litter["metadata"]) == ("realtime", False)
    tree = get(client, "services.xml")
    assert tree.tag == "services"
    assert [one.findtext("service_code") for one in tree.findall("service")] == [
        one["service_code"] for one in found
    ]
    assert tree.find("service/metadata").text in ("true", "false")


def test_kinds_that_are_not_public_do_not_exist_here(client: Client, world: World) -> None:
    row = KindVersion.objects.get(kind_id=LITTER, current=True)
    row.content["public"] = False
    row.save()
    forget_kinds()
    codes = {one["service_code"] for one in get(client, "services.json")}
    assert CODE not in codes
    get(client, f"services/{CODE}.json", 404)
    assert post(client).status_code == 404
    forget_kinds()


def test_a_definition_comes_from_the_form(client: Client, world: World) -> None:
    found = get(client, "services.json")
    code = next(one["service_code"] for one in found if one["metadata"])
    definition = get(client, f"services/{code}.json")
    assert definition["service_code"] == code
    first = definition["attributes"][0]
    assert {"variable", "code", "datatype", "required", "datatype_description", "order"} <= set(
        first
    )
    types = {"string", "number", "datetime", "text", "singlevaluelist", "multivaluelist"}
    assert {one["datatype"] for one in definition["attributes"]} <= types
    tree = get(client, f"services/{code}.xml")
    assert tree.tag == "service_definition"
    assert tree.find("attributes/attribute/code").text == first["code"]
    # The id with its slashes is understood, too.
    assert get(client, f"services/{code.replace('~', '/')}.json") == definition


def test_a_request_shows_the_matter_and_never_the_reporter(client: Client, world: World) -> None:
    kept = keep(world)
    for form in ("json", "xml"):
        said = client.get(f"{BASE}/requests.{form}").content.decode()
        assert "王小明" not in said
        assert "13800001111" not in said
        assert kept["track_code"] not in said
        assert str(kept["id"]) not in said
    (found,) = get(client, "requests.json")
    assert set(found) == REQUEST
    assert (found["service_request_id"], found["status"]) == (kept["no"], "open")
    assert found["requested_datetime"].endswith("Z")
    assert found["expected_datetime"]
    assert found["agency_responsible"] == "单位310101001-san"
    # Somewhere in the neighbourhood, as on the public map.
    assert (found["lat"], found["long"]) != (SPOT[1], SPOT[0])
    assert metres_between(*SPOT, found["long"], found["lat"]) < 160
    tree = get(client, f"requests/{kept['no']}.xml")
    assert tree.tag == "service_requests"
    assert tree.findtext("request/service_request_id") == kept["no"]
    assert get(client, f"requests/{kept['no']}.json") == [found]


def test_filters(client: Client, world: World) -> None:
    first, second = keep(world), keep(world, lon=121.045)
    now = system_clock.now()
    Case.objects.filter(pk=first["id"]).update(
        reported_at=now - timedelta(days=120), open=False, state="closed"
    )

    def numbers(**params: object) -> set[str]:
        return {one["service_request_id"] for one in get(client, "requests.json", **params)}

    old = {"start_date": (now - timedelta(days=150)).isoformat()}
    assert numbers() == {second["no"]}
    assert numbers(**old) == {first["no"]}
    assert numbers(service_request_id=f"{first['no']},{second['no']}") == {
        first["no"],
        second["no"],
    }
    # Ids override whatever else is asked.
    assert numbers(service_request_id=first["no"], status="open") == {first["no"]}
    assert numbers(**old, status="open") == set()
    assert numbers(**old, status="open,closed") == {first["no"]}
    assert numbers(service_code=CODE) == {second["no"]}
    assert numbers(lat=31.005, long=121.045, radius=300) == {second["no"]}
    assert numbers(lat=31.03, long=121.045, radius=300) == set()
    end = (now - timedelta(days=100)).isoformat()
    assert numbers(end_date=end) == {first["no"]}


def test_pages(client: Client, world: World) -> None:
    kept = [keep(world)["no"] for _ in range(5)]
    pages = [
        [one["service_request_id"] for one in get(client, "requests.json", page=n, page_size=2)]
        for n in (1, 2, 3, 4)
    ]
    assert pages == [kept[:-3:-1], kept[-3:-5:-1], kept[:1], []]


BAD_PARAMETERS = [
    ({"start_date": "yesterday"}, 400),
    ({"start_date": "0001-01-01T00:00:00+14:00"}, 400),
    ({"start_date": "2020-01-01T00:00:00Z", "end_date": "2020-09-01T00:00:00Z"}, 400),
    ({"start_date": "2020-09-01T00:00:00Z", "end_date": "2020-08-01T00:00:00Z"}, 400),
    ({"status": "flying"}, 400),
    ({"service_code": "nothing"}, 404),
    ({"jurisdiction_id": "nowhere"}, 404),
    ({"page": "0"}, 400),
    ({"page": "1e9"}, 400),
    ({"page_size": "1001"}, 400),
    ({"page_size": "-1"}, 400),
    ({"lat": "31"}, 400),
    ({"lat": "nan", "long": "1"}, 400),
    ({"lat": "91", "long": "1"}, 400),
    ({"radius": "100"}, 400),
    ({"service_request_id": "a\0b"}, 400),
    ({"service_request_id": ",".join(map(str, range(201)))}, 400),
]


def test_bad_parameters(client: Client, world: World) -> None:
    for params, status in BAD_PARAMETERS:
        (error,) = get(client, "requests.json", status, **params)
        assert set(error) == {"code", "description"}
        assert error["code"] == status
        tree = get(client, "requests.xml", status, **params)
        assert tree.tag == "errors"
        assert tree.findtext("error/code") == str(status)
        assert tree.findtext("error/description") == error["description"]


def test_what_is_not_there(client: Client, world: World) -> None:
    get(client, "requests/20990101000001.json", 404)
    get(client, "requests/20990101000001/updates.json", 404)
    get(client, "services/nothing.xml", 404)
    get(client, "tokens/NOTOKEN.json", 404)
    assert client.get(f"{BASE}/services.yaml").status_code == 404
    assert client.put(f"{BASE}/requests.json").status_code in (403, 405)


def test_reporting_without_a_key(client: Client, world: World) -> None:
    said = post(
        client,
        description="垃圾满溢",
        first_name="小明",
        last_name="王",
        phone="13800001111",
        email="w@example.org",
        device_id="d",
        address_string="人民路1号",
    )
    assert said.status_code == 201, said.content
    (kept,) = said.json()
    case = Case.objects.get(no=kept["service_request_id"])
    assert (case.source, case.kind_id, case.text) == ("open311", LITTER, "垃圾满溢")
    assert case.state == "pending_handle"
    (found,) = get(client, f"tokens/{kept['token']}.json")
    assert found == {"service_request_id": case.no, "token": kept["token"]}
    tree = get(client, f"tokens/{kept['token']}.xml")
    assert tree.findtext("request/service_request_id") == case.no


def test_reporting_in_xml_and_with_the_key_of_a_post(client: Client, world: World) -> None:
    key = issue_key("acceptor", world.unit("310101-sup"), now=system_clock.now())
    said = post(client, "xml", api_key=key)
    assert said.status_code == 201
    tree = fromstring(said.content)
    assert tree.tag == "service_requests"
    assert Case.objects.filter(no=tree.findtext("request/service_request_id")).exists()


BAD_REPORTS: list[tuple[dict[str, Any], int]] = [
    ({"api_key": "cyk_nonsense"}, 403),
    ({"service_code": None}, 400),
    ({"service_code": "nothing"}, 404),
    ({"jurisdiction_id": "nowhere"}, 404),
    ({"lat": None, "long": None}, 400),
    ({"lat": None}, 400),
    ({"lat": "north"}, 400),
    ({"lat": "inf"}, 400),
    ({"lat": "48.1", "long": "11.5"}, 400),
    ({"description": "x" * 5_001}, 400),
    ({"description": "a\0b"}, 400),
    ({"email": "nobody"}, 400),
    ({"phone": "call me"}, 400),
    ({"first_name": "x" * 61}, 400),
    ({"media_url": "file:///etc/passwd"}, 400),
    ({"media_url": "javascript:alert(1)"}, 400),
    ({f"f{n}": "x" for n in range(1_100)}, 400),
]


def test_bad_reports(client: Client, world: World) -> None:
    for fields, status in BAD_REPORTS:
        said = post(client, **fields)
        assert said.status_code == status, (fields, said.content)
        (error,) = said.json()
        assert error["code"] == status
        assert error["description"]
    assert not Case.objects.exists()


def test_attributes_are_read_by_the_form(client: Client, world: World) -> None:
    found = get(client, "services.json")
    for one in found:
        if not one["metadata"]:
            continue
        definition = get(client, f"services/{one['service_code']}.json")
        numbers = [a["code"] for a in definition["attributes"] if a["datatype"] == "number"]
        if numbers:
            break
    good = {f"attribute[{numbers[0]}]": "2.5"}
    said = post(client, service_code=one["service_code"], **good)
    assert said.status_code == 201, said.content
    case = Case.objects.get(no=said.json()[0]["service_request_id"])
    assert case.attributes == {numbers[0]: 2.5}
    bad = {f"attribute[{numbers[0]}]": "many"}
    assert post(client, service_code=one["service_code"], **bad).status_code == 400
    unknown = {"attribute[nothing]": "1"}
    assert post(client, service_code=one["service_code"], **unknown).status_code == 400


def test_the_public_is_throttled_and_keys_are_not(
    client: Client, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "REPORTS", 2)
    assert [post(client).status_code for _ in range(3)] == [201, 201, 429]
    said = post(client, "xml")
    assert int(said["Retry-After"]) > 0
    assert fromstring(said.content).findtext("error/code") == "429"
    key = issue_key("acceptor", world.unit("310101-sup"), now=system_clock.now())
    assert post(client, api_key=key).status_code == 201
    monkeypatch.setattr(views, "READS", 1)
    get(client, "services.json")
    get(client, "services.json", 429)


def test_several_cities_are_never_mixed(client: Client, world: World) -> None:
    kept = keep(world)
    places.add_city(
        SYSTEM,
        now=system_clock.now(),
        code="other",
        name={"zh": "他城", "en": "Other"},
        time_zone="UTC",
        calendar="cn",
        language="en",
        code_scheme="",
        center=(0.0, 0.0),
    )
    (error,) = get(client, "requests.json", 400)
    assert "jurisdiction_id was not provided" in error["description"]
    assert post(client).status_code == 400
    assert get(client, "requests.json", jurisdiction_id="other") == []
    assert len(get(client, "requests.json", jurisdiction_id="310000")) == 1
    get(client, f"requests/{kept['no']}.json", 404, jurisdiction_id="other")
    get(client, f"tokens/{kept['track_code']}.json", 404, jurisdiction_id="other")
    assert get(client, "servicerequestupdates.json", jurisdiction_id="other") == []


def test_updates_tell_plain_steps(client: Client, world: World) -> None:
    kept = keep(world)
    now = system_clock.now()
    move(
        world.actor("department"),
        now=now,
        case_id=Case.objects.get(no=kept["no"]).id,
        move="start",
        params={},
    )
    found = get(client, f"requests/{kept['no']}/updates.json")
    assert [one["update_id"] for one in found] == sorted(one["update_id"] for one in found)
    assert {one["status"] for one in found} == {"open"}
    assert found[-1]["description"] == "处理人员已开始处理。"
    assert get(client, "servicerequestupdates.json") == found
    late = (now + timedelta(hours=1)).isoformat()
    assert get(client, "servicerequestupdates.json", start_date=late) == []
    tree = get(client, "servicerequestupdates.xml", service_request_id=kept["no"])
    assert tree.tag == "service_request_updates"
    assert tree.findtext("request_update/service_request_id") == kept["no"]
    for one in found:
        assert "王小明" not in str(one)


def test_markup_in_names_stays_text(client: Client, world: World) -> None:
    row = KindVersion.objects.get(kind_id=LITTER, current=True)
    row.content["name"] = {"zh": "<b>&\x0b", "en": "x"}
    row.save()
    forget_kinds()
    tree = get(client, "services.xml")
    assert "<b>&" in {one.findtext("service_name") for one in tree.findall("service")}
    forget_kinds()
