"""A sandbox in this process on a free port."""

import pytest

from tests.providers.sandbox.caller import Caller, Listener, start


@pytest.fixture(scope="module")
def running(request):
    """With the upstreams that the module names in PACKAGES, or all of them: a smaller world is made anew sooner."""
    sandbox, server = start(packages=getattr(request.module, "PACKAGES", None))
    yield sandbox
    sandbox.stop()
    server.shutdown()
    server.server_close()


@pytest.fixture
def api(running):
    """The plumber's account in a fresh world; the server is shared by the tests of a module."""
    caller = Caller(running)
    caller.do("reset", seed=1)
    return caller


@pytest.fixture
def listener():
    made = Listener()
    yield made
    made.server.shutdown()
    made.server.server_close()
