"""`make bench`: speed and memory as ratios within one run, on SQLite and, where it is here, on PostgreSQL.

Each figure is measured in a process of its own (`work.py`), so that its peak of memory is its own too.
"""
