"""Processes that die at the worst moment: a worker in the middle of a call, the web process around its commit."""

import re

import pytest
import requests

from tests.reliability import texting
from tests.stack import wait_until

pytestmark = [pytest.mark.slow, pytest.mark.alone, pytest.mark.timeout(600)]
GONE = {"sent", "delivered"}


def slow_answer(to: str, phase: str) -> dict:
    """The first request to this number gets no answer: before or after the text went out."""
    match = {"destination_number": to}
    return {
        "call": "queue_sms",
        "fault": "no_answer",
        "phase": phase,
        "match": match,
        "count": 1,
        "args": {"seconds": 60},
    }


def test_a_worker_killed_in_the_middle_of_a_call_neither_loses_nor_doubles_a_text(make_stack):
    """Done when 2, R1 in small: one text had gone out when the worker died, one had not."""
    stack = make_stack()
    stack.start("sandbox").supervise("web", "worker", "beat")
    went, stayed = texting.contact(), texting.contact()
    stack.sandbox.control("faults", [slow_answer(went, "after"), slow_answer(stayed, "before")])
    pages = {
        "This one went out": texting.send(stack, went, "This one went out"),
        "This one did not": texting.send(stack, stayed, "This one did not"),
    }
    for body in pages:
        wait_until(lambda body=body: texting.asked(stack, body), 15, f"the request for {body!r}", every=0.02)
    first = stack.pid_of("worker")
    stack.kill9("worker")
    for body in pages:
        assert texting.state(stack, body) == "sending", "the claim was committed before the call"

    assert stack.pid_of("worker") != first, "its supervisor started another"
    for body, thread in pages.items():
        wait_until(lambda body=body: texting.state(stack, body) in GONE, 60, f"sending {body!r}")
        (bubble,) = texting.shown(stack, thread, body)
        assert re.search("Sent|Delivered", bubble)
        assert len(texting.effects(stack, body)) == 1
        assert stack.value("SELECT was_unknown FROM messaging_message WHERE body = ? AND direction = 'outbound'", body)
    assert len(texting.asked(stack, "This one went out")) == 1, "its row was settled from the log, not sent again"
    assert len(texting.asked(stack, "This one did not")) == 2, "sent again after two looks found nothing"


# After the request was read and the text had gone out. The storm has more kinds.
LOST_ANSWERS = {"close": {}, "reset_mid_body": {}, "no_answer": {"seconds": 30}, "http_502": {}}


def test_an_answer_that_is_lost_or_garbled_never_leads_to_a_second_text(make_stack):
    """Done when 2: a dropped connection after the request was read, and every other way to lose an answer."""
    stack = make_stack(deadline=2.0).start()
    contacts = {fault: texting.contact() for fault in LOST_ANSWERS}
    stack.sandbox.control(
        "faults",
        [
            {
                "call": "queue_sms",
                "fault": fault,
                "phase": "after",
                "match": {"destination_number": to},
                "count": 1,
                "args": LOST_ANSWERS[fault],
            }
            for fault, to in contacts.items()
        ],
    )
    for fault, to in contacts.items():
        texting.send(stack, to, f"The answer ends with {fault}")
    for fault in contacts:
        body = f"The answer ends with {fault}"
        wait_until(lambda body=body: texting.state(stack, body) in GONE, 60, body)
        assert len(texting.asked(stack, body)) == 1, body
        assert len(texting.effects(stack, body)) == 1, body


def test_a_web_process_killed_around_its_commit_leaves_whole_texts_or_none(make_stack, tmp_path):
    """R5, R7: killed between commit and wake-up the text is found and sent once; killed before the commit there is none."""
    stack = make_stack(DJANGO_SETTINGS_MODULE="tests.hooks.settings", STACK_HOOKS=str(tmp_path))
    stack.start()
    committed = [f"Committed, nobody was told {turn}" for turn in range(3)]
    undone = [f"Not yet committed {turn}" for turn in range(2)]
    for body in [value for pair in zip(committed, [*undone, ""], strict=True) for value in pair if value]:
        form = texting.filled(stack, texting.contact(), body)
        (tmp_path / ("die-before-wake" if body in committed else "die-before-commit")).touch()
        with pytest.raises(requests.ConnectionError):
            stack.session().post(form.action, form.values)
        wait_until(lambda: not stack.is_running("web"), 10, "the death of the web process")
        stack.start("web")
        if body == committed[0]:  # the person presses Send again, and again
            answers = texting.at_once(stack.session(), form, 5)
            assert {answer.status_code for answer in answers} == {302}

    for body in committed:
        wait_until(lambda body=body: texting.state(stack, body) in GONE, 30, body)
        assert len(texting.asked(stack, body)) == 1
    for body in undone:
        assert texting.state(stack, body) is None
        assert texting.asked(stack, body) == []
