"""A self-made certificate for servers on loopback."""

from __future__ import annotations

import ssl
import subprocess
from dataclasses import dataclass
from pathlib import Path


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
    folder: Path, names: str = "DNS:localhost,IP:127.0.0.1", *, days: int = 2, stem: str = "server"
) -> Certificate:
    """Make a certificate for `names` with the openssl command; `days` below 1 gives one that has run out."""
    made = Certificate(folder / f"{stem}.crt", folder / f"{stem}.key")
    lifetime = ["-days", str(days)] if days > 0 else ["-not_before", "20200101000000Z", "-not_after", "20200102000000Z"]
    subprocess.run(
        [
            *("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"),
            *("-subj", f"/CN={stem}", "-addext", f"subjectAltName={names}", *lifetime),
            *("-keyout", str(made.key), "-out", str(made.cert)),
        ],
        check=True,
        capture_output=True,
    )
    return made
