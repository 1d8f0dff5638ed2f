"""The only door for packs: what the files of a pack may say, and the kit that tests them.

A pack is a folder of data (`packs/<name>/`): `pack.toml` names it, the YAML files beside it declare
case kinds, duties, calendars, clocks, organisations, import mappings and simulated life. Each file
is one model of this room. There is no logic here: `chengyun.app.packs` reads, checks and combines
packs; the rooms below own the values that come out (`cases` the kinds and calendars, `dispatch` the
duty lists).
"""
