"""Where: cities, regions, grids.

A *region* (行政区域) is a city, district, street/town or community with a code, an outline and a
history. A *grid* (网格) is a cell of a *layer*: base unit grids lie inside a community, police and
comprehensive grids overlay them (多格合一). An area number is a path in one tree per city; codes
are attributes of regions and may change. Regions and grids are public reference data, so everybody
may read them; only the system and its administrators change them.

Verbs: add_city, import_regions, change_region, close_region, generate_grids, group_grids,
import_grids, overlay_layers, assign_grid_owner.
"""
