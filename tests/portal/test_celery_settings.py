"""The Celery settings that keep work from being lost or done twice, and the traps that tasks must avoid."""

import pytest
from django.conf import settings

from portal.celery import app

WANTED = {
    "task_acks_late": True,
    "task_reject_on_worker_lost": True,
    "worker_prefetch_multiplier": 1,
    "task_ignore_result": True,
    "task_soft_time_limit": 40,
    "task_time_limit": 60,
    "task_serializer": "json",
    "accept_content": ["json"],
    "timezone": "UTC",
    "enable_utc": True,
    "worker_soft_shutdown_timeout": 30,
    "worker_enable_soft_shutdown_on_idle": True,
    "worker_max_tasks_per_child": 2000,
    "worker_cancel_long_running_tasks_on_connection_loss": True,
    "broker_connection_retry_on_startup": True,
    "worker_eta_task_limit": 1000,
}


@pytest.mark.parametrize("name", WANTED)
def test_setting(name):
    assert app.conf[name] == WANTED[name]


def test_visibility_is_set_wherever_celery_looks_and_exceeds_the_longest_task():
    places = [
        settings.CELERY_VISIBILITY_TIMEOUT,
        app.conf.broker_transport_options["visibility_timeout"],
        app.conf.result_backend_transport_options["visibility_timeout"],
    ]
    assert places == [600, 600, 600]
    assert settings.UPSTREAM_DEADLINE < app.conf.task_soft_time_limit < app.conf.task_time_limit < min(places)


def test_beat_entries_name_tasks_that_exist_and_expire_before_their_next_tick():
    app.loader.import_default_modules()
    for name, entry in app.conf.beat_schedule.items():
        assert entry["task"] in app.tasks, name
        if isinstance(entry["schedule"], float):
            assert entry["options"]["expires"] <= entry["schedule"], name


def test_routes_name_tasks_that_exist():
    app.loader.import_default_modules()
    assert set(app.conf.task_routes) <= set(app.tasks)


def test_no_task_repeats_itself_on_any_error():
    app.loader.import_default_modules()
    own = {name: task for name, task in app.tasks.items() if not name.startswith("celery.")}
    assert own
    for name, task in own.items():
        assert not {Exception, BaseException} & set(getattr(task, "autoretry_for", ())), name
        assert task.acks_late and task.ignore_result, name
        assert not task.rate_limit, f"{name}: rate_limit counts per worker, not per upstream; use providers.quota"


@pytest.mark.parametrize("entry", settings.CELERY_BEAT_SCHEDULE)
def test_every_line_of_the_beat_names_a_task_that_there_is(entry):
    """A name that no worker knows is dropped in silence."""
    app.loader.import_default_modules()
    assert settings.CELERY_BEAT_SCHEDULE[entry]["task"] in app.tasks
