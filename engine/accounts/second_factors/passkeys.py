"""Passkeys (WebAuthn): options for browsers, and verification of their responses.

webauthn is imported where it is used: it takes a quarter of a second, and most processes never need it.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from core.users import Passkey, User

SITE_NAME = "Marquee"
MAX_RESPONSE = 20_000
"""Characters of a browser's response; real ones have up to 3,000."""


@dataclass(frozen=True, slots=True)
class Site:
    """The website as browsers know it."""

    host: str
    """Host name without port: the relying party."""
    origin: str
    """Scheme, host and port, as in `https://movies.example.org`."""


@dataclass(frozen=True, slots=True)
class NewPasskey:
    """A verified new credential."""

    credential: str
    public_key: str
    uses: int


def creation_options(user: User, site: Site, known: Sequence[Passkey], *, challenge: bytes) -> str:
    """Return the options for creating a passkey, as JSON. Those in `known` are not created again."""
    import webauthn  # noqa: PLC0415
    from webauthn.helpers import structs  # noqa: PLC0415

    options = webauthn.generate_registration_options(
        rp_id=site.host,
        rp_name=SITE_NAME,
        user_id=f"marquee:{user.id}".encode(),
        user_name=user.name,
        challenge=challenge,
        exclude_credentials=_descriptors(known),
        authenticator_selection=structs.AuthenticatorSelectionCriteria(
            resident_key=structs.ResidentKeyRequirement.DISCOURAGED,
            user_verification=structs.UserVerificationRequirement.PREFERRED,
        ),
    )
    return webauthn.options_to_json(options)


def request_options(site: Site, known: Sequence[Passkey], *, challenge: bytes) -> str:
    """Return the options for signing in with one of the passkeys in `known`, as JSON."""
    import webauthn  # noqa: PLC0415
    from webauthn.helpers import structs  # noqa: PLC0415

    options = webauthn.generate_authentication_options(
        rp_id=site.host,
        challenge=challenge,
        allow_credentials=_descriptors(known),
        user_verification=structs.UserVerificationRequirement.PREFERRED,
    )
    return webauthn.options_to_json(options)


def challenge_of(response: str) -> str:
    """Return the challenge that a response claims to answer, in base64url; empty if it is malformed."""
    try:
        data = json.loads(response) if len(response) <= MAX_RESPONSE else {}
        client_data = json.loads(from_base64url(data["response"]["clientDataJSON"]))
        return str(client_data["challenge"])
    except (ValueError, KeyError, TypeError, RecursionError):
        return ""


def credential_of(response: str) -> str:
    """Return the id of the credential in a response whose challenge was read."""
    return str(json.loads(response).get("id", ""))


def verify_creation(response: str, site: Site, *, challenge: bytes) -> NewPasskey | None:
    """Return the new credential of a response; None if it is invalid."""
    import webauthn  # noqa: PLC0415
    from webauthn.helpers.exceptions import WebAuthnException  # noqa: PLC0415

    try:
        verified = webauthn.verify_registration_response(
            credential=response,
            expected_challenge=challenge,
            expected_rp_id=site.host,
            expected_origin=site.origin,
        )
    except (WebAuthnException, ValueError, KeyError, TypeError):
        return None
    return NewPasskey(
        to_base64url(verified.credential_id),
        to_base64url(verified.credential_public_key),
        verified.sign_count,
    )


def verify_request(response: str, site: Site, passkey: Passkey, *, challenge: bytes) -> int | None:
    """Return the new signature counter of a valid response; None if it is invalid."""
    import webauthn  # noqa: PLC0415
    from webauthn.helpers.exceptions import WebAuthnException  # noqa: PLC0415

    try:
        verified = webauthn.verify_authentication_response(
            credential=response,
            expected_challenge=challenge,
            expected_rp_id=site.host,
            expected_origin=site.origin,
            credential_public_key=from_base64url(passkey.public_key),
            credential_current_sign_count=passkey.uses,
        )
    except (WebAuthnException, ValueError, KeyError, TypeError):
        return None
    return verified.new_sign_count


def to_base64url(data: bytes) -> str:
    """Return bytes in base64url without padding."""
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def from_base64url(text: str) -> bytes:
    """Return the bytes of a text in base64url. Raises `ValueError`."""
    try:
        return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except binascii.Error as error:
        raise ValueError(str(error)) from error


def _descriptors(known: Sequence[Passkey]) -> list[Any]:
    from webauthn.helpers.structs import PublicKeyCredentialDescriptor  # noqa: PLC0415

    return [PublicKeyCredentialDescriptor(id=from_base64url(passkey.credential)) for passkey in known]
