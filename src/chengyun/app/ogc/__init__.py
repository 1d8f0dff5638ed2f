"""The map for other programs: OGC API Features and Tiles, below /ogc.

Standards: OGC 17-069r4 (Features 1: Core), 18-058r1 (2: CRS), 19-079r2 and 21-065r2 (3: Filtering,
CQL2), 20-002 (4: Create, Replace, Delete), 20-057 (Tiles). Collections, rows and rights are those
of `places.ports.tile_sources`; nothing is decided here.
"""
