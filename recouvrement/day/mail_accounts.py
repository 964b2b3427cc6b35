"""The mail accounts of the firm: one from the settings, or several from a file that holds no secret."""

import os
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated, Protocol

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from sqlalchemy import Connection, select

from recouvrement.channels.account import Security, SmtpAccount
from recouvrement.channels.addresses import mailbox
from recouvrement.day.house import House
from recouvrement.domain.contact_states import ContactState
from recouvrement.ledger.content import fetch
from recouvrement.ledger.parties import creditors
from recouvrement.ledger.ready import Pairs
from recouvrement.ledger.tables.contacts import contact
from recouvrement.ledger.tokens import Rate
from recouvrement.policy.ladder import PolicyRefused, source_kept
from recouvrement.settings import Settings

MAIN = "main"


class AccountsRefused(ValueError):
    """The file of mail accounts cannot be used; the text names the account and the field, never a secret."""


@dataclass(frozen=True, slots=True)
class MailAccount:
    """One account, its rate, the address it writes from (empty: the creditor's), and whose messages it carries."""

    smtp: SmtpAccount
    per_minute: int
    sender: str = ""
    creditors: frozenset[str] = frozenset()
    policies: frozenset[str] = frozenset()
    per_day: int = 0

    @property
    def rate(self) -> Rate:
        """Its limits, shared by every worker under the account's name."""
        return Rate(self.smtp.name, self.per_minute, self.per_day)

    def carries(self, creditor: str, policy: str) -> bool:
        """Say whether messages of a creditor under a policy go through this account; an empty list means all."""
        return _carries(self, creditor, policy)


class _Choosy(Protocol):
    @property
    def creditors(self) -> frozenset[str]: ...
    @property
    def policies(self) -> frozenset[str]: ...


def _carries(account: _Choosy, creditor: str, policy: str) -> bool:
    return (not account.creditors or creditor in account.creditors) and (
        not account.policies or policy in account.policies
    )


class _Row(BaseModel):
    """One `[[account]]` of the file."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,39}$")]
    host: Annotated[str, Field(min_length=1)]
    port: Annotated[int, Field(ge=1, le=65535)] = 587
    security: Security = Security.STARTTLS
    user: str = ""
    password_env: Annotated[str, Field(pattern=r"^([A-Z_][A-Z0-9_]*)?$")] = ""
    connections: Annotated[int, Field(ge=1, le=50)] = 3
    per_minute: Annotated[int, Field(ge=0)] = 30
    per_day: Annotated[int, Field(ge=0)] = 0
    data_timeout: Annotated[int, Field(ge=1)] = 600
    sender: str = ""
    creditors: frozenset[str] = frozenset()
    policies: frozenset[str] = frozenset()


def account_of(house: House) -> SmtpAccount:
    """The account of the settings: the only one, or the one for what no account of the file carries."""
    return _main(house.settings).smtp


def mail_accounts(settings: Settings) -> tuple[MailAccount, ...]:
    """Every account in the order in which they are asked, that of the settings last; raise AccountsRefused."""
    if settings.smtp_accounts is None:
        return (_main(settings),)
    rows = _rows(settings.smtp_accounts)
    names = [MAIN, *(row.name for row in rows)]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise AccountsRefused(f"account {twice[0]}: the name is taken")
    return (*(_account(row) for row in rows), _main(settings))


def _main(s: Settings) -> MailAccount:
    smtp = SmtpAccount(
        MAIN,
        s.smtp_host,
        s.smtp_port,
        Security(s.smtp_security),
        username=s.smtp_user or None,
        password=s.smtp_password.get_secret_value() or None,
        connections=s.smtp_connections,
        body_timeout=float(s.smtp_data_timeout),
    )
    return MailAccount(smtp, s.smtp_per_minute, per_day=s.smtp_per_day)


def _rows(file: Path) -> list[_Row]:
    try:
        told = tomllib.loads(file.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise AccountsRefused(f"{file.name}: {type(error).__name__}") from None
    found = told.pop("account", [])
    if told or not isinstance(found, list):
        raise AccountsRefused(f"{file.name}: only [[account]] tables stand in it")
    rows = []
    for number, row in enumerate(found, 1):
        try:
            rows.append(_Row.model_validate(row))
        except ValidationError as error:
            first = error.errors(include_input=False, include_url=False)[0]
            place = ".".join(str(part) for part in first["loc"])
            raise AccountsRefused(f"{file.name}: account {number}: {place}: {first['type']}") from None
    return rows


def _account(row: _Row) -> MailAccount:
    if row.sender and mailbox(row.sender) is None:
        raise AccountsRefused(f"account {row.name}: sender: not an address")
    password = os.environ.get(row.password_env, "") if row.password_env else ""
    if row.password_env and not password:
        raise AccountsRefused(f"account {row.name}: password_env: {row.password_env} is not set")
    try:
        smtp = SmtpAccount(
            row.name,
            row.host,
            row.port,
            row.security,
            username=row.user or None,
            password=password or None,
            connections=row.connections,
            body_timeout=float(row.data_timeout),
        )
    except ValueError as error:
        raise AccountsRefused(str(error)) from None
    return MailAccount(smtp, row.per_minute, row.sender, row.creditors, row.policies, row.per_day)


def sender_of(settings: Settings, creditor: str, policy: str) -> str:
    """The address that messages of a creditor under a policy are written from; empty: the creditor's own.

    No secret is needed to know it, and a file that cannot be read names nobody: the drain refuses to send by it.
    """
    if settings.smtp_accounts is None:
        return ""
    try:
        rows = _rows(settings.smtp_accounts)
    except AccountsRefused:
        return ""
    return next((row.sender for row in rows if _carries(row, creditor, policy)), "")


def account_for(accounts: Iterable[MailAccount], creditor: str, policy: str) -> MailAccount:
    """The first account that carries a creditor's messages under a policy."""
    return next(account for account in accounts if account.carries(creditor, policy))


def pairs_by_account(house: House, accounts: tuple[MailAccount, ...], on: date) -> dict[str, Pairs]:
    """Which (creditor id, policy digest) each account carries, of those that have something ready for a day."""
    with house.ledger.reading() as connection:
        codes = {creditor_id: code for code, creditor_id in creditors(connection).items()}
        query = select(contact.c.creditor_id, contact.c.policy_sha256).where(
            contact.c.state == ContactState.READY.value,
            (contact.c.business_day == on) | (contact.c.needs_approval == 1),
        )
        found: dict[str, set[tuple[str, str]]] = {account.smtp.name: set() for account in accounts}
        for creditor_id, digest in connection.execute(query.distinct()):
            one = account_for(accounts, codes[creditor_id], policy_name(house, connection, digest))
            found[one.smtp.name].add((creditor_id, digest))
    return {name: frozenset(pairs) for name, pairs in found.items()}


def policy_name(house: House, connection: Connection, digest: str) -> str:
    """The name of a policy version, in force or kept by its content; empty when nobody knows it any more."""
    for policy in house.policies.by_name.values():
        if policy.sha256 == digest:
            return policy.name
    try:
        return str(source_kept(fetch(connection, digest)).tables.get("name", ""))
    except (KeyError, PolicyRefused):
        return ""
