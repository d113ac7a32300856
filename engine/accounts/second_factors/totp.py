"""One-time passwords of authenticator apps (TOTP, RFC 6238)."""

from __future__ import annotations

from datetime import datetime

import pyotp
import segno

STEP_SECONDS = 30
DIGITS = 6
TOLERANCE = 1
"""Steps by which the clock of a telephone may be wrong, in each direction."""


def new_key() -> str:
    """Return a random key of 160 bits, in base32."""
    return pyotp.random_base32()


def step(at: datetime) -> int:
    """Return the number of the time step at a time."""
    return int(at.timestamp()) // STEP_SECONDS


def matching_step(key: str, code: str, *, at: datetime) -> int | None:
    """Return the latest time step within the tolerance whose password is `code`; None if there is none."""
    typed = "".join(code.split())
    if len(typed) != DIGITS or not typed.isascii() or not typed.isdecimal():
        return None
    generator, present = pyotp.TOTP(key, digits=DIGITS, interval=STEP_SECONDS), step(at)
    steps = range(present + TOLERANCE, present - TOLERANCE - 1, -1)
    return next((one for one in steps if pyotp.utils.strings_equal(generator.generate_otp(one), typed)), None)


def uri(key: str, *, name: str, site: str) -> str:
    """Return the URI by which an app adds the key."""
    return pyotp.TOTP(key, digits=DIGITS, interval=STEP_SECONDS).provisioning_uri(name=name, issuer_name=site)


def qr_code(text: str) -> str:
    """Return a QR code as an SVG element without styles, which a strict content security policy allows."""
    code = segno.make(text, error="m", micro=False)
    return code.svg_inline(scale=5, border=4, dark="#000", light="#fff", svgclass="qr-code", lineclass=None)
