"""Runs the processes of the Procfile, starts again each that dies, and stops them all: `python -m portal.supervisor`.

It exists because a Celery worker may end by itself (after children were killed, after a broker came back), or stay up
and consume nothing. A process that dies is started again after 0.5 s, then ever later up to 10 s. A worker whose
heartbeat, a task that beat publishes, is older than 90 s is stopped and started again; /health/ready says so.

One thread only: the children ask the kernel to be told when this process dies, which is safe only without threads.
"""
