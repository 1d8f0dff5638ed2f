"""Look after packs: check and test them, list them, switch and keep them by area.

`check` and `test` read folders and need no running node. `enable`, `disable`, `upgrade` and
`rollback` decide for an area and all inside it: its administrative code, or the whole city. A
disabled pack's open signals there end; what it already reported stays. `rollback` keeps an area at
a version that the node has taken up before, `upgrade` lets it go with the newest again. `play`
lets the node's simulated things play a scene of the pack (only they do); faster than life, windows
and waiting times of rules hold more of it than they would.
"""

import argparse
import sys
from datetime import UTC, datetime
from pathlib import Path

import orjson

from chengyun.app.cli._arguments import Subparsers, add_data, add_json, command
from chengyun.app.packs.checking import check
from chengyun.app.packs.examples import count, failures
from chengyun.app.packs.faults import PackFault
from chengyun.app.packs.loaded import Catalog
from chengyun.app.packs.loading import default_roots, read_catalog
from chengyun.app.packs.telling import told
from chengyun.app.supervisor.node import NotRunning, running
from chengyun.kernel.text import JsonObject

_EXAMPLES = """\
  ./cy pack check                              every pack: what is wrong, where, and what to do
  ./cy pack check packs/flood                  one folder
  ./cy pack test flood lifts --json            run their stories
  ./cy pack list                               version, owner, use
  ./cy pack disable noise --area 310101        off in one district
  ./cy pack rollback flood --to 1.0.0          the whole city keeps version 1.0.0
  ./cy pack upgrade flood                      and goes with the newest again
  ./cy pack play flood --scene storm --speed 10"""
_AT_NODE = ("play", "enable", "disable", "upgrade", "rollback")


def add_parser(subparsers: Subparsers) -> None:
    """Declare the command."""
    parser = command(subparsers, "pack", __doc__ or "", _EXAMPLES)
    parser.add_argument("what", choices=["check", "test", "list", *_AT_NODE], help="what to do")
    parser.add_argument("names", nargs="*", metavar="PACK", help="names; for check: a folder")
    parser.add_argument("--area", metavar="CODE", help="administrative code (default: the city)")
    parser.add_argument("--to", metavar="VERSION", help="the version to go back to")
    parser.add_argument("--note", default="", help="why, kept with the decision")
    parser.add_argument("--scene", metavar="ID", help="the scene to play (default: the first)")
    parser.add_argument("--speed", help="how many times faster than life (default: 1)")
    add_data(parser)
    add_json(parser)


def run(args: argparse.Namespace) -> int:
    """Do it; 1 when something is wrong, 2 when the question is."""
    if args.what == "check":
        return _check(args)
    if args.what == "test":
        return _test(args)
    if args.what == "list":
        return _list(args)
    return _decide(args)


def _check(args: argparse.Namespace) -> int:
    catalog, faults = _read(args.names)
    only = {Path(name).name for name in args.names}
    found = [*faults, *check(catalog)]
    if only:
        found = [one for one in found if one.file.partition("/")[0] in only]
    if args.json:
        rows = [
            {"file": one.file, "where": one.where, "wrong": one.wrong, "todo": one.todo}
            for one in found
        ]
        _print({"packs": len(only) or len(catalog.packs), "faults": rows})
    else:
        for fault in found:
            print(fault)
        print(f"{len(found)} faults." if found else f"{len(only) or len(catalog.packs)} packs fit.")
    return 1 if found else 0


def _test(args: argparse.Namespace) -> int:
    catalog, faults = _read(args.names)
    wrong = {fault.file.partition("/")[0] for fault in (*faults, *check(catalog))}
    names = [Path(name).name for name in args.names] or [pack.name for pack in catalog]
    unknown = sorted(set(names) - {pack.name for pack in catalog} - wrong)
    if unknown:
        print(f"There is no pack {unknown[0]!r}. There are: {_names(catalog)}", file=sys.stderr)
        return 2
    rows: list[JsonObject] = []
    for name in names:
        rows.append(_tried(catalog, name, name in wrong))
    if args.json:
        _print(rows)
    else:
        for row in rows:
            told_of = f"{row['passed']} passed, {row['failed']} failed"
            print(f"{row['pack']:16} {row['version']:8} {told_of}")
    return 1 if any(row["failed"] for row in rows) else 0


def _tried(catalog: Catalog, name: str, unfit: bool) -> JsonObject:
    """One pack's result; what does not fit is not run, and counts as one failure."""
    pack = next((one for one in catalog if one.name == name), None)
    if pack is None or unfit:
        print(f"{name} does not fit: ./cy pack check says why", file=sys.stderr)
        return {"pack": name, "version": pack.version if pack else "", "passed": 0, "failed": 1}
    found = failures(catalog, pack, now=datetime.now(UTC))
    for fault in found:
        print(fault, file=sys.stderr)
    failed = len({fault.where for fault in found})
    return {
        "pack": name,
        "version": pack.version,
        "passed": count(pack) - failed,
        "failed": failed,
    }


def _list(args: argparse.Namespace) -> int:
    try:
        node = running(args.data)
    except NotRunning:
        node = None
    if node is not None:
        return node.manage("packs", "list", *(["--json"] if args.json else []))
    catalog, faults = _read([])
    rows = [{"pack": p.name, "version": p.version, "uses": None, **told(p)} for p in catalog]
    if args.json:
        _print(rows)
    else:
        for row in rows:
            print(f"{row['pack']:16} {row['version']:8} {row['kind']:9} {row['title']['en']}")
        print("No node runs on this folder: where packs are in use is not known.", file=sys.stderr)
    return 1 if faults else 0


def _decide(args: argparse.Namespace) -> int:
    if len(args.names) != 1 or (args.what == "rollback" and not args.to):
        wanted = "PACK --to VERSION" if args.what == "rollback" else "PACK"
        print(f"Say which: ./cy pack {args.what} {wanted}", file=sys.stderr)
        return 2
    words = ["packs", args.what, args.names[0]]
    asked = {"area": args.area, "to": args.to, "note": args.note}
    if args.what == "play":
        words, asked = ["play_scene", args.names[0]], {"scene": args.scene, "speed": args.speed}
    for name, value in asked.items():
        words += [f"--{name}", value] if value else []
    return running(args.data).manage(*words, *(["--json"] if args.json else []))


def _read(named: list[str]) -> tuple[Catalog, list[PackFault]]:
    """The packs of this machine, and of folders that are named beside them."""
    roots = list(default_roots())
    for name in named:
        folder = Path(name).resolve()
        if (folder / "pack.toml").is_file() and folder.parent not in [
            one.resolve() for one in roots
        ]:
            roots.append(folder.parent)
    return read_catalog(roots)


def _names(catalog: Catalog) -> str:
    return ", ".join(sorted(pack.name for pack in catalog))


def _print(said: JsonObject | list[JsonObject]) -> None:
    sys.stdout.buffer.write(orjson.dumps(said, default=str) + b"\n")
    sys.stdout.flush()
