"""Several mail accounts: which carries what, secrets from the environment, one down while another sends."""

from collections.abc import Iterator
from dataclasses import replace
from email import message_from_bytes
from pathlib import Path

import pytest
from sqlalchemy import select

from benchmarks.ready_outbox import MONDAY, ready_outbox
from recouvrement.channels.catcher import Catcher
from recouvrement.day.house import House
from recouvrement.day.mail_accounts import AccountsRefused, account_for, mail_accounts, sender_of
from recouvrement.day.sending import MayNotSend, drain
from recouvrement.ledger.outbox import counts_by_state
from recouvrement.ledger.tables.contacts import contact
from recouvrement.settings import Settings

COUNT = 6


def told(tmp_path: Path, text: str) -> Settings:
    file = tmp_path / "accounts.toml"
    file.write_text(text, encoding="utf-8")
    return Settings(home=tmp_path / "home", witness=tmp_path / "w", smtp_accounts=file)


FULL = """
[[account]]
name = "grands-comptes"
host = "relay.example"
port = 465
security = "tls"
user = "grands-comptes@firm.example"
password_env = "FIRM_KEY_PASSWORD"
connections = 2
per_minute = 12
sender = "grands-comptes@firm.example"
policies = ["key_account"]

[[account]]
name = "filiale"
host = "127.0.0.1"
security = "none"
creditors = ["filiale"]
"""


def test_an_account_is_chosen_by_policy_or_creditor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FIRM_KEY_PASSWORD", "s3cret")
    accounts = mail_accounts(told(tmp_path, FULL))

    assert [one.smtp.name for one in accounts] == ["grands-comptes", "filiale", "main"]
    chosen = [account_for(accounts, *who).smtp.name for who in (("house", "key_account"), ("filiale", "standard"))]
    assert chosen == ["grands-comptes", "filiale"]
    assert account_for(accounts, "house", "standard").smtp.name == "main"
    assert (accounts[0].smtp.password, accounts[0].smtp.connections, accounts[0].rate.per_minute) == ("s3cret", 2, 12)
    assert "s3cret" not in repr(accounts)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ('[[account]]\nname = "a"\n', "host"),
        ('[[account]]\nname = "A b"\nhost = "h"\n', "name"),
        ('[[account]]\nname = "main"\nhost = "h"\n', "main"),
        ('[[account]]\nname = "a"\nhost = "h"\n[[account]]\nname = "a"\nhost = "h"\n', "taken"),
        ('[[account]]\nname = "a"\nhost = "h"\npassword = "in clear"\n', "password"),
        ('[[account]]\nname = "a"\nhost = "h"\nuser = "u"\npassword_env = "NOT_SET_ANYWHERE"\n', "NOT_SET_ANYWHERE"),
        ('[[account]]\nname = "a"\nhost = "h"\nuser = "u"\n', "password or a token"),
        ('[[account]]\nname = "a"\nhost = "h"\nsender = "no address"\n', "sender"),
        ('[[account]]\nname = "a"\nhost = "h"\nsecurity = "maybe"\n', "security"),
        ('[[account]]\nname = "a"\nhost = "h"\nper_minute = -1\n', "per_minute"),
        ('[account]\nname = "a"\n', "only"),
        ("not toml", "accounts.toml"),
    ],
)
def test_a_file_that_is_wrong_is_refused_by_name_and_never_quoted(tmp_path: Path, text: str, named: str) -> None:
    with pytest.raises(AccountsRefused) as refused:
        mail_accounts(told(tmp_path, text))

    assert named in str(refused.value)
    assert "in clear" not in str(refused.value)


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(AccountsRefused):
        mail_accounts(Settings(home=tmp_path, smtp_accounts=tmp_path / "absent.toml"))


@pytest.fixture
def mails(tmp_path: Path) -> Iterator[tuple[Catcher, Catcher]]:
    with Catcher(tmp_path / "one") as one, Catcher(tmp_path / "two") as two:
        yield one, two


def firm(tmp_path: Path, text: str, main_port: int) -> House:
    settings = told(tmp_path, text).model_copy(update={"smtp_port": main_port})
    return ready_outbox(settings, COUNT)


