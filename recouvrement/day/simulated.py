"""One policy played over past days: what it would have done feeds its own later decisions, the rest stays as it was."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from recouvrement.day.messages import deadline_of
from recouvrement.domain.contact_states import ContactState
from recouvrement.domain.escalation import Decision, PlannedContact, decide
from recouvrement.domain.ladder import Stage
from recouvrement.domain.policy import Policy
from recouvrement.domain.position import DebtorPosition, ItemPosition, Notice, StepTaken
from recouvrement.reports.simulated import Played


@dataclass(frozen=True, slots=True)
class Before:
    """Where debtors stood on the eve of the first day: last contact, notices that had left, items handed over."""

    start: date
    last: Mapping[str, date]
    notices: Mapping[str, Notice]
    handed: frozenset[str]


@dataclass(slots=True)
class Side:
    """One policy with what it has done so far in the simulation."""

    before: Before
    policy_for: Callable[[Policy], Policy | None]  # from the debtor's own policy; None: it climbs as it does
    played: Played = field(default_factory=Played)
    _steps: dict[tuple[str, int], tuple[StepTaken, ...]] = field(default_factory=dict)
    _notices: dict[str, Notice] = field(default_factory=dict)
    _handed: set[str] = field(default_factory=set)
    _days: dict[str, tuple[date, ...]] = field(default_factory=dict)

    def play(self, real: DebtorPosition, own: Policy, *, on: date) -> Decision:
        """Decide for a debtor as this side sees it, and remember what it did."""
        other = self.policy_for(own)
        decision = decide(self._seen(real, keep_ladders=other is None), other or own, on=on)
        if decision.contact is not None:
            self._contact(real, decision.contact, other or own, on)
        for item_id in decision.hand_off:
            self._handed.add(item_id)
        if decision.hand_off:
            self.played.hand_off(real.id, on)
        return decision

    def _seen(self, real: DebtorPosition, *, keep_ladders: bool) -> DebtorPosition:
        """The position of that day with this side's own contacts instead of the real ones since the start."""
        days = self._days.get(real.id, ())
        earlier = tuple(day for day in real.contacted_on if day < self.before.start)
        last = days[-1] if days else self.before.last.get(real.id)
        items = tuple(self._item(item, keep_ladder=keep_ladders) for item in real.items)
        return replace(real, items=items, last_contact_on=last, contacted_on=(*earlier, *days))

    def _item(self, item: ItemPosition, *, keep_ladder: bool) -> ItemPosition:
        taken = tuple(t for t in item.taken if t.on < self.before.start) + self._steps.get((item.id, item.cycle), ())
        handed = item.id in self._handed or (item.handed_over and item.id in self.before.handed)
        notice = self._notices.get(item.id) or self._earlier_notice(item)
        if taken == item.taken and handed == item.handed_over and notice == item.notice and keep_ladder:
            return item
        ladder, missing = (item.ladder, item.policy_missing) if keep_ladder else (None, False)
        return replace(item, taken=taken, handed_over=handed, notice=notice, ladder=ladder, policy_missing=missing)

    def _earlier_notice(self, item: ItemPosition) -> Notice | None:
        """A notice that left before the start, with what has been learned of its fate since."""
        held = self.before.notices.get(item.id)
        same = held is not None and item.notice is not None and item.notice.deadline_on == held.deadline_on
        return item.notice if same else held

    def _contact(self, real: DebtorPosition, contact: PlannedContact, policy: Policy, on: date) -> None:
        self._days[real.id] = (*self._days.get(real.id, ()), on)
        cycles = {item.id: item.cycle for item in real.items}
        for item_id, code, _ in contact.items:
            key, taken = (item_id, cycles[item_id]), StepTaken(code, on, contact.channel, ContactState.SENT)
            self._steps[key] = (*self._steps.get(key, ()), taken)
        step = contact.ladder.step(contact.step)
        if step is not None and step.stage is Stage.FORMAL_NOTICE:
            deadline = deadline_of(step, policy, real.kind, on=on)
            for item_id, _, _ in contact.items:
                self._notices[item_id] = Notice(deadline or on, on, "delivered")
        stage = step.stage.value if step else Stage.AMICABLE.value
        self.played.contact(
            real.id, on, contact.step, stage, contact.channel.value, needs_approval=contact.needs_approval
        )
