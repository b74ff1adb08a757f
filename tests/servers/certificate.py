"""A self-made certificate for servers on loopback."""

from __future__ import annotations

import ssl
import subprocess
from dataclasses import dataclass
from pathlib import Path

_AUTHORITY = """
[ca]
default_ca = it
[it]
database = {folder}/{stem}.index
new_certs_dir = {folder}
rand_serial = yes
default_md = sha256
policy = any
copy_extensions = copy
[any]
commonName = supplied
"""


@dataclass(frozen=True)
class Certificate:
    """PEM files of a key and of the certificate, which is its own authority."""

    cert: Path
    key: Path

    def server_context(self) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.cert, self.key)
        return context


def make_certificate(
    folder: Path, names: str = "DNS:localhost,IP:127.0.0.1", *, stem: str = "server", expired: bool = False
) -> Certificate:
    """Make a certificate for `names` with the openssl command; an `expired` one ran out in 2020."""
    made = Certificate(folder / f"{stem}.crt", folder / f"{stem}.key")
    request = folder / f"{stem}.csr"
    _openssl(
        *("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-subj", f"/CN={stem}"),
        *("-addext", f"subjectAltName={names}", "-keyout", str(made.key)),
        *(("-out", str(request)) if expired else ("-x509", "-days", "2", "-out", str(made.cert))),
    )
    if expired:
        (folder / f"{stem}.index").touch()
        (folder / f"{stem}.cnf").write_text(_AUTHORITY.format(folder=folder, stem=stem))
        _openssl(
            *("ca", "-batch", "-selfsign", "-config", str(folder / f"{stem}.cnf"), "-keyfile", str(made.key)),
            *("-startdate", "20200101000000Z", "-enddate", "20200102000000Z"),
            *("-in", str(request), "-out", str(made.cert), "-notext"),
        )
    return made


def _openssl(*arguments: str) -> None:
    subprocess.run(["openssl", *arguments], check=True, capture_output=True)
