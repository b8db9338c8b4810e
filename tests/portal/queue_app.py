"""A small Celery app on the embedded queue, run by test_broker.py in processes of its own. It knows no Django."""

import os
import sys
import time

from celery import Celery
from celery.signals import worker_ready
from kombu.transport import TRANSPORT_ALIASES

TRANSPORT_ALIASES["portal-sqlite"] = "portal.broker:Transport"

app = Celery("queue_app", broker=os.environ["QUEUE_URL"], set_as_current=False)
app.conf.update(
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    task_ignore_result=True,
    worker_prefetch_multiplier=1,
    task_default_queue="interactive",
    broker_connection_retry_on_startup=True,
    broker_transport_options={"lease": float(os.environ.get("QUEUE_LEASE", "30"))},
)


def note(*words) -> None:
    """One line in the journal, by one write, so that processes do not mix theirs."""
    line = " ".join(map(str, words)) + "\n"
    handle = os.open(os.environ["QUEUE_JOURNAL"], os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    os.write(handle, line.encode())
    os.close(handle)


@worker_ready.connect
def ready(**kwargs):
    note("ready", os.getpid())


@app.task(name="work")
def work(key, seconds=0.0):
    note("start", key, os.getpid())
    time.sleep(seconds)
    note("end", key, os.getpid())


@app.task(name="arrive")
def arrive(key):
    note("arrive", key, time.monotonic())


if __name__ == "__main__":
    prefix, count, queues = sys.argv[1], int(sys.argv[2]), sys.argv[3].split(",")
    for index in range(count):
        work.apply_async((f"{prefix}{index}",), queue=queues[index % len(queues)])
