"""Faults inside the portal's own processes, for tests that prove what happens then. The portal knows nothing of them."""
