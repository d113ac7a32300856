"""Sending of signed messages to a real server, and to addresses that must not be called."""

from __future__ import annotations

import base64
import hmac
import ipaddress
import socket
import ssl
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import InvalidRequest
from core.sync.records import Attempt
from engine.sync import sender, targets
from engine.sync.sender import Sender
from engine.sync.targets import Forbidden
from tests.engine.sync.conftest import Receiver

AT = datetime(2026, 11, 21, 12, tzinfo=UTC)
SECRET = "whsec_" + base64.b64encode(b"0123456789abcdef0123456789abcdef").decode()


def send(url: str, *, private: bool = True, seconds: float = 5.0) -> Attempt:
    return Sender(private=private, seconds=seconds).send(url, SECRET, message="msg_1", payload='{"a": "ü"}', at=AT)


def test_a_message_is_signed_according_to_standard_webhooks(receiver: Receiver) -> None:
    assert send(receiver.url("ok?x=1")) == Attempt(delivered=True, answer="204")
    (request,) = receiver.received
    assert (request.path, request.body) == ("/ok?x=1", '{"a": "ü"}'.encode())
    assert request.headers["host"] == f"127.0.0.1:{receiver.port}"
    signed = f"msg_1.{int(AT.timestamp())}.".encode() + request.body
    expected = base64.b64encode(hmac.new(b"0123456789abcdef0123456789abcdef", signed, sha256).digest()).decode()
    assert request.headers["webhook-id"] == "msg_1"
    assert request.headers["webhook-timestamp"] == str(int(AT.timestamp()))
    assert request.headers["webhook-signature"] == f"v1,{expected}"


def test_the_signature_equals_that_of_the_example_of_the_specification() -> None:
    """From the documentation of Standard Webhooks."""
    found = sender.sign(
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        message="msg_p5jXN8AQM9LWM0D4loKWxJek",
        at=datetime.fromtimestamp(1614265330, UTC),
        payload=b'{"test": 2432232314}',
    )
    assert found == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_a_new_secret_has_the_form_of_standard_webhooks() -> None:
    first, second = sender.new_secret(), sender.new_secret()
    assert first != second
    assert len(base64.b64decode(first.removeprefix("whsec_"))) == 32


@pytest.mark.parametrize(
    ("path", "answer"),
    [
        ("500", "500"),
        ("404", "404"),
        ("reset", "ConnectionResetError"),
        ("nonsense", "BadStatusLine"),
        ("redirect", "302: redirects are not followed"),
    ],
)
def test_a_server_that_fails_is_described(receiver: Receiver, path: str, answer: str) -> None:
    found = send(receiver.url(path))
    assert not found.delivered
    assert answer in found.answer
    assert len(receiver.received) == 1


@pytest.mark.parametrize("path", ["hang", "drip"])
def test_a_server_that_never_answers_is_given_up(receiver: Receiver, path: str) -> None:
    assert send(receiver.url(path), seconds=0.3) == Attempt(delivered=False, answer="no answer in time")


def test_the_body_of_an_answer_is_not_read(receiver: Receiver) -> None:
    assert send(receiver.url("endless")).delivered


def test_a_server_that_asks_never_to_be_told_again_is_heard(receiver: Receiver) -> None:
    assert send(receiver.url("410")) == Attempt(delivered=False, answer="410", gone=True)


def test_a_refused_connection_is_described() -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    assert "ConnectionRefusedError" in send(f"http://127.0.0.1:{port}/").answer


def test_a_server_without_a_trusted_certificate_gets_no_message() -> None:
    with socket.create_server(("127.0.0.1", 0)) as plain:
        port = plain.getsockname()[1]
        found = Sender(private=True, seconds=0.3, tls=ssl.create_default_context).send(
            f"https://127.0.0.1:{port}/", SECRET, message="m", payload="{}", at=AT
        )
    assert not found.delivered


def test_an_unknown_host_is_described() -> None:
    def unknown(host: str, port: int) -> Sequence[str]:
        raise socket.gaierror(f"{host}:{port}")

    found = Sender(resolve=unknown).send("https://nowhere.example/", SECRET, message="m", payload="{}", at=AT)
    assert found == Attempt(delivered=False, answer="the host is unknown")


