"""Random positions and policies for the properties of `decide`."""

from datetime import date, timedelta
from typing import Any

from hypothesis import strategies as st

from recouvrement.domain.contact_states import VOID, ContactState
from recouvrement.domain.ladder import Channel, Stage
from recouvrement.domain.parties import DebtorKind
from recouvrement.domain.policy import Policy, Step
from recouvrement.domain.position import DebtorPosition, Hold, ItemPosition, Notice, StepTaken

DAY = date(2026, 4, 1)  # a Wednesday; Easter Monday and two bridges are near
MAIL, LETTER, REGISTERED, CALL = Channel.EMAIL, Channel.LETTER, Channel.REGISTERED_LETTER, Channel.CALL
STATES = [s for s in ContactState if s not in VOID]
PAPERS = ("invoice", "delivery")
CODES = ("courtesy", "friendly", "call", "firm", "last", "notice", "hand_off", "receipt_in_doubt", "of_an_older_policy")

STANDARD = Policy(
    "properties", "0" * 64,
    (
        Step("courtesy", Stage.PREVENTION, -7, 3, (MAIL,), "courtesy", until_due=True),
        Step("friendly", Stage.AMICABLE, 3, 3, (MAIL, LETTER), "friendly_reminder"),
        Step("call", Stage.AMICABLE, 10, 5, (CALL, MAIL, LETTER), "call"),
        Step("firm", Stage.FIRM, 15, 5, (MAIL, LETTER), "firm_reminder", needs_known_kind=True, claims_penalties=True),
        Step("last", Stage.FIRM, 30, 8, (MAIL, LETTER), "last_reminder", needs_known_kind=True, claims_penalties=True),
        Step("notice", Stage.FORMAL_NOTICE, 45, 10, (REGISTERED,), "mise_en_demeure", needs_approval=True, needs_known_kind=True,
             claims_penalties=True, documents=PAPERS, days_to_pay=8, alone=True, minimum_cents=50_00),
        Step("hand_off", Stage.HAND_OFF, 60, 8, (), "hand_off", needs_known_kind=True),
    ),
    minimum_cents={"EUR": 15_00, "USD": 20_00}, feed_max_age=2,
)  # fmt: skip


def days(before: int, after: int) -> st.SearchStrategy[date]:
    return st.integers(-before, after).map(lambda n: DAY + timedelta(days=n))


def rarely(value: st.SearchStrategy[Any], default: object) -> st.SearchStrategy[Any]:
    return st.integers(0, 7).flatmap(lambda n: value if n == 0 else st.just(default))


@st.composite
def policies(draw: st.DrawFn) -> Policy:
    """The standard ladder with some rungs out, other gaps, both channels needed here and there."""
    steps = [s for s in STANDARD.steps if s.code == "friendly" or draw(st.integers(0, 5))]
    changed = [
        Step(**{**{f: getattr(s, f) for f in Step.__slots__}, "gap": draw(st.integers(0, 9)), "all_channels": draw(st.integers(0, 4)) == 0})
        for s in steps
    ]  # fmt: skip
    return Policy(
        "drawn",
        "1" * 64,
        tuple(changed),
        minimum_cents={"EUR": 15_00},
        contact_gap=draw(st.integers(1, 8)),
        feed_max_age=2,
    )


taken = st.builds(
    StepTaken, st.sampled_from(CODES), days(60, 0), st.sampled_from([MAIL, LETTER, REGISTERED, CALL]),
    st.sampled_from([ContactState.SENT] * 8 + STATES),
)  # fmt: skip
notices = st.builds(
    Notice,
    days(20, 5),
    st.none() | days(30, 0),
    st.sampled_from([None, "delivered", "refused", "unclaimed", "undeliverable"]),
)
holds = st.builds(Hold, days(5, 5), st.just("ours"))


@st.composite
def items(draw: st.DrawFn, name: str) -> ItemPosition:
    cents = draw(st.sampled_from([100_00, 30_00, 10_00, -40_00, 1]) | st.integers(-200_00, 900_00))
    return ItemPosition(
        name, draw(days(120, 10)), cents, cents, draw(st.sampled_from(["EUR", "EUR", "EUR", "USD"])),
        taken=tuple(draw(st.lists(taken, max_size=4))), waived=draw(rarely(st.frozensets(st.sampled_from(CODES), max_size=2), frozenset())),
        disputed_cents=draw(rarely(st.integers(0, 200_00), 0)), promised_until=draw(rarely(days(3, 3), None)),
        on_plan=draw(rarely(st.just(True), False)), hold=draw(rarely(holds, None)), cleared_in_accounts=draw(rarely(st.just(True), False)),
        not_received=draw(rarely(st.just(True), False)), handed_over=draw(rarely(st.just(True), False)),
        assigned=draw(rarely(st.just(True), False)), notice=draw(st.none() | notices), insolvent=draw(rarely(st.just(True), False)),
        documents=draw(st.sampled_from([frozenset(PAPERS), frozenset(PAPERS), frozenset({"invoice"})])), barred_on=draw(rarely(days(2, 2), None)),
    )  # fmt: skip


@st.composite
def positions(draw: st.DrawFn) -> DebtorPosition:
    """A debtor with up to five items; most are plain, each obstacle comes up now and then."""
    found = tuple(draw(items(name)) for name in "abcde"[: draw(st.integers(1, 5))])
    return DebtorPosition(
        "d", draw(st.sampled_from([DebtorKind.BUSINESS] * 4 + [DebtorKind.UNKNOWN, DebtorKind.CONSUMER])), found,
        channels=draw(st.sampled_from([frozenset(Channel)] * 3 + [frozenset({LETTER, REGISTERED}), frozenset({MAIL}), frozenset()])),
        region=draw(st.sampled_from(["metropole", "alsace_moselle", "reunion"])), feed_to=draw(rarely(st.none() | days(15, 0), DAY)),
        credit_cents=draw(rarely(st.just((("EUR", 60_00),)), ())), doubts=draw(rarely(st.builds(lambda d: (("line", d, 5_00),), days(20, 0)), ())),
        hold=draw(rarely(holds, None)), protected=draw(rarely(st.just("deceased"), None)), pays_by_direct_debit=draw(rarely(st.just(True), False)),
        reply_unread=draw(rarely(st.just(True), False)), last_contact_on=draw(st.none() | days(12, 0)), rates_known=draw(rarely(st.just(False), True)),
    )  # fmt: skip


today = st.integers(-4, 6).map(lambda n: DAY + timedelta(days=n))
