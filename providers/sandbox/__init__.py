"""A stand-in for the upstreams: one local process that speaks their wire, for demos and tests."""
