"""A text goes out and its answer comes in, through the page, a worker and the webhook: all of it real processes."""

import pytest

from tests.reliability import texting

pytestmark = [pytest.mark.slow, pytest.mark.alone, pytest.mark.timeout(600)]


def test_a_text_is_delivered_once_and_its_answer_appears_in_the_open_conversation(shared_stack):
    """B1, B3; done when 1 and 2: at most 5 s from the upstream's posting to the page, which asks every 3 s."""
    body = "Bonjour, êtes-vous ouverts demain matin ?"
    contact = texting.contact()
    thread = texting.send(shared_stack, contact, body)

    for moment, html in texting.live(shared_stack, thread, 25):  # noqa: B007 - read after the loop
        incoming = [bubble for bubble in texting.bubbles(html) if "bubble-out" not in bubble]
        if incoming:
            break
    else:
        pytest.fail(f"no answer came; {shared_stack.tail('worker')}")

    deliveries = shared_stack.sandbox.control("deliveries")
    posted = [row for row in deliveries if row["payload"]["source_number"] == contact[1:]]
    assert [row["status"] for row in posted] == [200], "the sandbox posted the answer to our webhook, once"
    assert moment - posted[0]["at"] < 5
    assert len(texting.asked(shared_stack, body)) == 1
    assert (
        shared_stack.value(
            "SELECT count(*) FROM messaging_message m WHERE thread_id = ? AND direction = 'inbound'", thread
        )
        == 1
    )


def test_a_text_that_does_not_arrive_says_so_in_the_open_conversation(shared_stack):
    """What the upstream's log reports later reaches the open page by itself; a number that ends in 0199 gets nothing."""
    body = "Your order is ready at the counter"
    thread = texting.send(shared_stack, "+14185550199", body, nth=1)
    assert any("Not delivered" in html for _moment, html in texting.live(shared_stack, thread, 45)), (
        "the open page says so"
    )
    (bubble,) = texting.shown(shared_stack, thread, body)
    assert "Send again" in bubble
    assert len(texting.effects(shared_stack, body)) == 1
