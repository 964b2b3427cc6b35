"""Text messages of the day through the gateway, by the same outbox and the same states as e-mail."""

from collections.abc import Callable
from datetime import date
from typing import Final
from urllib.parse import urlsplit

import httpx

from recouvrement.channels.account import LOOPBACK
from recouvrement.channels.outcomes import AccountDown, Outcome, Refused, TryLater
from recouvrement.channels.sms import Sms, SmsGateway, send_sms
from recouvrement.day.emailing import LATER, MEANS
from recouvrement.day.house import House
from recouvrement.day.sending_windows import Clocks, clocks
from recouvrement.domain.ladder import Channel
from recouvrement.ledger.addresses import blame
from recouvrement.ledger.claims import Claimed, begin_sending, claim, settle
from recouvrement.ledger.content import fetch
from recouvrement.ledger.tokens import Rate
from recouvrement.ledger.witness import Witness

TIMEOUT: Final = 30.0  # seconds; a gateway that takes longer leaves doubt, and doubt waits for a person


def leaves_this_machine(house: House, url: str) -> bool:
    """Whether what goes to an address may reach a debtor though the house is on trial: then nothing goes there."""
    on_trial = house.simulated or bool(house.settings.redirect_all_to)
    return on_trial and urlsplit(url).hostname not in LOOPBACK


def gateway_of(house: House) -> SmsGateway | None:
    """The gateway of the settings; None when there is none, or none that a trial may use."""
    s = house.settings
    key = s.sms_key.get_secret_value()
    if not (s.sms_url and key) or leaves_this_machine(house, s.sms_url):
        return None
    return SmsGateway(s.sms_url, s.sms_sender, key)


def send_texts(
    house: House, owner: str, on: date, witness: Witness, told: Callable[[Outcome], None], *, pace: bool
) -> None:
    """Send the text messages that are ready, within the day's hours; stop when the account is down or its rate is used up.

    The next drain goes on.
    """
    gateway = gateway_of(house)
    if gateway is None:
        return
    rate = Rate("sms", house.settings.sms_per_minute) if pace else None
    hours = clocks(house, on)
    with httpx.Client(timeout=TIMEOUT) as client:
        while found := _next(house, owner, on, rate, hours):
            outcome = _sent(house, owner, found[0], witness, client, gateway)
            _record(house, owner, found[0], outcome, witness)
            told(outcome)
            if isinstance(outcome, AccountDown) or (isinstance(outcome, TryLater) and outcome.is_of_the_account):
                return


def _next(house: House, owner: str, on: date, rate: Rate | None, hours: Clocks) -> list[Claimed]:
    """The next text message, claimed; none outside its hours, as for e-mail."""
    return claim(
        house.ledger, owner, channel=Channel.SMS, on=on, policy=house.policy, limit=1, rate=rate,
        windows=hours.open_at(house.ledger.now()), policy_of=house.policies.of_sha256,
    )  # fmt: skip


def _sent(
    house: House, owner: str, one: Claimed, witness: Witness, client: httpx.Client, gateway: SmsGateway
) -> Outcome:
    with house.ledger.reading() as connection:
        text = fetch(connection, one.frozen_sha256).decode("utf-8")
    return send_sms(
        client,
        gateway,
        Sms(one.id, one.recipient or "", text, lambda: begin_sending(house.ledger, witness, one, owner)),
    )


def _record(house: House, owner: str, one: Claimed, outcome: Outcome, witness: Witness) -> None:
    recorded = settle(
        house.ledger,
        one,
        owner,
        MEANS[type(outcome)],
        reason=str(outcome)[:64],
        evidence=outcome.answer.encode(),
        retry_in=LATER if isinstance(outcome, TryLater) else None,
        witness=witness,
    )
    if recorded and isinstance(outcome, Refused) and outcome.blames_the_address:
        blame(house.ledger, one.id, reason=str(outcome)[:64])
