"""What is ready and may not leave yet: its hours are those of its own policy version where its debtor is; limits of a day."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from recouvrement.clock import PARIS
from recouvrement.day.house import House
from recouvrement.domain.holidays_fr import ONE_DAY
from recouvrement.domain.ladder import Channel
from recouvrement.domain.places import FRENCH, country_of_place, region_of_place
from recouvrement.domain.policy import Policy
from recouvrement.domain.sending_days import may_leave_at
from recouvrement.ledger.content import fetch
from recouvrement.ledger.ready import Group, Pairs, Window, Windows, ready_groups
from recouvrement.ledger.tokens import Rate, used_up_today
from recouvrement.policy.calendars import holidays_abroad
from recouvrement.policy.ladder import PolicyRefused, policy_kept
from recouvrement.policy.time_zones import zones_of

RINGING: Final = (Channel.EMAIL, Channel.SMS)  # what reaches somebody at once; a letter waits in its box
QUARTER: Final = timedelta(minutes=15)  # every zone of today is a multiple of it away from UTC


@dataclass(frozen=True, slots=True)
class Hours:
    """The rules of one (policy version, place): its policy, the zones of its country, its region, whether it is abroad."""

    policy: Policy
    zones: tuple[ZoneInfo, ...]
    region: str
    country: str

    def open_at(self, moment: datetime) -> bool:
        """Whether a message may leave at a moment."""
        return may_leave_at(self.policy, moment, self.zones, self.region, self._closed(moment))

    def _closed(self, moment: datetime) -> frozenset[date]:
        """The holidays abroad around a moment: where the debtor is, the year may be the one before or the one after."""
        return frozenset() if self.country in FRENCH else holidays_abroad(self.country, (moment - ONE_DAY).year)

    def opens_again(self, moment: datetime) -> bool:
        """Whether they open between a moment and the end of its business day, which is that of Paris."""
        day = moment.astimezone(PARIS).date()
        return any(
            self.open_at(later) for n in range(1, 97) if (later := moment + n * QUARTER).astimezone(PARIS).date() == day
        )


@dataclass(frozen=True, slots=True)
class Clocks:
    """The hours of every (policy version, place) that had something ready when they were read.

    A simulated clock stands still from the opening hour on, for the whole day: what has its hours later that day may leave.
    """

    hours: dict[Window, Hours]
    stand_still: bool

    def is_open(self, window: Window, moment: datetime) -> bool:
        """Whether messages of one may leave at a moment."""
        hours = self.hours[window]
        return hours.open_at(moment) or (self.stand_still and hours.opens_again(moment))

    def open_at(self, moment: datetime) -> Windows:
        """Those whose messages may leave at a moment."""
        return frozenset(window for window in self.hours if self.is_open(window, moment))


def clocks(house: House, on: date) -> Clocks:
    """The hours of what is ready for a day; what becomes ready later, of a policy or place not among it, waits for the next drain."""
    with house.ledger.reading() as connection:
        return _clocks(house, connection, ready_groups(connection, RINGING, on, house.ledger.now()))


def _clocks(house: House, connection: Connection, groups: Iterable[Group]) -> Clocks:
    policies: dict[str, Policy] = {}
    hours: dict[Window, Hours] = {}
    for digest, place in {group.window for group in groups}:
        policy = policies.setdefault(digest, _policy(house, connection, digest))
        country = country_of_place(place)
        hours[digest, place] = Hours(policy, zones_of(country), region_of_place(place), country)
    return Clocks(hours, stand_still=house.simulated)


def _policy(house: House, connection: Connection, digest: str) -> Policy:
    """The version that a contact names, loaded or kept; the firm's own where nobody knows it any more."""
    loaded = house.policies.of_sha256(digest)
    if loaded.sha256 == digest:
        return loaded
    try:
        return policy_kept(fetch(connection, digest))
    except (KeyError, PolicyRefused):
        return loaded


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many messages are ready and wait for their hours.

    Of those that expire with their day, `to_come` have them later today, `late` have not; the others were approved by a person.
    """

    count: int = 0
    late: int = 0
    to_come: int = 0


def waiting_for_hours(house: House, channels: Collection[Channel], on: date) -> Waiting:
    """Count what is ready and outside its hours; what a person approved outlives its day and is never late."""
    moment = house.ledger.now()
    with house.ledger.reading() as connection:
        groups = ready_groups(connection, channels, on, moment)
        found = _clocks(house, connection, groups)
    closed = [group for group in groups if not found.is_open(group.window, moment)]
    expiring = sum(group.expiring for group in closed)
    late = sum(group.expiring for group in closed if not found.hours[group.window].opens_again(moment))
    return Waiting(sum(group.count for group in closed), late, expiring - late)


def over_daily_limit(house: House, accounts: Iterable[tuple[Rate, Pairs]], on: date) -> int:
    """Count the e-mails that could leave now but for the limit of the day of their account (its limits, what it carries)."""
    moment = house.ledger.now()
    with house.ledger.reading() as connection:
        full = [pairs for rate, pairs in accounts if used_up_today(connection, rate, moment)]
        groups = ready_groups(connection, (Channel.EMAIL,), on, moment) if full else []
        now = _clocks(house, connection, groups).open_at(moment)
    carried = frozenset[tuple[str, str]]().union(*full)
    return sum(group.count for group in groups if group.window in now and group.pair in carried)
