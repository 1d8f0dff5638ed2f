"""The devices' side of a node: who may enter the broker, and what becomes of what they said.

The broker carries; the truth is rows. Its gate asks our register about every connection, and the
intake acknowledges a message only after the readings in it are committed (docs/why/0026).
"""
