"""Stacks for tests: one of a test's own, which it may kill as it likes, and one that a session's tests share."""

import pytest

from tests.stack import Stack


@pytest.fixture
def make_stack():
    """Stacks of this test alone; nothing runs in them until it is started."""
    made = []

    def make(**options) -> Stack:
        made.append(Stack(**options))
        return made[-1]

    yield make
    for stack in made:
        stack.close()


@pytest.fixture(scope="session")
def shared_stack():
    """All four processes, for tests that leave them running and write to numbers of their own."""
    with Stack() as stack:
        yield stack.start()
