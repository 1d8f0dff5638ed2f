"""Writing a new pack that works at once: its files are the shortest ones the checker accepts."""

import re
from pathlib import Path

_NAME = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")

_MANIFEST = """\
name = "{name}"
version = "0.1.0"
kind = "{kind}"
requires = ["base"]
source = "say where the facts of this pack come from"

[title]
zh = "{name}"
en = "{name}"
"""

_SCHEMES = """\
source: "say where the scheme is published"
effective_from: {today}
verified: false
schemes:
  - id: {scheme}
    title: {{zh: {name}, en: {name}}}
    codes: local
"""

_KINDS = """\
# One file a major class. The id of a kind is <scheme>/<type>/<code>.
scheme: {scheme}
type: event
major: {{code: "01", name: {{zh: 示例, en: Example}}}}
source: "say where the class is published"
effective_from: {today}
verified: false
kinds:
  - code: "0101"
    name: {{zh: 示例事件, en: Example event}}
    roles: [sanitation]
    evidence: {{after: 1}}
    public: true
    conditions:
      - id: found
        condition: dirty
        text: {{zh: 何时立案，用一句话写明, en: Say in one sentence when a case is filed}}
        closing: {{zh: 何时算办结, en: Say what counts as solved}}
        limit: 4WH
  - code: unknown
    name: {{zh: 未分类, en: Not classified}}
    roles: [street_center]
    unrouted: true
    conditions:
      - id: found
        condition: other
        text: {{zh: 类别待定, en: The kind is not known yet}}
        closing: {{zh: 已处理, en: Dealt with}}
        limit: 5WD
"""

_DUTIES = """\
id: {name}-duties
version: "0.1.0"
source: "say who decided this list"
effective_from: {today}
verified: false
entries:
  - id: sanitation
    kinds: ["{scheme}/event/01*"]
    lead: {{role: sanitation, level: street}}
"""

_EXAMPLES = """\
# The test of this pack: `./cy test tests/packs` runs every example.
kinds:
  - {{kind: {scheme}/event/0101, condition: found, limit: 4WH}}
duties:
  - {{kind: {scheme}/event/0101, role: sanitation}}
"""

_ROWS = """\
rows:
  - mapping: {name}
    row: {{id: "1", time: "{today} 08:00:00", type: 垃圾, place: 东区, lat: "31.2", lon: "121.5"}}
    expect:
      kind_id: {scheme}/event/0101
      state: archived
      reported_at: "{today}T00:00:00+00:00"
  - mapping: {name}
    row: {{id: "2", time: soon, type: "", place: "", lat: "", lon: ""}}
    reject: time
"""

_MAPPING = """\
name: {name}
title: {{zh: {name}, en: {name}}}
external_source: {name}
source: "say whose data it is and under which licence"
effective_from: {today}
verified: false
city:
  code: {name}
  ordinal: {ordinal}
  name: {{zh: {name}, en: {name}}}
  time_zone: Asia/Shanghai
  calendar: cn
  language: zh-CN
  center: [121.5, 31.2]
  bounds: [121.0, 31.0, 122.0, 31.5]
id: id
times:
  reported: {{columns: [time], formats: ["%Y-%m-%d %H:%M:%S"]}}
state:
  other: {{state: archived}}
kind:
  scheme: {scheme}
  type: event
  unknown: unknown
  by:
    - columns: [type]
      values: {{垃圾: "0101"}}
areas:
  - level: district
    column: place
    names: [东区, 西区]
    english: {{东区: East, 西区: West}}
location: {{latitude: lat, longitude: lon, decimals: 1}}
text: [what]
channel: {{other: hotline}}
merge: {{same: [point, kind], hours: 24}}
"""

_ORGANISATIONS = """\
source: "say where the organisations are listed"
effective_from: {today}
verified: false
organisations:
  - id: ops
    each: city
    kind: ops_center
    code: "{name}-ops"
    name: {{zh: 运行中心, en: Operations centre}}
    roles: [street_center]
  - id: everything
    each: city
    kind: department
    code: "{name}-services"
    name: {{zh: 城市服务局, en: City services}}
    roles: [{roles}]
    parent: ops
"""


_SENSES = """\
source: "say who names these things and properties"
effective_from: {today}
verified: false
properties:
  - {{id: {name}-level, name: {{zh: 示例量, en: Example level}}, unit: cm}}
things:
  - id: {name}-gauge
    name: {{zh: 示例设备, en: Example gauge}}
    owner: drainage
    streams: [{{property: {name}-level, low: 0, high: 300, every: 300}}]
"""

