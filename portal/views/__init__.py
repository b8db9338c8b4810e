"""Pages that look over all apps: home, sub-accounts, search, and the portal's own doors."""
