"""Logs that do not show yet what was done a moment ago, when a fault rule says so."""


def hidden(call, at, now, number):
    """Whether a row made at `at` is still kept back; `number` decides which share of the rows that concerns."""
    rule = call.fault("log_lag")
    if rule is None:
        rule = call.fault("hide_log")
    if rule is None or now - at >= float(rule.get("seconds", 30)):
        return False
    return number * 37 % 100 < float(rule.get("share", 1)) * 100
