"""A software authenticator: creates passkeys and signs challenges as a security key does."""

from __future__ import annotations

import hashlib
import json
import secrets
from dataclasses import dataclass, field
from typing import Any

import cbor2
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from webauthn.helpers import bytes_to_base64url

PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40


@dataclass
class Authenticator:
    """One credential of one site; its origin is what a browser would report."""

    origin: str = "http://localhost"
    host: str = "localhost"
    counts: bool = True
    credential: bytes = field(default_factory=lambda: secrets.token_bytes(16))
    uses: int = 0

    def __post_init__(self) -> None:
        self._key = ec.generate_private_key(ec.SECP256R1())

    def create(self, options: str) -> str:
        """Return the response to the options for creating a passkey, as JSON."""
        client_data = self._client_data("webauthn.create", options)
        numbers = self._key.public_key().public_numbers()
        public = {1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32, "big"), -3: numbers.y.to_bytes(32, "big")}
        attested = bytes(16) + len(self.credential).to_bytes(2, "big") + self.credential + cbor2.dumps(public)
        statement = {"fmt": "none", "attStmt": {}, "authData": self._data(ATTESTED) + attested}
        return self._response(clientDataJSON=client_data, attestationObject=cbor2.dumps(statement))

    def sign(self, options: str) -> str:
        """Return the response to the options for signing in, as JSON."""
        client_data, data = self._client_data("webauthn.get", options), self._data(0)
        signed = self._key.sign(data + hashlib.sha256(client_data).digest(), ec.ECDSA(SHA256()))
        return self._response(clientDataJSON=client_data, authenticatorData=data, signature=signed)

    def _client_data(self, kind: str, options: str) -> bytes:
        challenge = json.loads(options)["challenge"]
        return json.dumps({"type": kind, "challenge": challenge, "origin": self.origin}).encode()

    def _data(self, flags: int) -> bytes:
        self.uses += self.counts
        counter = self.uses.to_bytes(4, "big")
        return hashlib.sha256(self.host.encode()).digest() + bytes([PRESENT | VERIFIED | flags]) + counter

    def _response(self, **parts: bytes) -> str:
        name = bytes_to_base64url(self.credential)
        response: dict[str, Any] = {part: bytes_to_base64url(value) for part, value in parts.items()}
        return json.dumps({"id": name, "rawId": name, "type": "public-key", "response": response})
