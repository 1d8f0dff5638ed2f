"""Layers and tools of the map: what is wrong is told with file, place and remedy."""

from collections.abc import Callable

import pytest

from chengyun.app.packs.faults import PackFault
from chengyun.app.packs.loaded import Catalog
from chengyun.kernel.actor import POSTS
from chengyun.sdk.map_plugins import COLLECTIONS
from tests.packs.test_faults import one

Said = Callable[..., list[PackFault]]

MAP = """
source: test
effective_from: 2026-01-01
groups:
  - {id: water, title: {zh: 水, en: Water}}
layers:
  - id: wells
    title: {zh: 井, en: Wells}
    group: water
    posts: [dispatcher]
    min_zoom: 12
    source: {collection: components, where: {kind_id: ["base-scheme/event/01*"]}}
    style:
      shape: circle
      color: l1
      label: code
      paint:
        field: state
        classes:
          - {values: [intact], title: {zh: 好, en: Good}, color: "#00aa00"}
          - {values: [damaged], title: {zh: 坏, en: Bad}, color: l2, shape: star}
tools:
  - {id: go, title: {zh: 去, en: Go}, kind: link, to: "/report?lon={lon}&lat={lat}"}
  - {id: near, title: {zh: 近, en: Near}, kind: nearest, source: {collection: components}}
  - {id: long, title: {zh: 长, en: Long}, kind: measure, measure: distance}
"""


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("group: water", "group: watr", ("layers[0] (wells).group", "watr", "mean water")),
        ("[dispatcher]", "[dispacher]", ("wells).posts", "dispacher", "mean dispatcher")),
        ("[dispatcher]", "[dispatcher]\n    public: true", ("wells).public", "for everybody")),
        (
            "collection: components, where",
            "collection: componets, where",
            ("source.collection", "componets", "mean components"),
        ),
        ("kind_id: [", "kind: [", ("source.where", "'kind'", "kind_id")),
        ("event/01*", "event/99*", ("source.where", "matches no kind")),
        ("shape: circle", "shape: area", ("style.shape", "area", "collection")),
        ("shape: circle", "shape: blob", ("style.shape", "'circle'")),
        ("color: l1", "color: l9", ("style.color", "l9", "l1")),
        ("label: code", "label: size", ("style.label", "size", "code")),
        ("field: state", "field: stat", ("paint.field", "stat", "mean state")),
        ("[damaged]", "[intact]", ("paint.classes", "'intact'", "two classes")),
        ("min_zoom: 12", "min_zoom: 24", ("min_zoom", "max_zoom")),
        ("{lon}", "{long}", ("tools[0] (go).to", "{long}", "lon")),
        ('to: "/report', 'to: "//evil.example', ("tools[0].to", "pattern")),
        (", measure: distance", "", ("tools[2] (long).measure", "missing")),
        ("kind: nearest,", "kind: link, to: /x,", ("near).source", "not for a tool of kind link")),
        ("{collection: components}}", "{collection: cases}}", ("near).source", "nearest in")),
        ("id: near", "id: go", ("tools[1] (go)", "used twice")),
    ],
)
def test_faults_of_the_map(said: Said, old: str, new: str, words: tuple[str, ...]) -> None:
    assert said("town/map/own.yaml", MAP) == []
    one(said("town/map/own.yaml", old, new), "town/map/own.yaml", *words)


def test_steps_must_climb_and_classes_stand_alone(said: Said) -> None:
    said("town/map/own.yaml", MAP)
    classes = MAP[MAP.index("        classes:") : MAP.index("tools:")]
    steps = """        steps:
          - {since: 5, title: {zh: 多, en: Many}, color: l1}
          - {since: 1, title: {zh: 少, en: Few}, color: l2}
"""
    one(said("town/map/own.yaml", classes, steps), "paint.steps", "do not climb")
    one(said("town/map/own.yaml", steps, classes + steps), "paint", "not both")


def test_the_base_offers_every_collection_and_tool(catalog: Catalog) -> None:
    files = list(catalog.pack("base").map_files.values())
    layers = [layer for file in files for layer in file.layers]
    assert {layer.source.collection for layer in layers} == set(COLLECTIONS) - {"layer", "things"}
    assert {tool.kind for file in files for tool in file.tools} == {"link", "nearest", "measure"}
    assert any(layer.style.shape == "heat" for layer in layers)
    assert any(layer.public for layer in layers)
    assert {post for layer in layers for post in layer.posts} <= POSTS
