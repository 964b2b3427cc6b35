"""What holds of every decision, whatever the position, and of every history, whatever happened in it."""

from dataclasses import replace
from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from recouvrement.domain.contact_states import LEFT, ContactState
from recouvrement.domain.escalation import Decision, decide
from recouvrement.domain.ladder import Stage
from recouvrement.domain.policy import RECEIPT_IN_DOUBT, Policy
from recouvrement.domain.position import DebtorPosition, StepTaken
from recouvrement.domain.reasons import Action, sentence
from tests.domain.positions import OTHER, STANDARD, policies, positions, today
from tests.domain.slow_escalation import slow_decide

many = settings(max_examples=200, deadline=None)
some = settings(max_examples=100, deadline=None)
any_policy = st.just(STANDARD) | policies()


def height(policy: Policy, code: str) -> tuple[int, int]:
    """How high a step stands, in the debtor's ladder or the other one that some invoices climb."""
    step = policy.step(code) or OTHER.step(code)
    assert step is not None
    return list(Stage).index(step.stage), step.offset


@many
@given(positions(), any_policy, today)
def test_the_slow_and_the_fast_reading_agree(position: DebtorPosition, policy: Policy, on: date) -> None:
    fast = decide(position, policy, on=on)
    said, message, hand_off = slow_decide(position, policy, on)

    assert {i.item_id: (i.action, i.reason) for i in fast.items} == said
    assert set(fast.hand_off) == hand_off
    assert (fast.contact is None) == (message is None)
    if fast.contact and message:
        assert (fast.contact.step, fast.contact.channel) == (message["step"], message["channel"])
        assert {name: step for name, step, _ in fast.contact.items} == message["items"]


@some
@given(positions(), any_policy, today)
def test_one_decision_for_each_item_with_a_reason_in_words(position: DebtorPosition, policy: Policy, on: date) -> None:
    decision = decide(position, policy, on=on)

    assert [i.item_id for i in decision.items] == [i.id for i in position.items]
    assert all(sentence(i.reason, "fr") and sentence(i.reason, "en") for i in decision.items)
    assert decision == decide(position, policy, on=on)


@some
@given(positions(), any_policy, today, st.randoms(use_true_random=False))
def test_the_order_of_items_decides_nothing(position: DebtorPosition, policy: Policy, on: date, chance: object) -> None:
    shuffled = list(position.items)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]

    first, second = decide(position, policy, on=on), decide(replace(position, items=tuple(shuffled)), policy, on=on)

    assert {i.item_id: i for i in first.items} == {i.item_id: i for i in second.items}
    assert bool(first.contact) == bool(second.contact)
    if first.contact and second.contact:
        assert set(first.contact.items) == set(second.contact.items)


@many
@given(positions(), any_policy, today)
def test_nobody_is_asked_for_what_is_not_owed_now(position: DebtorPosition, policy: Policy, on: date) -> None:
    contact = decide(position, policy, on=on).contact
    if contact is None:
        return
    asked = [i for i in position.items if i.id in {name for name, _, _ in contact.items}]

    assert all(i.open_cents > i.disputed_cents and i.open_cents > 0 for i in asked)
    assert not any(
        i.on_plan or i.handed_over or i.assigned or i.insolvent or i.cleared_in_accounts or i.not_received
        for i in asked
    )
    assert not any(h is not None and on <= h.until_on for i in asked for h in (i.hold, position.hold))
    assert not any(i.promised_until and on <= i.promised_until for i in asked)
    assert position.feed_to is not None
    assert not (position.protected or position.reply_unread or position.pays_by_direct_debit)
    assert not position.doubts or contact.step == RECEIPT_IN_DOUBT.code
    credit = sum(cents for code, cents in position.credit_cents if code == contact.currency)
    assert sum(i.open_cents - i.disputed_cents for i in asked) > credit
    assert {name: cents for name, _, cents in contact.items} == {i.id: i.open_cents for i in asked}


