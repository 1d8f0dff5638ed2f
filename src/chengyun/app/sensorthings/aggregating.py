"""Figures worked out by the server: `?aggregate=mean,p95&window=PT1H` on Observations.

An extension in the sense of 18-088 §9.3.1 (custom options have no $): the answer is a list of
windows, each with the figures asked for. Readings that no rule reads are left out.
"""

import re
from collections.abc import Mapping
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from chengyun.app.sensorthings.durations import seconds_of
from chengyun.app.sensorthings.faults import BadRequest
from chengyun.app.sensorthings.fetching import Store
from chengyun.app.sensorthings.model import EntitySet
from chengyun.app.sensorthings.options import MOST_OBSERVATIONS, Options
from chengyun.app.sensorthings.showing import iso
from chengyun.app.sensorthings.sql import Sql, joined, run
from chengyun.kernel.text import JsonObject
from chengyun.sensing.decide.readings import UNREAD

_FIGURES = {
    "count": "count(*)",
    "min": "min(x.value)",
    "max": "max(x.value)",
    "mean": "avg(x.value)",
    "sum": "sum(x.value)",
    "stddev": "stddev_samp(x.value)",
    "first": "(array_agg(x.value ORDER BY x.at))[1]",
    "last": "(array_agg(x.value ORDER BY x.at DESC))[1]",
}
_PERCENTILE = re.compile(r"p(\d{1,2}(?:\.\d{1,3})?)", re.ASCII)
_MOST = 12


def aggregated(
    store: Store, entity: EntitySet, held: Sql, options: Options, said: Mapping[str, str], root: str
) -> JsonObject:
    """Figures by datastream and window, in their order. Raises BadRequest."""
    if entity.name != "Observations":
        raise BadRequest("aggregate is of Observations.")
    if options.expand or options.select or options.order or options.data_array or options.after:
        raise BadRequest("aggregate goes with $filter, $top and $skip only.")
    names = list(dict.fromkeys(one.strip() for one in said["aggregate"].split(",")))
    if len(names) > _MOST:
        raise BadRequest(f"aggregate names at most {_MOST} figures.")
    figures = [_figure(name) + f' AS "f{at}"' for at, name in enumerate(names)]
    window = said.get("window", "")
    start, length = _window(window, said.get("timezone", "UTC")) if window else (None, None)
    where = store.conditions(entity, held, options)
    asked = Sql("SELECT x.stream, ") + joined(", ", figures)
    asked = asked + ", min(x.at) AS first, max(x.at) AS last"
    if start is not None and length is not None:
        asked = asked + ", " + start + " AS starts, " + start + length + " AS ends"
    asked = asked + " FROM " + store.relation(entity) + " AS x WHERE " + where
    asked = asked + f" AND x.value IS NOT NULL AND x.flags & {UNREAD} = 0"
    asked = asked + " GROUP BY x.stream" + (", starts, ends" if start is not None else "")
    asked = asked + " ORDER BY x.stream" + (", starts" if start is not None else "")
    top = min(options.top or 1_000, MOST_OBSERVATIONS)
    rows = run(asked + Sql(" LIMIT %s OFFSET %s", (top, options.skip)), guarded=True)
    return {
        "value": [
            {
                "Datastream@iot.navigationLink": f"{root}/Datastreams({row['stream']})",
                "phenomenonTime": f"{iso(row.get('starts', row['first']))}"
                f"/{iso(row.get('ends', row['last']))}",
                "result": {name: row[f"f{at}"] for at, name in enumerate(names)},
            }
            for row in rows
        ]
    }


def _figure(name: str) -> Sql:
    known = _FIGURES.get(name)
    if known is not None:
        return Sql(known)
    match = _PERCENTILE.fullmatch(name)
    if match is None:
        offered = ", ".join([*_FIGURES, "p1 … p99.9"])
        raise BadRequest(f"aggregate has no {name[:40]!r}; it has {offered}.")
    share = float(match[1]) / 100
    return Sql("percentile_cont(%s::float8) WITHIN GROUP (ORDER BY x.value)", (share,))


def _window(said: str, zone: str) -> tuple[Sql, Sql]:
    """Where a row's window begins, and how long it is; days begin in the zone asked for."""
    seconds = seconds_of(said)
    if seconds < 1:
        raise BadRequest("window is at least one second.")
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise BadRequest("timezone is a name as Asia/Shanghai.") from error
    # date_bin is of local time, so that a day is a day there.
    start = Sql(
        "(date_bin(make_interval(secs => %s), x.at AT TIME ZONE %s, timestamp '2001-01-01')"
        " AT TIME ZONE %s)",
        (seconds, zone, zone),
    )
    return start, Sql(" + make_interval(secs => %s)", (seconds,))
