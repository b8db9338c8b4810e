"""Where calls are led: applications, their rules and users, and where recordings are stored."""

from collections.abc import Iterable, Iterator

from providers.clients.records import ResourceRecord
from providers.clients.speaking import Repeat, speaks
from providers.clients.voximplant import values
from providers.clients.voximplant.envelope import done
from providers.clients.voximplant.wire import Kind, Wire

_APPLICATION = Kind("application", "ApplicationInfo", id="application_id", name="application_name")
_USER = Kind("user", "UserInfo", id="user_id", name="user_name")
_RULE = Kind("rule", "RuleInfo", id="rule_id", name="rule_name")
_STORAGE = Kind("record storage", "RecordStorageInfo", id="record_storage_id", name="record_storage_name")
_SET_AGAIN = "the same values set twice are the same"


class Applications(Wire):
    @speaks("GetApplications")
    def applications(self, application_id: str | None = None, with_rules: bool = False) -> Iterator[ResourceRecord]:
        """The account's applications; rules are in `raw`. (voximplant.yaml: GetApplications, pages)"""
        fields = {"application_id": application_id, "with_rules": with_rules}
        yield from self.resources("GetApplications", _APPLICATION, fields)

    @speaks("AddApplication", Repeat.NEVER, settle="GetApplications by the name, which only one can have")
    def add_application(self, name: str, secure_storage: bool | None = None) -> str:
        """Make an application. Returns its id. Raises `Rejected` (107, 108, 129). (voximplant.yaml: AddApplication)"""
        fields = {"application_name": name, "secure_record_storage": secure_storage}
        return self.call("AddApplication", fields, then=lambda tree: values.identity(done(tree), "application_id"))

    @speaks("SetApplicationInfo", Repeat.SAFE, settle=f"GetApplications; {_SET_AGAIN}")
    def update_application(
        self, application_id: str, name: str | None = None, secure_storage: bool | None = None
    ) -> None:
        """Rename an application or restrict who sees its recordings. (voximplant.yaml: SetApplicationInfo)"""
        fields = {
            "application_id": application_id,
            "application_name": name,
            "secure_record_storage": secure_storage,
        }
        self.command("SetApplicationInfo", fields)

    @speaks("DelApplication", Repeat.SAFE, settle="GetApplications no longer has it")
    def delete_application(self, application_id: str) -> None:
        """Delete an application. Raises `NotFound`. (voximplant.yaml: DelApplication)"""
        self.command("DelApplication", {"application_id": application_id})

    # --- users of an application

    @speaks("GetUsers")
    def users(self, application_id: str, active: bool | None = None, **filters) -> Iterator[ResourceRecord]:
        """Users of an application. Other filters under Voximplant's names. (voximplant.yaml: GetUsers, pages)"""
        fields = {"application_id": application_id, "user_active": active, **filters}
        yield from self.resources("GetUsers", _USER, fields)

    @speaks("AddUser", Repeat.NEVER, settle="GetUsers by the name, which only one of the application can have")
    def add_user(
        self,
        application_id: str,
        name: str,
        display_name: str,
        password: str,
        active: bool = True,
        own_balance: bool = False,
        custom_data: str | None = None,
    ) -> str:
        """Make a user. Returns its id. One with `own_balance` spends its own money. (voximplant.yaml: AddUser)"""
        fields = {
            "application_id": application_id,
            "user_name": name,
            "user_display_name": display_name,
            "user_password": password,
            "parent_accounting": not own_balance,
            "user_active": active,
            "user_custom_data": custom_data,
        }
        return self.call("AddUser", fields, then=lambda tree: values.identity(done(tree), "user_id"))

    @speaks("SetUserInfo", Repeat.SAFE, settle=f"GetUsers; {_SET_AGAIN}")
    def update_user(
        self,
        user_id: str,
        name: str | None = None,
        display_name: str | None = None,
        password: str | None = None,
        active: bool | None = None,
        custom_data: str | None = None,
    ) -> None:
        """Change what is given of a user. Raises `NotFound`, `Rejected`. (voximplant.yaml: SetUserInfo)"""
        fields = {
            "user_id": user_id,
            "new_user_name": name,
            "user_display_name": display_name,
            "user_password": password,
            "user_active": active,
            "user_custom_data": custom_data,
        }
        self.command("SetUserInfo", fields)

    @speaks("DelUser", Repeat.SAFE, settle="GetUsers no longer has it")
    def delete_user(self, user_id: str) -> None:
        """Delete a user. Raises `NotFound`. (voximplant.yaml: DelUser)"""
        self.command("DelUser", {"user_id": user_id})

    # --- rules, which choose a scenario by the number called

    @speaks("GetRules")
    def rules(self, application_id: str, with_scenarios: bool = False, **filters) -> Iterator[ResourceRecord]:
        """Rules of an application in their order. (voximplant.yaml: GetRules, pages)"""
        fields = {"application_id": application_id, "with_scenarios": with_scenarios, **filters}
        yield from self.resources("GetRules", _RULE, fields)

    @speaks("AddRule", Repeat.NEVER, settle="GetRules by the name, which only one of the application can have")
    def add_rule(
        self,
        application_id: str,
        name: str,
        pattern: str,
        scenario_ids: Iterable[str],
        exclude: str | None = None,
        video: bool | None = None,
    ) -> str:
        """Make a rule for numbers of a pattern (a regular expression). Returns its id. (voximplant.yaml: AddRule)"""
        fields = {
            "application_id": application_id,
            "rule_name": name,
            "rule_pattern": pattern,
            "rule_pattern_exclude": exclude,
            "video_conference": video,
            "scenario_id": list(scenario_ids),
        }
        return self.call("AddRule", fields, then=lambda tree: values.identity(done(tree), "rule_id"))

    @speaks("SetRuleInfo", Repeat.SAFE, settle=f"GetRules; {_SET_AGAIN}")
    def update_rule(
        self, rule_id: str, name: str | None = None, pattern: str | None = None, exclude: str | None = None
    ) -> None:
        """Change what is given of a rule. Raises `NotFound`, `Rejected`. (voximplant.yaml: SetRuleInfo)"""
        fields = {
            "rule_id": rule_id,
            "rule_name": name,
            "rule_pattern": pattern,
            "rule_pattern_exclude": exclude,
        }
        self.command("SetRuleInfo", fields)

    @speaks("DelRule", Repeat.SAFE, settle="GetRules no longer has it")
    def delete_rule(self, rule_id: str, application_id: str) -> None:
        """Delete a rule of an application. Raises `NotFound`. (voximplant.yaml: DelRule)"""
        self.command("DelRule", {"rule_id": rule_id, "application_id": application_id})

    @speaks("ReorderRules", Repeat.SAFE, settle="the same order set twice is the same; GetRules shows it")
    def reorder_rules(self, rule_ids: Iterable[str]) -> None:
        """Put an application's rules into this order; the first that fits a number counts. (voximplant.yaml: ReorderRules)"""
        self.command("ReorderRules", {"rule_id": list(rule_ids)})

    @speaks("GetRecordStorages")
    def record_storages(self, storage_ids: Iterable[str] = ()) -> Iterator[ResourceRecord]:
        """Where recordings may be stored. (voximplant.yaml: GetRecordStorages)"""
        fields = {"record_storage_id": list(storage_ids) or None}
        yield from self.resources("GetRecordStorages", _STORAGE, fields, paged=False)
