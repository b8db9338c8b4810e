"""The supervisor's loop: start what is due, pass on what is said, bury what died, and stop everything when asked."""

import os
import selectors
import signal
import sys
import time
from collections.abc import Iterable
from contextlib import suppress

from portal.supervisor import health
from portal.supervisor.child import Child

COLOURS = {"sandbox": 35, "web": 36, "worker": 32, "beat": 33}
WORKER_SILENCE = 90.0
PROBE_EVERY = 15.0
SANDBOX_START = 45.0


class Supervisor:
    def __init__(self, table: dict[str, str], names: list[str], env: dict[str, str], demo: bool, parent=None):
        self.env, self.demo, self.parent = env, demo, parent
        self.children = {name: Child(name, table[name], env) for name in names}
        self.selector = selectors.DefaultSelector()
        self.colour = sys.stdout.isatty() and "NO_COLOR" not in os.environ
        self.url = f"http://{env['BIND']}:{env['PORT']}"
        self.stopping = self.asked_to_stop = self.announced = False
        self.next_probe = 0.0

    def run(self) -> int:
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self.on_signal)
        ready = not self.demo or self.prepare_demo()
        while ready and not self.stopping:
            self.tend(self.children.values())
            self.pump()
            self.look_after_health()
        self.stop()
        return 0 if ready or self.asked_to_stop else 1

    def on_signal(self, number, frame) -> None:
        if self.stopping:  # asked twice: at once
            for child in self.children.values():
                child.kill_at = 0.0
        self.stopping = self.asked_to_stop = True

    # --- processes ---
    def start(self, child: Child) -> None:
        child.start()
        self.selector.register(child.output, selectors.EVENT_READ, child)

    def tend(self, children: Iterable[Child]) -> None:
        for child in children:
            if child.start_at is not None:
                if time.monotonic() >= child.start_at:
                    self.start(child)
            elif child.running:
                child.kill_if_late()
            else:
                status = self.bury(child)
                self.say(child.name, f"ended with status {status}; starts again in {child.start_later():.1f} s")

    def bury(self, child: Child) -> int:
        """Pass on its last words, end what it may have left behind, and return its status."""
        child.kill()
        with suppress(BlockingIOError):  # a pipe that a stranger still holds: nobody waits for it
            while not child.output.closed:
                self.listen(child)
        if not child.output.closed:
            self.forget(child)
        return child.process.returncode

    def listen(self, child: Child) -> None:
        lines, ended = child.lines()
        self.say(child.name, *lines)
        if ended:
            self.forget(child)

    def forget(self, child: Child) -> None:
        self.selector.unregister(child.output)
        child.output.close()

    def stop(self) -> None:
        self.stopping = True
        running = [child for child in self.children.values() if child.running]
        if running:
            self.say("portal", "stopping " + ", ".join(child.name for child in running))
        for child in running:
            child.terminate()
        while any(child.running for child in running):
            self.pump(0.1)
            for child in running:
                child.kill_if_late()
        for child in running:
            self.bury(child)

    # --- what they say ---
    def say(self, name: str, *lines: str) -> None:
        prefix = f"{name:<8}| "
        if self.colour:
            prefix = f"\033[{COLOURS.get(name, 37)}m{prefix}\033[0m"
        for line in lines:
            self.print(prefix + line)

    def print(self, text: str) -> None:
        try:
            print(text, flush=True)
        except BrokenPipeError:  # nobody reads us any more
            sys.stdout = open(os.devnull, "w")
            self.stopping = self.asked_to_stop = True

    def pump(self, seconds: float = 0.2) -> None:
        """Pass on what the children say, waiting for it at most so long."""
        if self.parent and self.parent.interrupted():
            self.stopping = self.asked_to_stop = True
        if not self.selector.get_map():
            time.sleep(seconds)
            return
        for key, _events in self.selector.select(seconds):
            self.listen(key.data)

    # --- the demo world ---
    def prepare_demo(self) -> bool:
        """Start the sandbox, wait until it answers, and let the demo world be loaded from it, once."""
        give_up = time.monotonic() + SANDBOX_START
        while not self.stopping and not health.ask(f"{self.env['SANDBOX_URL']}/_control/accounts", self.env):
            self.tend([self.children["sandbox"]])
            self.pump(0.1)
            if time.monotonic() > give_up:
                self.say("sandbox", f"did not answer within {SANDBOX_START:.0f} s, so the portal was not started")
                return False
        return not self.stopping and self.once("demo", "python manage.py load_demo --sandbox $SANDBOX_URL")

    def once(self, name: str, command: str) -> bool:
        """Run a command to its end; True where it succeeded."""
        child = Child(name, command, self.env)
        self.start(child)
        while child.running and not self.stopping:
            self.tend([other for other in self.children.values() if other.process])
            self.pump(0.1)
        status = self.bury(child)
        if status and not self.stopping:
            self.say(name, f"`{command}` ended with status {status}, so the portal was not started")
        return status == 0

    # --- health ---
    def look_after_health(self) -> None:
        now = time.monotonic()
        if "web" not in self.children or now < self.next_probe:
            return
        if self.announced:
            self.next_probe = now + PROBE_EVERY
            self.restart_silent_worker(now, health.ask(f"{self.url}/health/ready", self.env))
            return
        self.next_probe = now + 0.3
        if health.ask(f"{self.url}/health/live", self.env):
            self.announced = True
            self.next_probe = now + WORKER_SILENCE  # before that, a missing heartbeat says nothing
            self.print(health.banner(self.env, self.demo))

    def restart_silent_worker(self, now: float, answer: dict | None) -> None:
        worker, checks = self.children.get("worker"), (answer or {}).get("checks", {})
        if worker and worker.running and checks.get("database") and not checks.get("workers", True):
            if now - worker.started_at > WORKER_SILENCE:
                self.say("worker", f"no heartbeat for {WORKER_SILENCE:.0f} s; stopping it, to start it again")
                worker.terminate()
