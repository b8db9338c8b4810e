"""What every test gets: no door to the outside world, and wake-ups that are recorded instead of published.

Servers, Chromium and the environment of child processes are fixtures of tests/services.py.
"""

import ipaddress
import socket
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from celery import Celery
from celery.app.task import Task
from django.conf import settings
from django.core.cache import cache
from django.test.signals import template_rendered
from django.utils import translation

from tests.services import (  # noqa: F401 - fixtures
    Missing,
    browser_type_launch_args,
    child_env,
    chromium,
    postgres_url,
    redis_url,
    skip_or_fail,
)

TOLD = 3000  # characters of a failure that a second try made good
LOOPBACK_NAMES = {"localhost", "", None}


class OutsideWorld(AssertionError):
    """A test tried to reach a machine other than this one."""


def _is_loopback(host) -> bool:
    if host in LOOPBACK_NAMES:
        return True
    try:
        return ipaddress.ip_address(host.decode() if isinstance(host, bytes) else host).is_loopback
    except ValueError:
        return False


@pytest.fixture(autouse=True, scope="session")
def loopback_only():
    """No socket of this process leaves the machine; names other than localhost are not even looked up."""
    connect, connect_ex, look_up = socket.socket.connect, socket.socket.connect_ex, socket.getaddrinfo

    def check(sock, address):
        if sock.family in (socket.AF_INET, socket.AF_INET6) and not _is_loopback(address[0]):
            raise OutsideWorld(f"a test tried to connect to {address[0]}:{address[1]}")

    def guarded_connect(sock, address):
        check(sock, address)
        return connect(sock, address)

    def guarded_connect_ex(sock, address):
        check(sock, address)
        return connect_ex(sock, address)

    def guarded_look_up(host, *args, **kwargs):
        if not _is_loopback(host):
            raise OutsideWorld(f"a test tried to look up {host!r}")
        return look_up(host, *args, **kwargs)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", guarded_connect)
        patch.setattr(socket.socket, "connect_ex", guarded_connect_ex)
        patch.setattr(socket, "getaddrinfo", guarded_look_up)
        yield


@dataclass
class Wake:
    """A task that would have been published."""

    task: str
    args: tuple
    kwargs: dict
    options: dict = field(default_factory=dict)


@pytest.fixture(autouse=True)
def wakes(request, monkeypatch):
    """The tasks that the test woke, in order. A test marked `real_broker` publishes for real; its list stays empty.

    A celery worker that runs tasks eagerly proves nothing about serialization or commits (RELIABILITY A.3), so tests
    look at what would be published, and call the task's function themselves where they want its effect.
    """
    woken: list[Wake] = []
    if request.node.get_closest_marker("real_broker"):
        return woken

    def record(task, args=None, kwargs=None, **options):
        woken.append(Wake(task.name, tuple(args or ()), dict(kwargs or {}), options))

    def record_by_name(app, name, args=None, kwargs=None, **options):
        woken.append(Wake(name, tuple(args or ()), dict(kwargs or {}), options))

    monkeypatch.setattr(Task, "apply_async", record)
    monkeypatch.setattr(Celery, "send_task", record_by_name)
    return woken


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items):
    """Tests with real processes get a second chance: a machine may be busy, but what is broken fails twice.

    The summary names every test that needed it (R), so that none of them is quietly forgotten. Slow ones come first, so that no
    process is left with one when the others are done; those with a browser last: once one is started, its library has an
    event loop, in which Django refuses the database to other tests.
    """
    items.sort(key=lambda item: (_is(item, "browser"), not _is(item, "slow")))
    for item in items:
        if _is(item, "slow") or _is(item, "browser") or "sandbox" in item.nodeid:
            item.add_marker(pytest.mark.flaky(reruns=1, reruns_delay=2))


def pytest_terminal_summary(terminalreporter):
    """Why a test needed its second chance: what it stumbled over the first time, which nobody sees otherwise."""
    for report in terminalreporter.stats.get("rerun", ()):
        terminalreporter.write_sep("-", f"first try of {report.nodeid} ({report.when})")
        terminalreporter.write_line(report.longreprtext[-TOLD:])


def _is(item: pytest.Item, name: str) -> bool:
    return item.get_closest_marker(name) is not None


@pytest.fixture(autouse=True)
def english():
    """A page in French, asked for by one test, is not the language of the next."""
    yield
    translation.activate(settings.LANGUAGE_CODE)


@pytest.fixture(autouse=True)
def empty_cache():
    """Locks and rate limits of one test are not those of the next."""
    cache.clear()
    yield
    cache.clear()


@pytest.fixture(autouse=True)
def browser_tests_need_a_browser(request, monkeypatch):
    """A test marked `browser` is skipped by name where there is none."""
    if not request.node.get_closest_marker("browser"):
        return
    try:
        chromium()
    except Missing as reason:
        skip_or_fail(reason)
    # Playwright's synchronous API runs an event loop, in which Django would refuse to touch the database.
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")


# --- every template is rendered by some test --------------------------------------------------------------------------

TEMPLATES = Path(settings.BASE_DIR) / "templates"
RENDERED: set[str] = set()
MOST = "not alone and not browser"  # as the Makefile says it


@pytest.fixture(autouse=True, scope="session")
def rendered_templates():
    """Notes each template that a test of this process renders; the end of a whole run looks for those that none did."""

    def note(sender, template, **kwargs):
        RENDERED.add(str(template.origin.name))

    template_rendered.connect(note, weak=False)
    yield RENDERED
    template_rendered.disconnect(note)


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node, error):
    """What one of several pytest processes rendered."""
    RENDERED.update(getattr(node, "workeroutput", {}).get("rendered", ()))


def pytest_sessionfinish(session, exitstatus):
    """A whole, good run that leaves a template untried has failed after all."""
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["rendered"] = sorted(RENDERED)
        return
    option = session.config.option
    whole = (
        session.config.args_source is pytest.Config.ArgsSource.TESTPATHS and not option.keyword and not option.ignore
    )
    whole &= option.markexpr in ("", MOST)  # pages that other processes serve are not seen here anyway
    if not whole or exitstatus != pytest.ExitCode.OK or option.collectonly:
        return
    untried = sorted(
        str(path) for path in TEMPLATES.rglob("*.*") if path.suffix in {".html", ".txt"} and str(path) not in RENDERED
    )
    if untried:
        print("\n\nNo test renders: " + ", ".join(str(Path(path).relative_to(TEMPLATES)) for path in untried))
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
