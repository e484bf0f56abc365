"""Certificates for servers on loopback: one authority, made anew in each run."""

import datetime
import ssl
from functools import cache, lru_cache
from ipaddress import ip_address
from pathlib import Path
from tempfile import mkdtemp

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


@lru_cache(maxsize=1)
def folder():
    return Path(mkdtemp(prefix="authority-"))


@lru_cache(maxsize=1)
def authority():
    """(key, certificate) of the authority; its certificate lies at `authority_file()`."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Test authority")])
    made = _builder(name, name, key.public_key()).add_extension(
        x509.BasicConstraints(ca=True, path_length=0), critical=True
    )
    found = made.sign(key, hashes.SHA256())
    (folder() / "authority.pem").write_bytes(found.public_bytes(serialization.Encoding.PEM))
    return key, found


def authority_file():
    authority()
    return str(folder() / "authority.pem")


@cache
def server_context(name, *, is_over=False):
    """TLS of a server that calls itself `name` (a host name or an address)."""
    ca_key, ca = authority()
    key = ec.generate_private_key(ec.SECP256R1())
    called = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    entry = x509.IPAddress(ip_address(name)) if name[0].isdigit() else x509.DNSName(name)
    made = _builder(called, ca.subject, key.public_key(), is_over=is_over)
    made = made.add_extension(x509.SubjectAlternativeName([entry]), critical=False)
    found = made.sign(ca_key, hashes.SHA256())
    path = folder() / f"{name}-{is_over}.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    path.write_bytes(found.public_bytes(serialization.Encoding.PEM) + private)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    return context


def _builder(subject, issuer, key, *, is_over=False):
    now = datetime.datetime.now(datetime.UTC)
    day = datetime.timedelta(days=1)
    ends = now - day / 2 if is_over else now + day
    made = x509.CertificateBuilder().subject_name(subject).issuer_name(issuer).public_key(key)
    made = made.serial_number(x509.random_serial_number())
    return made.not_valid_before(now - day).not_valid_after(ends)
