"""A seeded, labelled trickle: simulated reports, and simulated staff who move them on.

Everything goes through the same verbs as a person's clicks; every record says that it is
simulated, and no real case is ever touched.
"""
