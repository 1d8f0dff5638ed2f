"""NGSI-LD (ETSI GS CIM 009) under /ngsi-ld/v1: the register's things and entities of other houses.

See ADR 0030 for what stands behind an entity and what is not offered.
"""
