"""Play a scene of a pack by the node's simulated things."""

from typing import Any

import orjson
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from chengyun.app.packs.loaded import LoadedPack
from chengyun.app.packs.loading import default_roots, load_catalog
from chengyun.app.simulation.scenes import NoActors, play, script
from chengyun.kernel.actor import SYSTEM
from chengyun.kernel.clock import system_clock
from chengyun.kernel.scope import bind
from chengyun.sdk.scenes import SceneDeclared


class Command(BaseCommand):
    help = "Play a scene of a pack by the node's simulated things; see ./cy pack --help."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("pack")
        parser.add_argument("--scene")
        parser.add_argument("--speed", type=float, default=1.0)
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        pack = _pack(options["pack"])
        scene = _scene(pack, options["scene"])
        if not 0 < options["speed"] <= 10_000:
            raise CommandError("--speed: a number above 0, at most 10,000.")
        seed = f"{pack.scenes.seed if pack.scenes else 0}:{scene.id}"
        try:
            with transaction.atomic():
                bind(SYSTEM.scope())
                lines = script(scene, seed)
        except NoActors as error:
            raise CommandError(f"There are no simulated things of kind {error}.") from error
        took = scene.minutes / options["speed"]
        self.stderr.write(f"{scene.name.en} ({scene.id}): {len(lines)} readings in {took:.1f} min")
        stored = play(lines, system_clock, speed=options["speed"])
        said = {"pack": pack.name, "scene": scene.id, "readings": len(lines), "stored": stored}
        print(orjson.dumps(said).decode() if options["json"] else f"{stored} stored.", flush=True)


def _pack(name: str) -> LoadedPack:
    try:
        return load_catalog(default_roots()).pack(name)
    except KeyError:
        raise CommandError(f"There is no pack {name!r}.") from None


def _scene(pack: LoadedPack, wanted: str | None) -> SceneDeclared:
    scenes = {one.id: one for one in (pack.scenes.scenes if pack.scenes else ())}
    if not scenes:
        raise CommandError(f"The pack {pack.name} has no scenes.")
    if wanted is None:
        return next(iter(scenes.values()))
    if wanted not in scenes:
        raise CommandError(f"There is no scene {wanted!r}. There are: {', '.join(scenes)}.")
    return scenes[wanted]
