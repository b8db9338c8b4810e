"""The vendor's own Python library, as it is, over TLS against the sandbox: every method that both know."""

import inspect
import json
import re
import sys
from pathlib import Path

import pytest
from voximplant import apiclient

from providers.sandbox import voximplant
from tests.providers.sandbox.voximplant_examples import EXAMPLES, OUTSIDE, Things
from tests.sandboxes import Sandbox

NOT_IN_THE_LIBRARY = {"AddAccount", "CloneAccount", "ChargeAccount", "TransferMoneyToChildAccount"}


def pythonic(name):
    """GetCallerIDs is get_caller_ids there, GetZIPCodes get_zip_codes, A2PSendSms a2p_send_sms."""
    name = re.sub(r"IDs$", "Ids", re.sub(r"IPs$", "Ips", name))
    name = re.sub(r"([A-Z]+[0-9]?[A-Z]*)([A-Z][a-z])", r"\1_\2", name)
    return re.sub(r"([a-z])([A-Z])", r"\1_\2", name).lower()


SHARED = {name: pythonic(name) for name in voximplant.SERVED if hasattr(apiclient.VoximplantAPI, pythonic(name))}


@pytest.fixture(scope="module")
def process(tmp_path_factory):
    """A process of its own: these tests change the plumber's account, and read its texts by the day."""
    running = Sandbox(tmp_path_factory.mktemp("voximplant"), tls=True).start()
    yield running
    running.stop()


@pytest.fixture(scope="module")
def credentials(process, tmp_path_factory):
    """The file that the vendor's control panel gives out."""
    row = process.accounts("voximplant")["lachance"]
    names = ("account_email", "account_id", "key_id", "private_key")
    path = tmp_path_factory.mktemp("credentials") / "credentials.json"
    path.write_text(json.dumps({name: row[name] for name in names}))
    return path


@pytest.fixture(scope="module")
def library(process, credentials):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("REQUESTS_CA_BUNDLE", str(process.ca_file))
        patch.setenv("NO_PROXY", "localhost")
        yield apiclient.VoximplantAPI(str(credentials), process.tls_url.removeprefix("https://"))


@pytest.fixture(scope="module")
def things(library):
    """What the examples need is made through the library as well."""
    return Things(lambda name, **params: getattr(library, pythonic(name))(**params))


@pytest.fixture
def texts_by_the_day(process):
    """The library reads the moment of a text as a day and fails on anything longer: a known bug of 2.12."""
    process.control("account", {"slug": "voximplant", "key": "lachance", "set": {"sms_dates": "date"}})


def received(process, name):
    return process.journal(name, slug="voximplant")[-1]


def test_all_but_four_methods_are_shared():
    assert set(voximplant.SERVED) - set(SHARED) == NOT_IN_THE_LIBRARY


def test_the_library_is_the_vendors_own_and_untouched():
    assert Path(inspect.getfile(apiclient)).is_relative_to(sys.prefix)


@pytest.mark.parametrize("name", sorted(SHARED))
def test_the_library_asks_and_reads_every_shared_method(process, library, things, texts_by_the_day, name):
    args = EXAMPLES[name].args
    args = args(things) if inspect.isfunction(args) else args
    answer = getattr(library, SHARED[name])(**args)
    assert EXAMPLES[name].check(answer), answer
    entry = received(process, name)
    assert entry["account"] == "lachance" and entry["method"] == "POST"
    assert set(args) <= set(entry["params"])


def test_a_refusal_is_the_librarys_exception_with_its_code(library):
    with pytest.raises(apiclient.VoximplantException) as caught:
        library.send_sms_message("1", OUTSIDE, "x")
    assert caught.value.code == 422


def test_two_that_stand_for_each_other_are_not_even_sent(process, library):
    before = process.now()
    with pytest.raises(apiclient.VoximplantException):
        library.deactivate_phone_number(phone_id=[1], phone_number=["1"])
    assert process.journal("DeactivatePhoneNumber", since=before) == []


def test_a_token_of_another_key_is_refused(process, credentials, library, tmp_path):
    row = process.accounts("voximplant")["fogline"]
    path = tmp_path / "credentials.json"
    path.write_text(json.dumps({**json.loads(credentials.read_text()), "private_key": row["private_key"]}))
    stranger = apiclient.VoximplantAPI(str(path), library.endpoint)
    with pytest.raises(apiclient.VoximplantException) as caught:
        stranger.get_account_info()
    assert caught.value.code == 100


def test_without_the_authority_nothing_is_sent(process, credentials, library):
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("REQUESTS_CA_BUNDLE")
        before = process.now()
        with pytest.raises(Exception, match="CERTIFICATE_VERIFY_FAILED"):
            library.get_account_info()
    assert process.journal("GetAccountInfo", since=before) == []


def test_moments_come_as_moments(library):
    """Dates of the answers are parsed by patterns that no ISO form would pass."""
    account = library.get_account_info()["result"]
    assert account["created"].year > 2020 and account["balance"] > 0
