"""Certificates made at start, by an authority that nobody but the tests trusts."""

import contextlib
import datetime
import ipaddress
import os
import ssl
import tempfile

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

DAY = datetime.timedelta(days=1)
LIFE = 30 * DAY


class Authority:
    """`ca_pem` is what a client must trust. The key lives in this process alone, so each start has another authority."""

    def __init__(self, names=("localhost", "127.0.0.1")):
        self.names = names
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = named("Sandbox authority")
        self.ca_pem = pem(self._certificate())

    def context(self, fault=None):
        """The server's side of TLS, with a proper certificate or with the one that a fault asks for."""
        made = CERTIFICATES.get(fault, Authority._proper)(self)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        with tempfile.TemporaryDirectory(prefix="sandbox-tls-") as folder:
            path = os.path.join(folder, "pair.pem")
            with open(path, "wb", opener=private) as target:
                target.write(made)
            context.load_cert_chain(path)
        return context

    def _certificate(self):
        """The authority's own."""
        usage = x509.KeyUsage(
            digital_signature=True,
            key_cert_sign=True,
            crl_sign=True,
            content_commitment=False,
            key_encipherment=False,
            data_encipherment=False,
            key_agreement=False,
            encipher_only=False,
            decipher_only=False,
        )
        builder = self._draft(self._name, self._key.public_key(), -DAY, LIFE)
        builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        return builder.add_extension(usage, critical=True).sign(self._key, hashes.SHA256())

    def _draft(self, subject, public_key, start, end):
        now = datetime.datetime.now(datetime.UTC)
        return (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(self._name)
            .public_key(public_key)
            .serial_number(x509.random_serial_number())
            .not_valid_before(now + start)
            .not_valid_after(now + end)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(public_key), critical=False)
        )

    def _pair(self, names, start=-DAY, end=LIFE):
        """Key and certificate of a server with these names, both as PEM."""
        key = ec.generate_private_key(ec.SECP256R1())
        authority = x509.AuthorityKeyIdentifier.from_issuer_public_key(self._key.public_key())
        builder = self._draft(named(names[0]), key.public_key(), start, end)
        builder = builder.add_extension(
            x509.SubjectAlternativeName([alternative(one) for one in names]), critical=False
        )
        builder = builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        builder = builder.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        builder = builder.add_extension(authority, critical=False)
        return secret_pem(key) + pem(builder.sign(self._key, hashes.SHA256()))

    def _proper(self):
        return self._pair(self.names)

    def _expired(self):
        return self._pair(self.names, -LIFE, -DAY)

    def _not_yet(self):
        return self._pair(self.names, DAY, LIFE)

    def _wrong_host(self):
        return self._pair(("elsewhere.invalid",))

    def _unknown(self):
        return Authority(self.names)._proper()


CERTIFICATES = {
    "tls_expired": Authority._expired,
    "tls_not_yet_valid": Authority._not_yet,
    "tls_wrong_host": Authority._wrong_host,
    "tls_unknown_authority": Authority._unknown,
}


def named(name):
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def alternative(name):
    with contextlib.suppress(ValueError):
        return x509.IPAddress(ipaddress.ip_address(name))
    return x509.DNSName(name)


def pem(certificate):
    return certificate.public_bytes(serialization.Encoding.PEM)


def secret_pem(key):
    encoding, form = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    return key.private_bytes(encoding, form, serialization.NoEncryption())


def private(path, flags):
    """For `open`: readable by us alone."""
    return os.open(path, flags, 0o600)
