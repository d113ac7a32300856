"""Second factors: one-time passwords (TOTP), passkeys (WebAuthn) and recovery codes."""
