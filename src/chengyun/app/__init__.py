"""Composition: settings, addresses, doors, packs, command line and supervisor."""
