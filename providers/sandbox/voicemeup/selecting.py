"""Deleting many at once: by ids, by hashes, or by a date when nothing else was sent."""

from .desk import Answer, Refusal
from .wire import E


def chosen(desk, living, keys, before):
    """`keys` says how each selector reads a thing. By date: those before that day, or those of it."""
    values = desk.values
    given = {name: values[name] for name in keys if values.get(name)}
    if given:
        return [one for name, wanted in given.items() for one in named(living, keys[name], name, wanted)]
    if not values.get("date"):
        raise Refusal("required_parameter_not_found")
    start, end = desk.midnight(values["date"]), desk.midnight(values["date"], 1)
    return [one for one in living if one["at"] < (start if before else end) and (before or one["at"] >= start)]


def named(living, key, name, wanted):
    """The things of all the names; one name that is unknown refuses the lot."""
    wanted = [one.lower() if isinstance(one, str) else one for one in wanted]
    found = [one for one in living if key(one) in wanted]
    if {key(one) for one in found} != set(wanted):
        raise Refusal(f"{name}_invalid")
    return found


def deleted(desk, what, id_field, doomed):
    """The effect and the answer; the one id that went is shown as an element."""
    ids = list(dict.fromkeys(one["id"] for one in doomed))
    desk.effect(f"{what}_deleted", **{f"{id_field}s": ids}, comments=desk.values.get("comments") or "")
    body = [E("deleted_count", len(ids))]
    if len(ids) == 1:
        body.append(E(id_field, ids[0]))
    return Answer(*body, messages=[f"{what}_deleted"])
