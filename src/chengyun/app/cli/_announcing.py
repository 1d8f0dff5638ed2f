"""Telling a person, or a script, where a node answers."""

import argparse
import json
from typing import Any

from chengyun.app.supervisor.broker import SAID


def show(args: argparse.Namespace, whole: dict[str, Any]) -> None:
    """Print it: one line of JSON with --json, else words."""
    if args.json:
        print(json.dumps(whole, ensure_ascii=False), flush=True)
        return
    simulated = " (simulated reports, labelled as such)" if whole["simulated"] else ""
    address, links = whole["address"], whole["links"]
    print(f"\n  Chengyun 城运 {whole['version']}{simulated}\n\n  Open  {address}/\n")
    if links:
        print("  Sign in by a link that works once:")
        for link in links:
            print(f"    {link['post']:<16} {address}{link['url_path']}  {link.get('name', '')}")
        print()
    if whole["mqtt"]:
        print(f"  Devices  {whole['mqtt']}  (./cy token --device CODE)")
        print(f"           acknowledged messages survive {SAID[whole['puback']]}\n")
    data = "" if str(args.data) == "data" else f" --data {args.data}"
    print(f"  Data  {whole['data']}\n  Stop  " + (f"./cy down{data}" if args.detach else "Ctrl-C"))
    print(flush=True)
