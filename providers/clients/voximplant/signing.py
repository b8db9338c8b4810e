"""The bearer token of a service account: a JWT that we sign ourselves, kept until it is nearly over."""

import base64
import functools
import json
import threading
import time
from collections.abc import Callable

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

# Voximplant refuses a token issued in its future (455) or over in its past (456), and one that lives for more than an
# hour (454). Our clocks may differ by minutes, so a token begins earlier than now and is renewed long before its end.
SKEW = 300  # seconds that the clocks may be apart
USED_FOR = 600  # seconds that one token is used


class Signer:
    """Makes `Authorization` values for one key. Its repr shows nothing of it."""

    def __init__(self, account_id: str, key_id: str, private_key: str, clock: Callable[[], float] = time.time):
        self._key = _read(private_key)
        self._header = _part({"typ": "JWT", "alg": "RS256", "kid": key_id})
        self._account_id = account_id
        self._clock = clock
        self._lock = threading.Lock()
        self._made: tuple[str, float] = ("", 0.0)

    def token(self) -> str:
        """A token that is good for some minutes more."""
        with self._lock:
            token, since = self._made
            now = self._clock()
            if not token or not 0 <= now - since < USED_FOR:
                token = self._sign(int(now))
                self._made = (token, now)
            return token

    def forget(self) -> None:
        """Sign anew next time: the upstream did not like this one."""
        with self._lock:
            self._made = ("", 0.0)

    def _sign(self, now: int) -> str:
        claims = _part({"iss": self._account_id, "iat": now - SKEW, "exp": now + USED_FOR + SKEW})
        signed = f"{self._header}.{claims}"
        signature = self._key.sign(signed.encode(), padding.PKCS1v15(), hashes.SHA256())
        return f"{signed}.{_base64(signature)}"


@functools.lru_cache(maxsize=32)
def _read(private_key: str) -> rsa.RSAPrivateKey:
    """The key of a credentials file. Raises `ValueError`, never with any of it in its words.

    Proving that it is a key takes a twentieth of a second, and a client is made for every step of work: once is enough.
    """
    pem = private_key.replace("\\n", "\n").strip()  # pasted out of the JSON file, line ends may still be escaped
    try:
        key = serialization.load_pem_private_key(pem.encode(), password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        key = None
    if not isinstance(key, rsa.RSAPrivateKey):
        raise ValueError("the private_key of Voximplant's service account is not an RSA key in PEM form")
    return key


def _part(value: dict) -> str:
    return _base64(json.dumps(value, separators=(",", ":")).encode())


def _base64(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()
