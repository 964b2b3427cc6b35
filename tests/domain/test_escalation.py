"""The rule of the house, case by case: what each obstacle does, in which order steps go, what one message carries."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from recouvrement.domain.contact_states import ContactState
from recouvrement.domain.escalation import Decision, decide
from recouvrement.domain.ladder import Channel, Stage
from recouvrement.domain.parties import DebtorKind
from recouvrement.domain.policy import Policy, Step
from recouvrement.domain.position import DebtorPosition, Hold, ItemPosition, Notice, StepTaken
from recouvrement.domain.reasons import Action, Reason

MONDAY = date(2026, 3, 2)
EVERYWHERE = frozenset(Channel)
MAIL, LETTER, REGISTERED, CALL = Channel.EMAIL, Channel.LETTER, Channel.REGISTERED_LETTER, Channel.CALL
S = ContactState

LADDER = (
    Step("courtesy", Stage.PREVENTION, -7, 3, (MAIL,), "courtesy", until_due=True),
    Step("friendly", Stage.AMICABLE, 3, 3, (MAIL, LETTER), "friendly_reminder"),
    Step("call", Stage.AMICABLE, 10, 5, (CALL, MAIL, LETTER), "call"),
    Step("firm", Stage.FIRM, 15, 5, (MAIL, LETTER), "firm_reminder", needs_known_kind=True, claims_penalties=True),
    Step(
        "notice", Stage.FORMAL_NOTICE, 45, 10, (REGISTERED,), "mise_en_demeure", needs_approval=True, needs_known_kind=True,
        claims_penalties=True, documents=("invoice", "delivery"), days_to_pay=8, alone=True, minimum_cents=50_00,
    ),
    Step("hand_off", Stage.HAND_OFF, 60, 8, (), "hand_off", needs_known_kind=True),
)  # fmt: skip
POLICY = Policy("test", "0" * 64, LADDER, minimum_cents={"EUR": 15_00, "USD": 20_00}, feed_max_age=2)


def item(name: str = "a", late: int = 4, cents: int = 100_00, on: date = MONDAY, **fields: Any) -> ItemPosition:
    return ItemPosition(name, on - timedelta(days=late), cents, cents, **fields)


def debtor(*items: ItemPosition, on: date = MONDAY, **fields: Any) -> DebtorPosition:
    given: dict[str, Any] = {"channels": EVERYWHERE, "feed_to": on - timedelta(days=1), **fields}
    return DebtorPosition("d", items=items, **({"kind": DebtorKind.BUSINESS} | given))


def taken(step: str, ago: int, channel: Channel = MAIL, state: ContactState = S.SENT) -> StepTaken:
    return StepTaken(step, MONDAY - timedelta(days=ago), channel, state)


def decided(position: DebtorPosition, *, on: date = MONDAY, policy: Policy = POLICY) -> Decision:
    return decide(position, policy, on=on)


def reason(position: DebtorPosition, *, on: date = MONDAY, policy: Policy = POLICY) -> tuple[Action, Reason]:
    first = decided(position, on=on, policy=policy).items[0]
    return first.action, first.reason


def carried(decision: Decision) -> dict[str, str]:
    return {name: step for name, step, _ in decision.contact.items} if decision.contact else {}


@pytest.mark.parametrize(
    ("late", "expected"),
    [(-8, None), (-7, "courtesy"), (-1, "courtesy"), (0, None), (2, None), (3, "friendly"), (90, "friendly")],
)
def test_sign_of_an_offset(late: int, expected: str | None) -> None:
    """Minus seven is before the due date, plus three after it; late debts begin where everybody begins."""
    contact = decided(debtor(item(late=late))).contact

    assert (contact.step if contact else None) == expected


@pytest.mark.parametrize(
    ("fields", "action", "why"),
    [
        ({"disputed_cents": 100_00}, Action.HOLD, Reason.DISPUTED),
        ({"promised_until": MONDAY}, Action.HOLD, Reason.PROMISED),
        ({"on_plan": True}, Action.HOLD, Reason.ON_A_PLAN),
        ({"hold": Hold(MONDAY, "ours")}, Action.HOLD, Reason.ON_HOLD),
        ({"cleared_in_accounts": True}, Action.ASK, Reason.CLEARED_IN_ACCOUNTS),
        ({"not_received": True}, Action.ASK, Reason.NOT_RECEIVED_AS_DUE),
        ({"handed_over": True}, Action.LEAVE, Reason.HANDED_OVER),
        ({"assigned": True}, Action.LEAVE, Reason.ASSIGNED),
        ({"insolvent": True}, Action.HOLD, Reason.INSOLVENT),
        ({"barred_on": MONDAY}, Action.ASK, Reason.TIME_BARRED),
    ],
)
def test_what_keeps_an_item_off_the_ladder(fields: dict[str, Any], action: Action, why: Reason) -> None:
    decision = decided(debtor(item(**fields), item("b")))

    assert (decision.items[0].action, decision.items[0].reason) == (action, why)
    assert carried(decision) == {"b": "friendly"}


@pytest.mark.parametrize(
    ("fields", "action", "why"),
    [
        ({"protected": "over_indebted"}, Action.ASK, Reason.PROTECTED_PARTY),
        ({"reply_unread": True}, Action.ASK, Reason.REPLY_UNREAD),
        ({"feed_to": None}, Action.HOLD, Reason.FEED_ABSENT),
        ({"feed_to": date(2026, 2, 20)}, Action.HOLD, Reason.FEED_OLD),
        ({"doubts": (("line", date(2026, 2, 27), 1_00),)}, Action.HOLD, Reason.MONEY_IN_DOUBT),
        ({"pays_by_direct_debit": True}, Action.HOLD, Reason.DIRECT_DEBIT),
        ({"hold": Hold(MONDAY, "ours")}, Action.HOLD, Reason.ON_HOLD),
        ({"last_contact_on": date(2026, 2, 26)}, Action.WAIT, Reason.CONTACT_GAP),
        ({"last_contact_on": MONDAY}, Action.WAIT, Reason.CONTACT_TODAY),
        ({"channels": frozenset()}, Action.ASK, Reason.NO_ADDRESS),
    ],
)
def test_what_keeps_a_debtor_from_being_contacted(fields: dict[str, Any], action: Action, why: Reason) -> None:
    decision = decided(debtor(item(), item("b"), **fields))

    assert decision.contact is None
    assert {(i.action, i.reason) for i in decision.items} == {(action, why)}


def test_a_hold_of_the_debtor_outlives_a_shorter_one_of_the_item() -> None:
    position = debtor(
        item(hold=Hold(MONDAY - timedelta(days=1), "item")), hold=Hold(MONDAY + timedelta(days=9), "debtor")
    )

    assert reason(position) == (Action.HOLD, Reason.ON_HOLD)


def test_protection_ends_the_day_after() -> None:
    assert decided(debtor(item(promised_until=MONDAY - timedelta(days=1)))).contact
    assert decided(debtor(item(hold=Hold(MONDAY - timedelta(days=1), "ours")))).contact


def test_the_part_that_is_not_disputed_follows_the_ladder() -> None:
    assert carried(decided(debtor(item(disputed_cents=40_00)))) == {"a": "friendly"}
    assert reason(debtor(item(disputed_cents=90_00))) == (Action.WAIT, Reason.BELOW_MINIMUM)


def test_steps_go_one_by_one_with_their_gap() -> None:
    yesterday = item(late=50, taken=(taken("friendly", 4),))

    assert reason(debtor(yesterday)) == (Action.WAIT, Reason.NEXT_STEP_LATER)
    assert carried(decided(debtor(replace(yesterday, taken=(taken("friendly", 5),))))) == {"a": "call"}


def test_a_waived_step_is_left_out() -> None:
    assert carried(decided(debtor(item(late=12, waived=frozenset({"friendly"}))))) == {"a": "call"}


@pytest.mark.parametrize("state", [S.FAILED, S.BOUNCED, S.READY, S.UNKNOWN, S.SENDING, S.PLANNED])
def test_counters_come_from_what_left(state: ContactState) -> None:
    """Only what left makes a step done: the next one never goes on the strength of a message nobody got."""
    position = debtor(item(late=60, taken=(taken("friendly", 20, state=state),)))

    decision = decided(position)

    assert set(carried(decision).values()) <= {"friendly"}
    assert decision.items[0].step == "friendly"


def test_a_step_that_bounced_goes_again_by_its_next_channel_at_once() -> None:
    position = debtor(
        item(taken=(taken("friendly", 1, state=S.BOUNCED),)),
        channels=frozenset({LETTER}),
        last_contact_on=MONDAY - timedelta(days=1),
    )

    contact = decided(position).contact

    assert contact is not None
    assert (contact.step, contact.channel) == ("friendly", LETTER)


def test_a_bounce_does_not_open_the_gap_for_other_items() -> None:
    """The gap is between contacts that arrived: only the step that came back may go again at once."""
    first = item(taken=(taken("friendly", 1, state=S.BOUNCED),))
    other = item("b", late=20, taken=(taken("friendly", 9), taken("call", 6, CALL)))
    position = debtor(first, other, channels=frozenset({LETTER}), last_contact_on=MONDAY - timedelta(days=1))

    decision = decided(position)

    assert carried(decision) == {"a": "friendly"}
    assert decision.items[1].reason is Reason.CONTACT_GAP


def test_a_late_bounce_waits_when_something_else_left_since() -> None:
    old = item(late=20, taken=(taken("friendly", 12, state=S.BOUNCED),))
    position = debtor(old, channels=frozenset({LETTER}), last_contact_on=MONDAY - timedelta(days=2))

    assert reason(position) == (Action.WAIT, Reason.CONTACT_GAP)


def test_a_call_that_was_not_made_lets_the_next_step_go() -> None:
    position = debtor(item(late=30, taken=(taken("friendly", 20), taken("call", 8, CALL, S.FAILED))))

    assert carried(decided(position)) == {"a": "firm"}


def test_a_step_never_goes_back_under_one_that_left() -> None:
    """Only the last step by hand was imported, or a newer policy put a step underneath: nothing softer goes after it."""
    position = debtor(item(late=30, taken=(taken("firm", 20),)))

    decision = decided(position)

    assert decision.contact is None
    assert decision.items[0].step == "notice"


def test_letter_and_email_of_one_step_are_both_needed() -> None:
    both = replace(LADDER[1], all_channels=True)
    policy = replace(POLICY, steps=(both, *LADDER[2:]))
    after_mail = debtor(item(late=12, taken=(taken("friendly", 1),)), last_contact_on=MONDAY - timedelta(days=1))
    after_both = debtor(item(late=12, taken=(taken("friendly", 8), taken("friendly", 7, LETTER))))

    first = decided(debtor(item(late=12)), policy=policy).contact
    second = decided(after_mail, policy=policy).contact
    third = decided(after_both, policy=policy).contact

    assert first is not None
    assert (first.step, first.channel) == ("friendly", MAIL)
    assert second is not None
    assert (second.step, second.channel) == ("friendly", LETTER)
    assert third is not None
    assert third.step == "call"


def test_one_message_carries_each_invoice_at_its_own_step() -> None:
    low, high = item("low"), item("high", late=20, taken=(taken("friendly", 15), taken("call", 8, CALL)))
    soon, disputed = item("soon", late=-7), item("disputed", late=9, disputed_cents=100_00)

    decision = decided(debtor(low, high, soon, disputed))

    assert decision.contact is not None
    assert decision.contact.step == "firm"
    assert carried(decision) == {"low": "friendly", "high": "firm"}
    assert decision.contact.informed == ("disputed",)
    assert [i.reason for i in decision.items[:3]] == [
        Reason.LISTED_WITH_HIGHER_STEP, Reason.STEP_DUE, Reason.ANOTHER_STEP_FIRST,
    ]  # fmt: skip


@pytest.mark.parametrize(
    "fields",
    [
        {"cleared_in_accounts": True},
        {"assigned": True},
        {"handed_over": True},
        {"insolvent": True},
        {"barred_on": MONDAY},
        {"not_received": True},
    ],
)
def test_no_message_mentions_what_is_no_longer_ours_to_ask_for(fields: dict[str, Any]) -> None:
    decision = decided(debtor(item(), item("b", late=40, **fields)))

    assert decision.contact is not None
    assert decision.contact.informed == ()


def test_a_formal_notice_carries_only_its_own_invoices() -> None:
    papers = frozenset({"invoice", "delivery"})
    history = (taken("friendly", 40), taken("call", 33, CALL), taken("firm", 25))
    ready, bare = item("ready", late=50, taken=history, documents=papers), item("bare", late=50, taken=history)
    low = item("low")

    decision = decided(debtor(ready, bare, low))

    assert carried(decision) == {"ready": "notice"}
    assert decision.contact is not None
    assert decision.contact.needs_approval
    assert [i.reason for i in decision.items] == [Reason.STEP_DUE, Reason.EVIDENCE_MISSING, Reason.ANOTHER_STEP_FIRST]


def test_an_item_too_small_for_its_step_does_not_silence_the_others() -> None:
    papers = frozenset({"invoice", "delivery"})
    history = (taken("friendly", 40), taken("call", 33, CALL), taken("firm", 25))
    small = item("small", late=50, cents=30_00, taken=history, documents=papers)

    decision = decided(debtor(small, item("big", cents=5_000_00)))

    assert carried(decision) == {"big": "friendly"}
    assert decision.items[0].reason is Reason.BELOW_MINIMUM


def test_tolerance_is_in_the_invoice_currency() -> None:
    """18.00 is over the minimum in euros and under it in dollars; a small balance in one silences none in the other."""
    dollars, euros = item("usd", late=20, cents=18_00, currency="USD"), item("eur", cents=18_00)

    decision = decided(debtor(dollars, euros))

    assert carried(decision) == {"eur": "friendly"}
    assert decision.contact is not None
    assert decision.contact.currency == "EUR"
    assert decision.items[0].reason is Reason.BELOW_MINIMUM


def test_customer_in_credit_is_left_alone() -> None:
    on_account = debtor(item(), credit_cents=(("EUR", 100_00),))
    credit_note = debtor(item(), item("note", cents=-100_00))
    elsewhere = debtor(item(), credit_cents=(("USD", 500_00),))

    assert reason(on_account) == (Action.WAIT, Reason.CREDIT_COVERS)
    assert reason(credit_note) == (Action.WAIT, Reason.CREDIT_COVERS)
    assert decided(elsewhere).contact is not None


def test_only_one_contact_a_day_also_before_it_has_left() -> None:
    """A call stands on today's list; another invoice learned this afternoon gets no message today."""
    waiting = item(late=12, taken=(taken("friendly", 9), StepTaken("call", MONDAY, CALL, S.READY)))

    decision = decided(debtor(waiting, item("new")))

    assert decision.contact is None
    assert [i.reason for i in decision.items] == [Reason.AWAITING_CALL, Reason.CONTACT_TODAY]


