"""Random histories of a debtor, day by day through `decide`, each day's result applied before the next.

Payments, disputes, promises, holds, doubts, replies, bounces, calls made late or never, days on which nothing ran, closed
days, a policy that changes on the way: what must hold of the whole story is checked at every contact.
"""

from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from recouvrement.domain.contact_states import LEFT, ContactState
from recouvrement.domain.escalation import Decision, decide
from recouvrement.domain.holidays_fr import add_working_days, is_working_day
from recouvrement.domain.ladder import Channel, Stage
from recouvrement.domain.parties import DebtorKind
from recouvrement.domain.policy import CausePath, Policy
from recouvrement.domain.position import DebtorPosition, Hold, ItemPosition, Notice, StepTaken
from tests.domain.positions import CAUSES, DAY, OTHER, PAPERS, STANDARD, policies
from tests.domain.slow_escalation import slow_decide

S = ContactState
ONE = timedelta(days=1)
EVENTS = (
    "pay",
    "pay_part",
    "dispute",
    "settle",
    "promise",
    "hold",
    "doubt",
    "no_doubt",
    "reply",
    "read",
    "bank_stops",
    "bank_reads",
    "policy",
    "cause",
    "no_cause",
    "ladder",
    "holiday",
    "waive",
)


@dataclass
class World:
    """A debtor as the ledger would show it, and what was sent."""

    position: DebtorPosition
    policy: Policy
    other_policy: Policy
    bank_stopped_on: date | None = None
    contacts: list[tuple[date, Decision]] = field(default_factory=list)
    steps: dict[str, list[tuple[date, str]]] = field(default_factory=dict)

    def change(self, name: str, **fields: object) -> None:
        items = tuple(replace(i, **fields) if i.id == name else i for i in self.position.items)  # type: ignore[arg-type]
        self.position = replace(self.position, items=tuple(i for i in items if i.open_cents))

    def item(self, name: str) -> ItemPosition | None:
        return next((i for i in self.position.items if i.id == name), None)