@many
@given(positions(), any_policy, today)
def test_no_step_before_the_one_under_it_has_left(position: DebtorPosition, policy: Policy, on: date) -> None:
    decision = decide(position, policy, on=on)
    mine = {i.id: i for i in position.items}
    for name, code, _ in decision.contact.items if decision.contact else ():
        if code == RECEIPT_IN_DOUBT.code:
            continue
        item = mine[name]
        own = item.ladder or policy
        step = own.step(code)
        assert step is not None
        skipped = own.causes[position.cause].skip if position.cause in own.causes else frozenset()
        gone = {
            t.step for t in item.taken if t.state in LEFT or (t.channel == "call" and t.state is ContactState.FAILED)
        }
        under = [s for s in own.steps if s.offset < step.offset]
        above = [s for s in own.steps if s.offset > step.offset]
        assert gone.isdisjoint(s.code for s in above)
        if under and not any(
            s.code in gone for s in under
        ):  # the first that makes sense: all under it were left out for a reason
            assert all(
                s.code in item.waived | skipped or ((s.until_due or s.stage is Stage.PREVENTION) and on >= item.due_on)
                for s in under
            )


@some
@given(positions(), any_policy, today)
def test_stages_keep_their_conditions(position: DebtorPosition, policy: Policy, on: date) -> None:
    decision = decide(position, policy, on=on)
    mine = {i.id: i for i in position.items}
    for name, code, _ in decision.contact.items if decision.contact else ():
        step = (mine[name].ladder or policy).step(code)
        assert step is not None
        if step.stage is Stage.PREVENTION:
            assert on < mine[name].due_on
        if position.kind == "unknown":
            assert step.stage in {Stage.PREVENTION, Stage.AMICABLE}
        if step.stage is Stage.FORMAL_NOTICE:
            assert mine[name].documents.issuperset(step.documents)
            assert decision.contact is not None
            assert decision.contact.needs_approval
            assert all(c == code for _, c, _ in decision.contact.items)
    for name in decision.hand_off:
        notice = mine[name].notice
        assert notice is not None
        assert notice.posted_on is not None
        assert notice.outcome in {"delivered", "refused", "unclaimed"}
        assert (on - notice.deadline_on).days >= 3
        assert position.kind != "unknown"


@many
@given(positions(), any_policy, today, st.data())
def test_a_payment_never_adds_a_reminder(
    position: DebtorPosition, policy: Policy, on: date, data: st.DataObject
) -> None:
    """Nothing goes that would not have gone, and nothing goes higher than it would have."""
    if any(t.on == on for i in position.items for t in i.taken):  # the ledger remembers it also when its item is paid
        position = replace(position, last_contact_on=on)
    owed = [i for i in position.items if i.open_cents > 0]
    if not owed:
        return
    paid = data.draw(st.sampled_from(owed))
    cents = data.draw(st.just(paid.open_cents) | st.integers(1, paid.open_cents))
    left = [i if i is not paid else replace(i, open_cents=i.open_cents - cents) for i in position.items]
    before = decide(position, policy, on=on).contact
    after = decide(replace(position, items=tuple(i for i in left if i.open_cents)), policy, on=on).contact

    assert before is not None or after is None
    if before and after:
        assert height(policy, after.step) <= height(policy, before.step)
        assert (
            before.currency != after.currency
            or _asks(after) <= _asks(before)
            or height(policy, after.step) < height(policy, before.step)
        )


def _asks(contact: object) -> int:
    return sum(cents for _, _, cents in contact.items)  # type: ignore[attr-defined]


def applied(position: DebtorPosition, decision: Decision, on: date, state: ContactState) -> DebtorPosition:
    """The position once the contact of the decision stands in a state."""
    assert decision.contact is not None
    steps = {name: code for name, code, _ in decision.contact.items}
    channel = decision.contact.channel
    items = tuple(
        replace(i, taken=(*i.taken, StepTaken(steps[i.id], on, channel, state))) if i.id in steps else i
        for i in position.items
    )
    return replace(position, items=items, last_contact_on=on if state in LEFT else position.last_contact_on)


@many
@given(
    positions(),
    any_policy,
    today,
    st.sampled_from([ContactState.SENT, ContactState.READY, ContactState.PLANNED, ContactState.UNKNOWN]),
)
def test_after_its_own_result_no_other_contact_goes_that_day(
    position: DebtorPosition, policy: Policy, on: date, state: ContactState
) -> None:
    decision = decide(position, policy, on=on)
    if decision.contact is None:
        return

    again = decide(applied(position, decision, on, state), policy, on=on)

    assert again.contact is None
    assert not any(i.action is Action.CONTACT for i in again.items)