@pytest.mark.parametrize(
    ("day", "region"),
    [(date(2026, 7, 14), "metropole"), (date(2026, 12, 26), "metropole"), (date(2026, 4, 3), "alsace_moselle")],
)
def test_closed_days_are_those_of_the_debtor(day: date, region: str) -> None:
    position = debtor(item(on=day), on=day, region=region)

    assert reason(position, on=day) == (Action.WAIT, Reason.CLOSED_DAY)


def test_unknown_kind_stays_amicable_whatever_the_policy_says() -> None:
    lax = replace(POLICY, steps=tuple(replace(step, needs_known_kind=False) for step in LADDER))
    at_firm = item(late=30, taken=(taken("friendly", 20), taken("call", 10, CALL)))
    expired = item(
        late=90,
        taken=(taken("firm", 60), taken("notice", 40, REGISTERED)),
        notice=Notice(MONDAY - timedelta(days=30), MONDAY, "delivered"),
    )

    assert reason(debtor(at_firm, kind=DebtorKind.UNKNOWN), policy=lax) == (Action.ASK, Reason.KIND_UNKNOWN)
    assert decided(debtor(expired, kind=DebtorKind.UNKNOWN), policy=lax).hand_off == ()
    assert decided(debtor(expired), policy=lax).hand_off == ("a",)