def local(name: str, port: int, **more: object) -> str:
    lines = {"name": name, "host": "127.0.0.1", "port": port, "security": "none"} | more
    return "[[account]]\n" + "".join(f"{key} = {value!r}\n".replace("'", '"') for key, value in lines.items())


def test_messages_go_through_the_account_of_their_creditor(tmp_path: Path, mails: tuple[Catcher, Catcher]) -> None:
    mine, other = mails
    text = local("essai", mine.port, creditors=["essai"], sender="factures@essai.example")
    house = firm(tmp_path, text, other.port)

    tally = drain(house, on=MONDAY, pace=False)

    assert dict(tally.outcomes) == {"accepted": COUNT}
    assert (len(mine.messages()), len(other.messages())) == (COUNT, 0)
    assert {envelope["mail_from"] for envelope in mine.envelopes()} == {"factures@essai.example"}


def test_messages_go_through_the_account_of_their_policy(tmp_path: Path, mails: tuple[Catcher, Catcher]) -> None:
    mine, other = mails
    house = firm(tmp_path, local("standard", mine.port, policies=["standard"]), other.port)

    drain(house, on=MONDAY, pace=False)

    assert (len(mine.messages()), len(other.messages())) == (COUNT, 0)


def test_an_account_that_is_down_holds_up_its_own_messages_only(tmp_path: Path, mails: tuple[Catcher, Catcher]) -> None:
    """Half of the outbox is of another policy, whose relay does not answer."""
    mine, _ = mails
    house = firm(tmp_path, local("standard", mine.port, policies=["standard"]), 1)
    with house.ledger.act("another_policy", "test") as act:
        ids = list(act.connection.scalars(select(contact.c.id).order_by(contact.c.id)))
        half = contact.c.id.in_(ids[: COUNT // 2])
        act.connection.execute(contact.update().where(half).values(policy_sha256="0" * 64))

    tally = drain(house, on=MONDAY, pace=False)

    assert len(mine.messages()) == COUNT - COUNT // 2
    assert tally.stopped
    with house.ledger.reading() as connection:
        assert counts_by_state(connection) == {"ready": COUNT // 2, "sent": COUNT - COUNT // 2}


def test_nothing_is_claimed_when_the_accounts_cannot_be_read(tmp_path: Path, mails: tuple[Catcher, Catcher]) -> None:
    house = firm(tmp_path, local("essai", mails[0].port), mails[1].port)
    broken = replace(house, settings=told(tmp_path, "[[account]]\n"))

    with pytest.raises(MayNotSend, match="mail_accounts_refused"):
        drain(broken, on=MONDAY, pace=False)

    with house.ledger.reading() as connection:
        assert counts_by_state(connection) == {"ready": COUNT}


def test_the_message_itself_is_what_was_frozen(tmp_path: Path, mails: tuple[Catcher, Catcher]) -> None:
    mine, other = mails
    house = firm(tmp_path, local("essai", mine.port, sender="factures@essai.example"), other.port)

    drain(house, on=MONDAY, pace=False)

    froms = {str(message_from_bytes(octets)["From"]) for octets in mine.messages()}
    assert froms == {"compta@essai.example"}


def test_a_simulated_clock_sends_through_no_account_but_this_machines(
    tmp_path: Path, mails: tuple[Catcher, Catcher]
) -> None:
    """A ledger that plays days may not reach a relay, whatever stands in a file."""
    text = local("away", 25, policies=["key_account"]).replace("127.0.0.1", "relay.example")
    house = firm(tmp_path, text, mails[1].port)

    with pytest.raises(MayNotSend, match="loopback_only"):
        drain(house, on=MONDAY, pace=False)

    assert mails[1].messages() == []


def test_the_sender_of_a_policy_writes_its_messages(tmp_path: Path) -> None:
    """Known without the password, which only the worker that sends has."""
    settings = told(tmp_path, FULL)

    assert sender_of(settings, "house", "key_account") == "grands-comptes@firm.example"
    assert sender_of(settings, "filiale", "standard") == ""
    assert sender_of(told(tmp_path, "not toml"), "house", "key_account") == ""
    assert sender_of(Settings(home=tmp_path), "house", "key_account") == ""
