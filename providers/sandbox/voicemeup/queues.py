"""Call queues and the agents that answer them."""

from . import checks
from .checks import P
from .things import Kind, listing, saving, updating

NULL_MOMENT = "0000-00-00 00:00:00"
QUEUE_DEFAULTS = {
    "client_subaccount_id": "0",
    "friendly_name": "",
    "comments": "",
    "client_moh_profile_id": "0",
    "max_wait_time": "300",
    "max_wait_time_no_agent": "90",
    "progressive_ring_delay": "10",
    "discard_abandoned_delay": "900",
    "max_no_agent": "0",
    "tier_escalate_delay": "120",
    "datetime_suspended_until": NULL_MOMENT,
    "agents": [],
    "options": [],
    "status": "enabled",
}
QUEUE_OPTIONS = (
    "enable_resume_abandoned",
    "enable_tiers_escalation",
    "enable_escalate_no_agent",
    "enable_escalate_multiply_delay",
)
GET_QUEUES = (P("client_queue_id", checks.integer(1)), P("client_subaccount_id", checks.integer(0)))


def moment_or_none(value):
    return value if value == NULL_MOMENT else checks.moment(value)


UPDATE_QUEUE = (
    P("mode", checks.enum("update", "create")),
    P("client_queue_id", checks.integer(1), need=updating),
    P("client_subaccount_id", checks.integer(0)),
    P("friendly_name", checks.alphanumeric(2, 60), required=True),
    P("comments", checks.text()),
    P("client_moh_profile_id", checks.integer(0)),
    P("max_wait_time", checks.integer(10, 7200)),
    P("max_wait_time_no_agent", checks.integer(30, 600)),
    P("progressive_ring_delay", checks.integer(5, 300)),
    P("discard_abandoned_delay", checks.integer(300, 86400)),
    P("max_no_agent", checks.integer(0, 99)),
    P("tier_escalate_delay", checks.integer(30, 3600)),
    P("datetime_suspended_until", moment_or_none),
    P("agents", checks.integer(1), many=True),
    P("options", checks.enum(*QUEUE_OPTIONS), many=True),
    P("status", checks.enum("enabled", "disabled")),
)
QUEUES = Kind(store="queues", thing="queue", id_field="client_queue_id", wrapper="queues", defaults=QUEUE_DEFAULTS)
get_queues, update_queue = listing(QUEUES), saving(QUEUES)

AGENT_DEFAULTS = {
    "client_subaccount_id": "0",
    "friendly_name": "",
    "comments": "",
    "client_peer_id": "0",
    "client_director_profile_id": "0",
    "client_schedule_id": "",
    "ring_delay": "10",
    "wrap_up_delay": "15",
    "on_busy_delay": "120",
    "on_reject_delay": "300",
    "on_unanswered_delay": "30",
    "max_unanswered": "0",
    "agent_status": "",
    "status": "enabled",
}
GET_AGENTS = (P("client_queue_agent_id", checks.integer(1)), P("client_subaccount_id", checks.integer(0)))
UPDATE_AGENT = (
    P("mode", checks.enum("update", "create")),
    P("client_queue_agent_id", checks.integer(1), need=updating),
    P("client_subaccount_id", checks.integer(0)),
    P("friendly_name", checks.alphanumeric(2, 60), required=True),
    P("comments", checks.text()),
    P("client_peer_id", checks.integer(0)),
    P("client_director_profile_id", checks.integer(0)),
    P("client_schedule_id", checks.integer(0)),
    P("ring_delay", checks.integer(5, 120)),
    P("wrap_up_delay", checks.integer(0, 600)),
    P("on_busy_delay", checks.integer(0, 3600)),
    P("on_reject_delay", checks.integer(0, 3600)),
    P("on_unanswered_delay", checks.integer(0, 3600)),
    P("max_unanswered", checks.integer(0, 99)),
    P("agent_status", checks.enum("online", "offline", "break", "automatic")),
    P("status", checks.enum("enabled", "disabled")),
)
AGENTS = Kind(
    store="queue_agents",
    thing="queue_agent",
    id_field="client_queue_agent_id",
    wrapper="queue_agents",
    defaults=AGENT_DEFAULTS,
)
get_queue_agents, update_queue_agent = listing(AGENTS), saving(AGENTS)