@pytest.mark.parametrize(
    ("notice", "why"),
    [
        (Notice(date(2026, 3, 2), date(2026, 2, 20), "delivered"), Reason.NOTICE_RUNNING),
        (Notice(date(2026, 2, 26), date(2026, 2, 12), "delivered"), Reason.NOTICE_RUNNING),  # two working days since
        (Notice(date(2026, 2, 25), None, None), Reason.AWAITING_POSTING),
        (Notice(date(2026, 2, 25), date(2026, 2, 12), None), Reason.AWAITING_POSTING),
        (Notice(date(2026, 2, 25), date(2026, 2, 12), "undeliverable"), Reason.AWAITING_POSTING),
        (None, Reason.AWAITING_POSTING),
        (Notice(date(2026, 2, 25), date(2026, 2, 12), "refused"), Reason.NOTICE_EXPIRED),
        (Notice(date(2026, 2, 25), date(2026, 2, 12), "unclaimed"), Reason.NOTICE_EXPIRED),
    ],
)
def test_a_hand_off_waits_for_posting_outcome_deadline_and_three_working_days(
    notice: Notice | None, why: Reason
) -> None:
    position = debtor(item(late=90, taken=(taken("notice", 20, REGISTERED),), notice=notice))

    decision = decided(position)

    assert decision.items[0].reason is why
    assert bool(decision.hand_off) == (why is Reason.NOTICE_EXPIRED)


def test_a_receipt_long_in_doubt_is_asked_about_once_and_nothing_else_goes() -> None:
    old = (("line", MONDAY - timedelta(days=20), 55_00),)
    ready = item(late=50, taken=(taken("friendly", 40), taken("call", 33, CALL)))

    first = decided(debtor(ready, item("soon", late=-3), doubts=old))
    asked = decided(debtor(replace(ready, taken=(*ready.taken, taken("receipt_in_doubt", 9))), doubts=old))

    assert carried(first) == {"a": "receipt_in_doubt"}
    assert first.items[1].reason is Reason.RECEIPT_ASKED
    assert asked.contact is None
    assert asked.items[0].reason is Reason.RECEIPT_ASKED
