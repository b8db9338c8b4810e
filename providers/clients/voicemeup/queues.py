"""Call queues and the agents that answer them."""

from collections.abc import Iterator

from providers.clients.records import ResourceRecord
from providers.clients.speaking import Repeat, speaks
from providers.clients.voicemeup.parameters import always, ids, moment, one_of, some_of, text, whole
from providers.clients.voicemeup.resources import Resource, Resources

QUEUE = Resource(
    kind="queue",
    read="get_queues",
    row="queue_details",
    id="client_queue_id",
    write="update_queue",
    params=(
        whole("client_subaccount_id"),
        text("friendly_name", 2, 60, needed=always),
        text("comments"),
        whole("client_moh_profile_id"),
        whole("max_wait_time", 10, 7200),
        whole("max_wait_time_no_agent", 30, 600),
        whole("progressive_ring_delay", 5, 300),
        whole("discard_abandoned_delay", 300, 86400),
        whole("max_no_agent", 0, 99),
        whole("tier_escalate_delay", 30, 3600),
        moment("datetime_suspended_until"),
        ids("agents", of="client_queue_agent_id"),
        some_of(
            "options",
            "enable_resume_abandoned enable_tiers_escalation enable_escalate_no_agent enable_escalate_multiply_delay",
        ),
        one_of("status", "enabled disabled"),
    ),
)
AGENT = Resource(
    kind="queue_agent",
    read="get_queue_agents",
    row="queue_agent_details",
    id="client_queue_agent_id",
    write="update_queue_agent",
    params=(
        whole("client_subaccount_id"),
        text("friendly_name", 2, 60, needed=always),
        text("comments"),
        whole("client_peer_id"),
        whole("client_director_profile_id"),
        whole("client_schedule_id"),
        whole("ring_delay", 5, 120),
        whole("wrap_up_delay", 0, 600),
        whole("on_busy_delay", 0, 3600),
        whole("on_reject_delay", 0, 3600),
        whole("on_unanswered_delay", 0, 3600),
        whole("max_unanswered", 0, 99),
        one_of("agent_status", "online offline break automatic"),
        one_of("status", "enabled disabled"),
    ),
)


class Queues(Resources):
    @speaks("get_queues")
    def queues(self, external_id: str = "", subaccount_id: str = "") -> Iterator[ResourceRecord]:
        """One or all call queues; times in seconds. None can be deleted. (voicemeup.yaml: get_queues)"""
        yield from self.resources(QUEUE, **{QUEUE.id: external_id, "client_subaccount_id": subaccount_id})

    @speaks("update_queue", Repeat.NEVER, settle="get_queues by name")
    def create_queue(self, settings: dict[str, object]) -> str:
        """See `create_resource`. (voicemeup.yaml: update_queue, mode create)"""
        return self.create_resource(QUEUE, settings)

    @speaks("update_queue", Repeat.SAFE, settle="get_queues by id")
    def update_queue(self, external_id: str, changes: dict[str, object]) -> None:
        """See `change_resource`. (voicemeup.yaml: update_queue)"""
        self.change_resource(QUEUE, external_id, changes)

    @speaks("get_queue_agents")
    def queue_agents(self, external_id: str = "", subaccount_id: str = "") -> Iterator[ResourceRecord]:
        """One or all queue agents; delays in seconds. None can be deleted. (voicemeup.yaml: get_queue_agents)"""
        yield from self.resources(AGENT, **{AGENT.id: external_id, "client_subaccount_id": subaccount_id})

    @speaks("update_queue_agent", Repeat.NEVER, settle="get_queue_agents by name")
    def create_queue_agent(self, settings: dict[str, object]) -> str:
        """See `create_resource`. (voicemeup.yaml: update_queue_agent, mode create)"""
        return self.create_resource(AGENT, settings)

    @speaks("update_queue_agent", Repeat.SAFE, settle="get_queue_agents by id")
    def update_queue_agent(self, external_id: str, changes: dict[str, object]) -> None:
        """See `change_resource`. (voicemeup.yaml: update_queue_agent)"""
        self.change_resource(AGENT, external_id, changes)
