"""One sandbox process for the whole contract; every test begins in a fresh world."""

import pytest

from tests.providers.contract.connecting import World
from tests.providers.contract.performing import Performances
from tests.sandboxes import sandbox  # noqa: F401 - a fixture


@pytest.fixture(scope="session")
def shared_world(sandbox):  # noqa: F811
    return World(sandbox)


@pytest.fixture
def world(shared_world):
    shared_world.begin()
    return shared_world


@pytest.fixture(scope="session")
def performances(shared_world):
    return Performances(shared_world)
