"""The personal black list: numbers on it are taken in a package and then rejected."""

from . import checks
from .checks import F

NUMBERS = (F("numbers", checks.msisdn, required=True, many=True),)


def add(desk):
    numbers = desk.account["black_list"]
    before = len(numbers)
    numbers += [one for one in dict.fromkeys(desk.values["numbers"]) if one not in numbers]
    desk.effect("black_list_added", numbers=desk.values["numbers"])
    return {"blacklistDetails": {"countBefore": before, "countAfter": len(numbers)}}


def search(desk):
    found = [one for one in dict.fromkeys(desk.values["numbers"]) if one in desk.account["black_list"]]
    return {"blacklistDetails": {"foundPhone": len(found)}, "list": found}


def delete(desk):
    before = desk.account["black_list"]
    desk.account["black_list"] = [one for one in before if one not in desk.values["numbers"]]
    desk.effect("black_list_removed", numbers=desk.values["numbers"])
    return {"blacklistDetails": {"countBefore": len(before), "countAfter": len(desk.account["black_list"])}}
