"""R7 and R8: the same form twenty times in one moment is one act; the same key with other words is refused."""

import re

import pytest

from tests.reliability import texting
from tests.stack import wait_until

pytestmark = [pytest.mark.slow, pytest.mark.alone, pytest.mark.timeout(600)]
ADDRESS = {
    "name": "Plomberie Lachance", "civic_number": "1250", "street": "Rue Sherbrooke Ouest", "unit_type": "", "unit": "",
    "city": "Montréal", "region": "QC", "postal_code": "H3G 1H6", "language": "fr", "terms": "on",
}  # fmt: skip


def one_page(answers) -> str:
    """The page that every answer leads to."""
    assert {answer.status_code for answer in answers} == {302}, [answer.status_code for answer in answers]
    (page,) = {answer.headers["Location"] for answer in answers}
    return page


def finished(stack, verb: str) -> None:
    open_ones = "SELECT count(*) FROM providers_operation WHERE verb = ? AND state NOT IN ('done', 'failed', 'parked')"
    wait_until(lambda: stack.value(open_ones, verb) == 0, 20, f"the end of {verb}")


def number_without_911(stack) -> int:
    return stack.value(
        "SELECT n.id FROM numbers_number n JOIN accounts_membership m ON m.account_id = n.account_id"
        " JOIN accounts_user u ON u.id = m.user_id WHERE u.email = ? AND n.gone_at IS NULL AND n.status = 'active'"
        " AND n.voice AND n.kind NOT IN ('tollfree', 'international') AND NOT EXISTS (SELECT 1 FROM numbers_emergencyendpoint e WHERE e.number = n.number AND e.gone_at IS NULL)"
        " AND NOT EXISTS (SELECT 1 FROM numbers_emergencychange c WHERE c.number_id = n.id)"
        " ORDER BY n.id",
        texting.OWNER,
    )


def test_a_text_sent_twenty_times_at_once_goes_out_once(shared_stack):
    """R7"""
    body = "Twenty clicks, one text"
    form = texting.filled(shared_stack, texting.contact(), body)
    page = one_page(texting.at_once(shared_stack.session(), form))
    assert re.fullmatch(r"/messages/\d+/", page)
    wait_until(lambda: texting.state(shared_stack, body) in {"sent", "delivered"}, 20, "sending it")
    assert len(texting.asked(shared_stack, body)) == 1
    assert len(texting.shown(shared_stack, int(page.split("/")[2]), body)) == 1


def test_an_answer_in_a_conversation_sent_twenty_times_at_once_goes_out_once(shared_stack):
    """R7"""
    thread = texting.send(shared_stack, texting.contact(), "The first of a conversation", nth=1)
    form = shared_stack.session().form(f"/messages/{thread}/", "body", "intent")
    form.values["body"] = "And this twenty times"
    assert one_page(texting.at_once(shared_stack.session(), form)) == f"/messages/{thread}/"
    wait_until(lambda: texting.state(shared_stack, "And this twenty times") in {"sent", "delivered"}, 20, "sending it")
    assert len(texting.asked(shared_stack, "And this twenty times")) == 1


def test_the_same_key_with_another_text_is_refused_and_keeps_what_was_typed(shared_stack):
    """R8"""
    form = texting.filled(shared_stack, texting.contact(), "What was meant")
    texting.thread_of(shared_stack.session().post(form.action, form.values))
    answer = shared_stack.session().post(form.action, form.values | {"body": "Something else altogether"})
    assert answer.status_code == 409
    assert "Something else altogether" in answer.text
    wait_until(lambda: texting.state(shared_stack, "What was meant") in {"sent", "delivered"}, 20, "sending it")
    assert texting.asked(shared_stack, "Something else altogether") == []
    assert len(texting.asked(shared_stack, "What was meant")) == 1


def test_a_911_address_saved_twenty_times_at_once_is_written_once(shared_stack):
    """R7, R8"""
    number = number_without_911(shared_stack)
    before = shared_stack.sandbox.now()
    form = shared_stack.session().form(f"/numbers/e911/{number}/", "civic_number", "intent")
    form.values |= ADDRESS
    assert one_page(texting.at_once(shared_stack.session(), form)) == f"/numbers/e911/{number}/"
    finished(shared_stack, "e911.save")
    assert len(shared_stack.sandbox.journal("update_e911", before)) == 1

    other = shared_stack.session().post(form.action, form.values | {"civic_number": "1260"})
    assert other.status_code == 409
    assert "1260" in other.text
    assert len(shared_stack.sandbox.journal("update_e911", before)) == 1


def test_settings_of_a_number_saved_twenty_times_at_once_are_written_once(shared_stack):
    """R7, R8"""
    number, did = shared_stack.rows(
        "SELECT id, external_id FROM numbers_number WHERE number = ?", texting.sender(shared_stack, 2)
    )[0]
    before = shared_stack.sandbox.now()

    def written() -> int:
        """The feeds may write our address to other numbers meanwhile."""
        rows = shared_stack.sandbox.journal("update_did", before)
        return len([row for row in rows if str(row["params"].get("client_did_id")) == did])

    form = shared_stack.session().form(f"/numbers/{number}/name/", "label", "intent")
    form.values["label"] = "Twenty clicks"
    assert one_page(texting.at_once(shared_stack.session(), form)) == f"/numbers/{number}/"
    finished(shared_stack, "number.update")
    assert written() == 1

    other = shared_stack.session().post(form.action, form.values | {"label": "Other words"})
    assert other.status_code == 409
    assert "Other words" in other.text
    assert written() == 1


def test_a_port_handed_in_twenty_times_at_once_is_filed_once(shared_stack):
    """R7, R8"""
    before = shared_stack.sandbox.now()
    form = shared_stack.session().form("/numbers/ports/new/whole/", "numbers", "organization", "intent")
    form.values |= {
        "numbers": "+1 514 555 0188", "organization": "Plomberie Lachance inc.", "organization_kind": "business", "kind": "local",
        "current_provider": "Old Carrier", "civic_number": "1250", "street": "Rue Sherbrooke Ouest", "unit": "", "city": "Montréal",
        "region": "QC", "postal_code": "H3G 1H6", "capacity": "1-2", "keep_service": "on", "act": "submit",
    }  # fmt: skip
    page = one_page(texting.at_once(shared_stack.session(), form))
    finished(shared_stack, "port.save")
    filed = [
        row
        for row in shared_stack.sandbox.journal("update_port_request", before)
        if not row["params"].get("port_request_id")
    ]
    assert len(filed) == 1
    assert len(shared_stack.sandbox.journal("update_port_request", before)) <= 2, "filed, and sent to staff"
    assert shared_stack.session().get(page).status_code == 200

    other = shared_stack.session().post(form.action, form.values | {"organization": "Somebody else"})
    assert other.status_code == 409
    assert "Somebody else" in other.text
    assert (
        len(
            [
                row
                for row in shared_stack.sandbox.journal("update_port_request", before)
                if not row["params"].get("port_request_id")
            ]
        )
        == 1
    )
