"""Between messages and the upstreams: sending and settling, the log, the webhook, the pictures."""
