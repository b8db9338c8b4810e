"""The guards of the suite guard."""

import socket

import pytest
import requests
from django.conf import settings

from portal.celery import app
from providers.tasks import heartbeat


@pytest.mark.parametrize("url", ["http://192.0.2.1/", "http://example.com/", "http://[2001:db8::1]/"])
def test_the_outside_world_is_out_of_reach(url):
    with pytest.raises(AssertionError, match="a test tried to"):
        requests.get(url, timeout=1)


def test_this_machine_is_in_reach():
    with socket.create_server(("127.0.0.1", 0)) as server:
        socket.create_connection(server.getsockname(), timeout=1).close()


def test_wakes_are_recorded_not_published(wakes):
    heartbeat.delay()
    heartbeat.apply_async(countdown=3)
    app.send_task("providers.tasks.run_feed", (1,))
    assert [wake.task.rsplit(".")[-1] for wake in wakes] == ["heartbeat", "heartbeat", "run_feed"]
    assert wakes[1].options == {"countdown": 3} and wakes[2].args == (1,)


def test_nothing_of_the_machine_is_used():
    assert "portal-test-" in str(settings.MEDIA_ROOT)
    assert settings.EMAIL_BACKEND.endswith("locmem.EmailBackend")


@pytest.mark.browser
def test_the_browser_of_this_machine_starts_and_reaches_nobody_else(page):
    page.set_content("<h1>Hello</h1>")
    assert page.inner_text("h1") == "Hello"
    with pytest.raises(Exception, match="ERR_NAME_NOT_RESOLVED"):
        page.goto("http://example.com/")
