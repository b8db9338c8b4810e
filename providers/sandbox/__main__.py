"""Start the sandbox: python -m providers.sandbox --port 9100 --state FILE."""

import argparse
import os
import signal
import sys
import threading

from .sandbox import Sandbox
from .server import serve, serve_securely
from .tls import Authority
from .webhooks import is_loopback


def arguments(argv=None):
    parser = argparse.ArgumentParser(prog="python -m providers.sandbox", description=__doc__)
    parser.add_argument("--port", type=int, default=9100)
    parser.add_argument("--tls-port", type=int, default=None, help="the same over TLS; FILE.ca.pem is what to trust")
    parser.add_argument("--state", required=True, metavar="FILE", help="the world is kept here between runs")
    parser.add_argument("--host", default=None, help="default 127.0.0.1; it serves credentials, so keep it at home")
    parser.add_argument("--seed", type=int, default=1, help="another seed is another world (for a new state file)")
    parser.add_argument("--webhook-delay", type=float, default=None, metavar="S", help="virtual seconds, default 0.3")
    parser.add_argument("--rate", type=float, default=None, help="speed of the virtual clock, default 1")
    return parser.parse_args(argv)


def listen(sandbox, host, args):
    """The server, and the one over TLS when that is wanted."""
    port = args.port
    try:
        servers = [serve(sandbox, host, port)]
        if args.tls_port is not None:
            port = args.tls_port
            servers.append(serve_securely(sandbox, Authority(), host, port))
            with open(f"{args.state}.ca.pem", "wb") as target:
                target.write(sandbox.ca_pem)
    except OSError as error:
        sys.exit(f"cannot listen on {host}:{port}: {error.strerror}")
    return servers


def main(argv=None):
    args = arguments(argv)
    host = args.host or os.environ.get("SANDBOX_HOST") or "127.0.0.1"
    if args.host is None and not is_loopback(host):
        sys.exit(f"refusing to listen on {host}: say --host {host} if that is meant")
    os.makedirs(os.path.dirname(os.path.abspath(args.state)), exist_ok=True)
    sandbox = Sandbox(args.state, args.seed, args.webhook_delay)
    if args.rate is not None:
        sandbox.clock.set_rate(args.rate)
    servers = listen(sandbox, host, args)
    sandbox.world.save(sandbox.clock)
    stop = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stop.set())
    for server in servers:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.2}, daemon=True).start()
    print(f"sandbox: {sandbox.base_url}/ world seed {sandbox.world.seed}, state {args.state}", flush=True)
    stop.wait()
    sandbox.stop()
    sys.stdout.flush()
    os._exit(0)  # connections may hang on purpose (faults); nobody waits for them


if __name__ == "__main__":
    main()
