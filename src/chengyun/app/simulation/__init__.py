"""A seeded, labelled city that plays its days: people report, staff works, time passes.

Everything goes through the same verbs as a person's clicks, in batches; every record says that it
is simulated, and no real case is ever touched.
"""