def happens(world: World, event: str, name: str, on: date) -> None:
    """One event, learned before the run of the day."""
    item, p = world.item(name), world.position
    if event == "policy":
        world.policy, world.other_policy = world.other_policy, world.policy
    elif event == "bank_stops":
        world.bank_stopped_on = on - ONE
    elif event == "bank_reads":
        world.bank_stopped_on = None
    elif event in {"doubt", "no_doubt"}:
        world.position = replace(p, doubts=(("line", on - ONE, 10_00),) if event == "doubt" else ())
    elif event in {"cause", "no_cause"}:
        known = CAUSES[(on.toordinal() + len(name)) % len(CAUSES)]
        world.position = replace(p, cause=known if event == "cause" else None)
    elif event == "holiday":
        world.position = replace(p, closed=p.closed | {on, on + ONE, on + 2 * ONE})
    elif event == "ladder" and item is not None:
        world.change(name, ladder=None if item.ladder else OTHER)
    elif event in {"reply", "read"}:
        world.position = replace(p, reply_unread=event == "reply")
    elif item is not None:
        fields: dict[str, dict[str, object]] = {
            "pay": {"open_cents": 0}, "pay_part": {"open_cents": item.open_cents // 2}, "dispute": {"disputed_cents": item.open_cents},
            "settle": {"disputed_cents": 0}, "promise": {"promised_until": on + 6 * ONE}, "hold": {"hold": Hold(on + 5 * ONE, "ours")},
            "waive": {"waived": item.waived | {STANDARD.steps[on.toordinal() % 5].code}},
        }  # fmt: skip
        world.change(name, **fields[event])


def lives(world: World, on: date, luck: int) -> None:
    """The outbox of yesterday moves: calls are made or given up, mail bounces now and then, notices come back."""
    for item in world.position.items:
        taken = tuple(_moved(t, on, luck) for t in item.taken)
        notice = item.notice
        if notice and notice.outcome is None and notice.posted_on and on > notice.posted_on + 4 * ONE:
            notice = replace(notice, outcome="unclaimed" if luck % 2 else "delivered")
        world.change(item.id, taken=taken, notice=notice)


def _moved(t: StepTaken, on: date, luck: int) -> StepTaken:
    if t.channel is Channel.CALL and t.state is S.READY and (on - t.on).days > luck % 9:
        return replace(t, state=S.FAILED if luck % 2 else S.SENT, on=t.on if luck % 2 else on - ONE)
    return replace(t, state=S.BOUNCED) if t.state is S.SENT and t.on == on - ONE and luck == 13 else t


def runs(world: World, on: date) -> None:
    """The run of a day: decide, check what must hold, apply."""
    feed_to = min(world.bank_stopped_on or on - ONE, on - ONE)
    world.position = replace(world.position, feed_to=feed_to)
    lately = tuple(day for day in world.position.contacted_on if (on - day).days < 30)
    world.position = replace(world.position, contacted_on=lately)
    decision = decide(world.position, world.policy, on=on)
    assert decision == decide(world.position, world.policy, on=on), "the same facts, the same decision"
    said, message, _ = slow_decide(world.position, world.policy, on)
    assert {i.item_id: (i.action, i.reason) for i in decision.items} == said, "the slow reading says otherwise"
    assert (decision.contact is None) == (message is None)
    if decision.contact:
        holds_today(world, decision, on)
        world.contacts.append((on, decision))
        applies(world, decision, on)
        assert decide(world.position, world.policy, on=on).contact is None, "a second run on the same day adds nothing"
    for name in decision.hand_off:
        item = world.item(name)
        assert item is not None
        assert item.notice is not None
        assert item.notice.posted_on is not None
        assert on >= add_working_days(item.notice.deadline_on, 3)
        world.change(name, handed_over=True)


def applies(world: World, decision: Decision, on: date) -> None:
    contact = decision.contact
    assert contact is not None
    for name, code, _ in contact.items:
        item = world.item(name)
        assert item is not None
        state = S.READY if contact.channel is Channel.CALL else S.SENT
        notice = Notice(on + 13 * ONE, on + ONE) if contact.needs_approval else item.notice
        world.change(name, taken=(*item.taken, StepTaken(code, on, contact.channel, state)), notice=notice)
        world.steps.setdefault(name, []).append((on, code))
    if contact.channel is not Channel.CALL:
        world.position = replace(world.position, last_contact_on=on, contacted_on=(*world.position.contacted_on, on))


def holds_today(world: World, decision: Decision, on: date) -> None:
    """Order, gap, one contact a day, and nothing to those who must be left alone."""
    p, contact = world.position, decision.contact
    assert contact is not None
    assert is_working_day(on, p.region)
    assert not p.reply_unread
    assert on - (p.feed_to or date.min) <= timedelta(days=8)
    assert not p.doubts or contact.step == "receipt_in_doubt"
    assert on not in p.closed
    assert p.cause != "dispute_price"
    assert not any(path.answer_first for path in [world.policy.causes.get(p.cause or "")] if path)
    assert contact.step == "notice" or len(p.contacted_on) < world.policy.contact_budget
    assert all(day != on for day, _ in world.contacts)
    for name, code, cents in contact.items:
        item = world.item(name)
        assert item is not None
        assert cents == item.open_cents > item.disputed_cents
        assert not item.handed_over
        assert not (item.promised_until and on <= item.promised_until)
        assert not (item.hold and on <= item.hold.until_on)
        assert code not in item.waived
        assert contact.step == code or not (item.ladder or world.policy).step(code).alone, "a notice stands by itself"  # type: ignore[union-attr]
        in_order(item.ladder or world.policy, item, code, on, (item.ladder or world.policy).causes.get(p.cause or ""))
    arrived = [t.on for i in p.items for t in i.taken if t.state in LEFT and t.channel is not Channel.CALL]
    again = any(t.step == code for name, code, _ in contact.items for i in p.items if i.id == name for t in i.taken)
    assert again or not arrived or (on - max(arrived)).days >= world.policy.contact_gap


def in_order(policy: Policy, item: ItemPosition, code: str, on: date, path: CausePath | None) -> None:
    """No step of the policy after a higher one, and none before its gap after the highest under it."""
    step = policy.step(code)
    assert step is not None
    if step not in policy.steps:
        return
    place = policy.steps.index(step)
    gone = [
        (policy.steps.index(s), t.on)
        for t in item.taken
        if (s := policy.step(t.step)) in policy.steps and s is not None and t.state in LEFT
    ]
    assert all(n <= place for n, _ in gone)
    under = [day for n, day in gone if n < place]
    if under and not any(s.all_channels for s in policy.steps):
        assert (on - max(day for n, day in gone if n == max(n for n, _ in gone if n < place))).days >= step.gap
    sooner = path.earlier_days if path and step.offset > 0 else 0
    assert (on - item.due_on).days >= (max(step.offset - sooner, 1) if step.offset > 0 else step.offset)
    assert path is None or code not in path.skip
    if step.stage is Stage.PREVENTION:
        assert on < item.due_on


def world_of(kind: DebtorKind, late: list[int], other: Policy, feed: date) -> World:
    items = tuple(
        ItemPosition(name, DAY - timedelta(days=n), 400_00 + n, 400_00 + n, documents=frozenset(PAPERS))
        for name, n in zip("abcd", late, strict=False)
    )
    return World(DebtorPosition("d", kind, items, channels=frozenset(Channel), feed_to=feed), STANDARD, other)


happenings = st.lists(st.tuples(st.integers(0, 79), st.sampled_from(EVENTS), st.sampled_from("abcd")), max_size=14)
kinds = st.sampled_from([DebtorKind.BUSINESS, DebtorKind.BUSINESS, DebtorKind.CONSUMER, DebtorKind.UNKNOWN])


@settings(max_examples=120, deadline=None)
@given(
    kinds,
    st.lists(st.integers(-20, 70), min_size=1, max_size=4),
    policies(),
    happenings,
    st.sets(st.integers(0, 79), max_size=40),
    st.integers(0, 14),
)
def test_every_history_keeps_the_rules(
    kind: DebtorKind, late: list[int], other: Policy, events: list[tuple[int, str, str]], missed: set[int], luck: int
) -> None:
    world = world_of(kind, late, other, DAY)
    for n in range(80):
        on = DAY + timedelta(days=n)
        lives(world, on, luck)
        for day, event, name in events:
            if day == n:
                happens(world, event, name, on)
        if n not in missed:
            runs(world, on)
    for name, steps in world.steps.items():
        assert len({day for day, _ in steps}) == len(steps), (name, steps)
    if kind is DebtorKind.UNKNOWN:
        assert all(
            c.contact is None or c.contact.step in {"courtesy", "friendly", "call", "receipt_in_doubt"}
            for _, c in world.contacts
        )


@settings(max_examples=25, deadline=None)
@given(st.sets(st.integers(0, 69), max_size=60))
def test_missed_days_change_when_but_never_in_which_order(missed: set[int]) -> None:
    """Whatever days are missed, the same steps go in the same order, each once, until the notice."""
    world = world_of(DebtorKind.BUSINESS, [-8], STANDARD, DAY)
    for n in range(150):
        if n not in missed:
            on = DAY + timedelta(days=n)
            lives(world, on, 2)
            runs(world, on)

    order = [code for _, code in world.steps["a"]]
    assert order in (
        ["courtesy", "friendly", "call", "firm", "last", "notice"],
        ["friendly", "call", "firm", "last", "notice"],
    )
    item = world.item("a")
    assert item is not None
    assert item.handed_over
