"""Judging: models that read text, say how sure they are, and are measured.

A *model* has a name, a version, the hash of its file, when and on what it was trained and how it
measured. Files stand in the node's data folder (`models/NAME/VERSION/`); one that was trained on
generated text ships with the program and serves until a city trains its own.

Verbs: train. Reads: models, current, parse_address.
"""
