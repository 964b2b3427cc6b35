"""How fast an account may send: token arithmetic without clock, sleep or store."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

MESSAGE: Final = 60_000_000  # price of one message: filled by `per_minute` each microsecond, a level is a whole number
MICROSECOND: Final = timedelta(microseconds=1)
DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Pace:
    """What a relay allows: `per_minute` on average, at most `burst` at once, `per_day` in 24 hours (None: no limit).

    Microsoft 365 allows 30 a minute and 10,000 recipients a day (learn.microsoft.com, "SMTP submission improvements").
    """

    per_minute: int
    burst: int = 1
    per_day: int | None = None

    def __post_init__(self) -> None:
        if self.per_minute < 1 or self.burst < 1 or (self.per_day is not None and self.per_day < 1):
            raise ValueError("a pace allows at least one message; pause the account to allow none")


@dataclass(frozen=True, slots=True)
class Tokens:
    """The bucket as last written: its level at that moment (one message costs `MESSAGE`), and what the day that began
    at `day_start` has sent.
    """

    at: datetime
    level: int
    day_start: datetime
    sent_in_day: int = 0


@dataclass(frozen=True, slots=True)
class Turn:
    """Whether one message may go now (`wait` is zero and `tokens` already counts it), or how long to wait first."""

    wait: timedelta
    tokens: Tokens


def full(pace: Pace, moment: datetime) -> Tokens:
    """A bucket nobody has used yet."""
    return Tokens(moment, pace.burst * MESSAGE, moment)


def take(pace: Pace, tokens: Tokens, moment: datetime) -> Turn:
    """One message's turn at `moment` (aware, or as naive as the tokens).

    A clock that goes backwards (another machine, a correction) neither gives tokens nor takes any. When the answer is
    to wait, the tokens come back unchanged, so that asking costs nothing.

    >>> start = datetime(2026, 3, 2, 9, 0)
    >>> pace = Pace(per_minute=30, burst=2)
    >>> first = take(pace, full(pace, start), start)
    >>> second = take(pace, first.tokens, start)
    >>> take(pace, second.tokens, start).wait
    datetime.timedelta(seconds=2)
    """
    now = _refilled(pace, tokens, max(moment, tokens.at))
    if pace.per_day is not None and now.sent_in_day >= pace.per_day:
        return Turn(now.day_start + DAY - now.at, tokens)
    if now.level < MESSAGE:
        return Turn(-((now.level - MESSAGE) // pace.per_minute) * MICROSECOND, tokens)
    return Turn(timedelta(0), replace(now, level=now.level - MESSAGE, sent_in_day=now.sent_in_day + 1))


def _refilled(pace: Pace, tokens: Tokens, moment: datetime) -> Tokens:
    gained = (moment - tokens.at) // MICROSECOND * pace.per_minute
    level = min(pace.burst * MESSAGE, tokens.level + gained)
    if moment - tokens.day_start >= DAY:
        return Tokens(moment, level, moment)
    return Tokens(moment, level, tokens.day_start, tokens.sent_in_day)
