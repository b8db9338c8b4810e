"""Any client without a network: answers are given out in turn, requests are kept."""

import json

from providers.clients.http import Answer, Request


def script(client, *answers):
    """`client`, answering with `answers` in turn, the last one for ever; `client.requests` has what it sent.

    An answer is bytes, a structure (sent as JSON), a pair (status, one of these), or a function of the request.
    """
    client.requests, left = [], list(answers)

    def send(request: Request) -> Answer:
        client.requests.append(request)
        answer = left.pop(0) if len(left) > 1 else left[0]
        return _answer(answer(request) if callable(answer) else answer)

    client.http.send = send
    return client


def _answer(answer) -> Answer:
    if isinstance(answer, Answer):
        return answer
    status, body = answer if isinstance(answer, tuple) else (200, answer)
    return Answer(status, "application/json", body if isinstance(body, bytes) else json.dumps(body).encode())
