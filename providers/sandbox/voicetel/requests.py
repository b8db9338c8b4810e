"""Every call by its name in the document, and how it is served."""

from . import account, auth, e911, gateways, info, inventory, messaging, numbers, porting, records

# The eight of the Account API first, in its order; then the siblings of v2.1.
CALLS = {
    spec.name: spec
    for area in (account, auth, numbers, inventory, porting, gateways, messaging, records, e911, info)
    for spec in area.CALLS
}
BY_PATH = {(spec.method, spec.path): spec for spec in CALLS.values()}
PATHS = {spec.path for spec in CALLS.values()}
SERVED = tuple(CALLS)