_RULES = """\
source: "say where the figures come from; leave `value: null` where nobody knows"
effective_from: {today}
verified: false
rules:
  - id: {name}.high
    name: {{zh: 示例超限, en: Example too high}}
    things: [{name}-gauge]
    inputs:
      level_cm: {{of: {name}-level}}
    figures:
      most: {{value: 10.0, unit: cm, source: "an example, to be replaced"}}
    levels: [{{severity: 3, when: "level_cm > most"}}]
    hold: 600
    then:
      case:
        kind: {scheme}/event/0101
        condition: found
        text: {{zh: "{{thing}}达到{{level_cm}}厘米。", en: "{{thing}} is at {{level_cm}} cm."}}
"""

_STORIES = """\
# Given these readings, then this case on this desk in this minute, and no other.
stories:
  - id: high-for-ten-minutes
    name: {{zh: 持续十分钟, en: High for ten minutes}}
    begins: "{today}T08:00:00+08:00"
    things: [{{code: a, kind: {name}-gauge}}, {{code: b, kind: {name}-gauge, area: [1, 1, 2]}}]
    readings:
      - {{thing: a, of: {name}-level, every: 5, values: [2, 12, 12, 12, 3]}}
      - {{thing: b, of: {name}-level, every: 5, values: [2, 12, 9, 12, 9]}}
    cases:
      - kind: {scheme}/event/0101
        condition: found
        thing: a
        role: sanitation
        limit: 4WH
        after: 15
        by: 15
"""

_SCENES = """\
source: "made up"
effective_from: {today}
verified: false
seed: 1
label: {{zh: 模拟, en: Simulated}}
scenes:
  - id: rising
    name: {{zh: 上涨, en: Rising}}
    minutes: 60
    actors:
      - kind: {name}-gauge
        count: 2
        spread: 5
        courses:
          - {{of: {name}-level, every: 5, points: [[0, 2], [30, 20], [60, 2]], noise: 0.5}}
    signals: [{{rule: {name}.high, least: 2, most: 2}}]
"""

_DASHBOARD = """\
source: "this pack's own"
effective_from: {today}
verified: false
dashboards:
  - id: {name}
    title: {{zh: {name}, en: {name}}}
    items:
      - id: signals
        title: {{zh: 信号, en: Signals}}
        show: card
        signals: {{rules: [{name}.high]}}
      - id: cases
        title: {{zh: 案件, en: Cases}}
        show: card
        cases: {{kinds: [{scheme}/event/0101]}}
      - id: level
        title: {{zh: 最高, en: Highest}}
        show: chart
        wide: 6
        streams: {{kind: {name}-gauge, property: {name}-level}}
"""


def plan(name: str, *, kind: str, today: str, ordinal: int, roles: str) -> dict[str, str]:
    """The files of a new pack by their path inside it.

    Args:
        kind: `standard` (kinds and duties), `city` (with organisations and a mapping too) or
            `scenario` (with things, a rule, a scene and a story).
        ordinal: a number no other city has.
        roles: department roles, joined by commas, that the city's one department holds.

    Raises:
        ValueError: the name is none.
    """
    if not _NAME.fullmatch(name) or len(name) > 40:
        raise ValueError(
            f"{name!r} is no name for a pack: use up to 40 lower-case letters, digits, dashes"
        )
    templates = {
        "pack.toml": _MANIFEST,
        "schemes.yaml": _SCHEMES,
        "case_kinds/example-01.yaml": _KINDS,
        "duties/default.yaml": _DUTIES,
        "tests/examples.yaml": _EXAMPLES + (_ROWS if kind == "city" else ""),
    }
    if kind == "city":
        templates |= {
            f"mappings/{name}.yaml": _MAPPING,
            "organisations/city.yaml": _ORGANISATIONS,
        }
    if kind == "scenario":
        templates |= {
            f"senses/{name}.yaml": _SENSES,
            f"rules/{name}.yaml": _RULES,
            f"dashboards/{name}.yaml": _DASHBOARD,
            "simulate.yaml": _SCENES,
            "tests/stories.yaml": _STORIES,
        }
    facts = {
        "name": name,
        "scheme": f"{name}-scheme",
        "kind": kind,
        "today": today,
        "ordinal": ordinal,
        "roles": roles,
    }
    return {path: template.format(**facts) for path, template in templates.items()}


def write(root: Path, name: str, files: dict[str, str]) -> list[Path]:
    """Write a planned pack below root.

    Raises:
        FileExistsError: the folder is there already.
    """
    folder = root / name
    folder.mkdir(parents=True)
    written = []
    for path, content in files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(content, encoding="utf-8")
        written.append(target)
    return written
