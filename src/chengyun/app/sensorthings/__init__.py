"""Things and observations for other programs: OGC SensorThings API 1.1 (18-088), below /sta/v1.1.

Entity sets are views of the register (ADR 0027). A request is a path and options; both become SQL
with every value as a parameter, one query per step of the path and per expanded link.
"""
