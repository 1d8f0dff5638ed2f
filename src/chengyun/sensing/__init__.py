"""Senses (神经元): things with datastreams, what they observe, and how far it can be trusted.

Words: a *thing* stands somewhere and has *datastreams*; a datastream is a series of *observations*
of one *observed property* in one unit; a *kind* says which datastreams things of a sort have.
Devices speak through protocols, one file each. Readings are kept by day, with flags; whoever
follows them reads *batches* in commit order.

Verbs: register, move and retire things; take readings; share, calibrate, maintain; issue and
revoke a device's credential.
"""
