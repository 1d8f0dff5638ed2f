"""The supervisor: one process that starts a whole node, keeps it alive and stops it cleanly.

A node is PostgreSQL, web, live stream, worker, follower and, where asked for, the simulation. All
its data lives in one folder that can be moved. Crash-only: every start copes with what a kill -9
left behind.
"""