def test_the_own_network_is_not_called(receiver: Receiver) -> None:
    def rebound(host: str, port: int) -> Sequence[str]:
        del host, port
        return ["93.184.215.14", "127.0.0.1"]

    url = f"https://rebound.example:{receiver.port}/ok"
    found = Sender(resolve=rebound).send(url, SECRET, message="m", payload="{}", at=AT)
    assert found.answer == "rebound.example leads to 127.0.0.1, which is not a public address"
    assert "which is not a public address" in send(f"https://localhost:{receiver.port}/ok", private=False).answer
    assert receiver.received == []


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "10.0.0.1", "172.16.5.4", "192.168.1.1", "169.254.169.254", "0.0.0.0", "100.64.0.1"),  # noqa: S104
        *("224.0.0.1", "255.255.255.255", "192.0.2.1", "240.0.0.1", "::1", "::", "fe80::1", "fe80::1%eth0", "fd00::1"),
        *("ff02::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "64:ff9b::a00:1", "2002:7f00:1::"),
        *("2002:a00:1::1", "2001:db8::1", "not an address", ""),
    ],
)  # fmt: skip
def test_addresses_of_private_networks_are_not_public(address: str) -> None:
    assert not targets.is_public(address)


@pytest.mark.parametrize("address", ["93.184.215.14", "8.8.8.8", "2606:4700::1111", "64:ff9b::808:808"])
def test_addresses_of_the_internet_are_public(address: str) -> None:
    assert targets.is_public(address)


@given(st.ip_addresses())
def test_no_address_that_python_calls_private_is_public(found: ipaddress.IPv4Address | ipaddress.IPv6Address) -> None:
    if found.is_private or found.is_loopback or found.is_link_local or found.is_multicast:
        assert not targets.is_public(str(found))


@given(st.ip_addresses(v=4))
def test_no_ipv6_address_stands_for_a_private_ipv4_one(inner: ipaddress.IPv4Address) -> None:
    number = int(inner)
    for base in (0xFFFF << 32, int(ipaddress.IPv6Address("64:ff9b::"))):
        assert targets.is_public(str(ipaddress.IPv6Address(base | number))) == targets.is_public(str(inner))
    sixtofour = ipaddress.IPv6Address((0x2002 << 112) | (number << 80))
    assert targets.is_public(str(sixtofour)) == targets.is_public(str(inner))


def test_a_host_without_an_address_is_not_called() -> None:
    target = targets.parse("https://example.org/")
    with pytest.raises(OSError, match="no address"):
        targets.address(target, private=False, find=lambda _host, _port: [])
    with pytest.raises(Forbidden):
        targets.address(target, private=False, find=lambda _host, _port: ["8.8.8.8", "::1"])


@pytest.mark.parametrize(
    "url",
    [
        "", "example.org", "http://example.org/", "ftp://example.org/", "https://", "https:///x", "https://a b/",
        "https://user:pass@example.org/", "https://example.org:0/", "https://example.org:99999/", "https://[::1/",
        "https://exämple.org/", "https://example.org/\n", "javascript:alert(1)", "https://example.org/" + "x" * 1_000,
    ],
)  # fmt: skip
def test_only_encrypted_addresses_without_credentials_are_accepted(url: str) -> None:
    with pytest.raises(InvalidRequest, match="url"):
        targets.parse(url)


def test_a_url_is_taken_apart() -> None:
    assert targets.parse("https://Example.org/a/b?c=d#e") == targets.Target(True, "example.org", 443, "/a/b?c=d")
    assert targets.parse("https://example.org:8443").authority == "example.org:8443"
    assert targets.parse("https://[2606:4700::1111]/").authority == "[2606:4700::1111]"
    assert targets.parse("http://nas.local:5000/x", private=True).tls is False


@given(st.text(max_size=60))
def test_any_text_is_a_url_or_refused(text: str) -> None:
    with suppress(InvalidRequest):
        found = targets.parse(text)
        assert found.host
        assert found.tls
