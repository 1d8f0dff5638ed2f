"""The case loop: a report becomes a closed case.

One sort of case serves grid cases, hotline orders, inspections and tasks; kinds differ by data.
A case's row is the fold of its events. Every move is decided by a pure function in `decide`,
applied by one verb in one transaction under one row lock and version.
"""
