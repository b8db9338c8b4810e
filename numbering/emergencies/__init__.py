"""Work on 911 addresses that nobody waits for at a page."""
