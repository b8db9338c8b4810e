"""Data in the shape of a write's answer, for writes that a fault kept from happening."""

NOBODY, NO_ID = "12635550199", "00000000-0000-4000-8000-000000000000"
GROUP = {"id_group": 0, "name_group": ""}
BLACK_LIST = {"blacklistDetails": {"countBefore": 0, "countAfter": 0}}
PLACEHOLDERS = {
    "authorize": {"authorization_code": "0" * 32, "expires_at": 0},
    "accesstoken": {"access_token": "0" * 30, "expires_at": 0},
    "register": {"login": "nobody"},
    "send": {NOBODY: [{"id_state": NO_ID}]},
    "legacy-get-send": {NOBODY: [{"id_state": NO_ID}]},
    "group-create": {"groupDetails": {"command": "create", "createCount": 0}, "list": []},
    "group-delete": {"groupDetails": {"command": "delete", "deleteCount": 0}, "list": []},
    "group-number-add": {"groupDetails": {**GROUP, "countPhoneBefore": 0, "countPhoneAfter": 0}},
    "group-number-delete": {"groupDetails": {**GROUP, "deletedPhone": 0}, "list": []},
    "send-bulk": {"details": {"sentID": 0, "senderID": "NOBODY", "id_group": []}},
    "black-list-add": BLACK_LIST,
    "black-list-delete": BLACK_LIST,
    "logout": [],
}
