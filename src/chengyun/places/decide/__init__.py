"""Pure deciding about places: point in region, unit grids, overlays, datums, parsing."""
