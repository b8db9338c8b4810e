"""What every upstream of the sandbox is: a part of the world's state, a wire in front of it, and control doors."""

from .request import Response


class NoDoor(Exception):
    """This upstream has nothing behind that control door."""


class Upstream:
    """`state` is this upstream's own JSON-able dict in the world, made by the package's `build(seed, now)`.

    Everything that changes `state` does so under `self.sandbox.world.lock` and calls `self.sandbox.world.touch()`.
    """

    slug = ""
    also_at = ()  # first parts of paths, beside the slug, for libraries that have their path built in
    own_faults = {}  # of meaning, beside those of `catalogue.py` that `handle` honours: name -> what it does

    def __init__(self, sandbox, state):
        self.sandbox, self.state = sandbox, state
        self.index()

    @property
    def quirks(self):
        """Whether to speak with the document's literal oddities instead of what a client should be able to rely on."""
        return self.slug in self.sandbox.settings["quirks"]

    def index(self):
        """Rebuild look-up tables from the state."""

    # -- requests

    def describe(self, request):
        """(name of the call for journal and faults, key of the account) or (None, None) for paths that are no call."""
        raise NotImplementedError

    def plain(self, request):
        """An answer for a path that is no call, such as a file, or None."""
        return None

    def shown(self, request):
        """The parameters by name, for the journal and for the `match` of fault rules, with a line for each uploaded file.

        An upstream that takes JSON or credentials in headers overrides it; secrets must be masked below the top level too.
        """
        files = {
            name: [{"filename": f.filename, "mime_type": f.mime_type, "size": len(f.data)} for f in uploads]
            for name, uploads in request.files.items()
        }
        return {**request.params, **files}

    def is_read(self, name):
        raise NotImplementedError

    def handle(self, call):
        """Serve a `sandbox.Call`: returns a Response. Honours the faults of meaning (`call.fault(name)`)."""
        raise NotImplementedError

    def placeholder(self, call):
        """An answer of the right shape for a write that was not carried out (a fault stole it)."""
        return Response(200, b"{}")

    # -- the network

    def owns(self, number):
        """Whether an E.164 number is served here."""
        return False

    def takes_texts(self, number):
        """Whether a text to a number of ours can arrive; if not, the sender is told so (`network.refuses`)."""
        return self.owns(number)

    def arrive(self, text, due):
        """A `network.Text` has come for a number that `owns` said yes to."""

    # -- what happens by itself

    def happen(self, kind, data, due):
        """An event that this upstream put into the world with `sandbox.schedule(due, slug, kind, data)`."""

    def tick(self, now):
        """Ten times a second, under the world's lock."""

    # -- control doors

    def accounts(self):
        """A row for each demo account: `key`, `organization`, and its credentials under the client's field names."""
        return []

    def counts(self):
        return {}

    def assumptions(self):
        """Mark -> what the document leaves open and was decided here."""
        return {}

    def limits(self, body):
        raise NoDoor(f"{self.slug} has no limits to set")

    def did(self, number):
        raise NoDoor(f"{self.slug} has no numbers to look at")

    def set_did(self, number, changes):
        raise NoDoor(f"{self.slug} has no numbers to change")

    def set_account(self, body):
        raise NoDoor(f"{self.slug} has no accounts to change")

    def move_port(self, body):
        raise NoDoor(f"{self.slug} has no port requests to move")

    def inbound_sms(self, body):
        raise NoDoor(f"{self.slug} has no numbers that texts arrive at")

    def outbound_call(self, body):
        raise NoDoor(f"{self.slug} has no telephones that ring out")

    def crowd(self, count):
        """Make so many more customer accounts, plain ones; returns their rows as `accounts` does."""
        raise NoDoor(f"{self.slug} makes no crowds")
