"""The live stream's process: who may listen (doorman), what there is to tell (source), how it is
told (service), to pages of which origin (origins)."""
