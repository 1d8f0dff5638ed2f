"""The base map: one PMTiles file a city, built from its public layers, served from here alone."""
