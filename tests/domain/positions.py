"""Random positions and policies for the properties of `decide`."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from hypothesis import strategies as st

from recouvrement.domain.contact_states import VOID, ContactState
from recouvrement.domain.ladder import Channel, Stage
from recouvrement.domain.parties import DebtorKind
from recouvrement.domain.policy import CausePath, Policy, Step
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
    """Days around DAY, that many before it and after it."""
    return st.integers(-before, after).map(lambda n: DAY + timedelta(days=n))


def one_of(draw: st.DrawFn, chances: dict[str, st.SearchStrategy[Any]], plain: int) -> dict[str, Any]:
    """Mostly nothing, else one of these obstacles: were each drawn alone, hardly anybody could be contacted."""
    name = draw(st.sampled_from([""] * plain + sorted(chances)))
    return {name: draw(chances[name])} if name else {}


@st.composite
def policies(draw: st.DrawFn) -> Policy:
    """The standard ladder with some rungs out, other gaps, both channels needed here and there."""
    steps = [s for s in STANDARD.steps if s.code == "friendly" or draw(st.integers(0, 5))]
    changed = [
        replace(s, gap=draw(st.integers(0, 9)), all_channels=draw(st.integers(0, 4)) == 0, alone=s.alone or draw(st.integers(0, 5)) == 0)
        for s in steps
    ]  # fmt: skip
    return Policy(
        "drawn",
        "1" * 64,
        tuple(changed),
        minimum_cents={"EUR": 15_00},
        contact_gap=draw(st.integers(1, 8)),
        feed_max_age=2,
        contact_budget=draw(st.sampled_from([6, 6, 2, 1])),
        closed_periods=draw(st.sampled_from([(), (), (((4, 2), (4, 20)),), (((12, 20), (4, 1)),)])),
        causes={
            "bad_faith": CausePath(frozenset({"last"}), draw(st.integers(0, 20))),
            "administrative": CausePath(answer_first=True),
        },
    )


OTHER = Policy(
    "other", "2" * 64, tuple(
        s if s.code in {"friendly", "notice", "hand_off"} else replace(s, offset=s.offset + 1)
        for s in STANDARD.steps if s.code != "call"
    ), minimum_cents={"EUR": 100_00}, contact_gap=2,
)  # fmt: skip
CAUSES = ("oversight", "cash_trouble", "dispute_price", "administrative", "bad_faith", "bad_faith", "unknown")


taken = st.builds(
    StepTaken, st.sampled_from(CODES), days(60, 0), st.sampled_from([MAIL, LETTER, REGISTERED, CALL]),
    st.sampled_from([ContactState.SENT] * 8 + STATES),
)  # fmt: skip


@st.composite
def histories(draw: st.DrawFn) -> tuple[StepTaken, ...]:
    """The steps of an item: mostly the first few in order and long enough ago, now and then anything."""
    if draw(st.integers(0, 5)) == 0:
        return tuple(draw(st.lists(taken, max_size=4)))
    steps = STANDARD.steps[1 : 1 + draw(st.integers(0, 5))]
    ago = draw(st.integers(4, 30))
    return tuple(
        StepTaken(step.code, DAY - timedelta(days=ago + 9 * (len(steps) - n)), step.channels[0], ContactState.SENT)
        for n, step in enumerate(steps)
    )


@st.composite
def climbers(draw: st.DrawFn) -> tuple[date, tuple[StepTaken, ...]]:
    """An item that stands before a rung of the standard ladder, now and then a day too early for it: due date and steps.

    Its last step left around the gap that the next one wants; the next one may have failed through its first channel.
    """
    n = draw(st.sampled_from([1, 2, 3, 4, 5, 5, 6]))
    step = STANDARD.steps[n]
    due_on = DAY - timedelta(days=step.offset + draw(st.integers(-1, 12) | st.integers(-8, 0)))
    ago = max(draw(st.integers(step.gap - 1, step.gap + 1) | st.integers(0, 12)), 0)
    under = STANDARD.steps[1:n]
    gone = [
        StepTaken(s.code, DAY - timedelta(days=ago + 9 * (len(under) - 1 - i)), s.channels[0], ContactState.SENT)
        for i, s in enumerate(under)
    ]
    if under and under[-1].channels[1:] and draw(st.integers(0, 2)) == 0:  # through its second channel too, days apart
        again = DAY - timedelta(days=draw(st.integers(0, ago)))
        gone.append(StepTaken(under[-1].code, again, under[-1].channels[1], ContactState.SENT))
    if step.channels[1:] and draw(st.integers(0, 3)) == 0:
        lost = draw(st.sampled_from([ContactState.FAILED, ContactState.BOUNCED]))
        gone.append(StepTaken(step.code, DAY - timedelta(days=draw(st.integers(0, ago))), step.channels[0], lost))
    return due_on, tuple(gone)


notices = st.builds(
    Notice,
    days(20, 5),
    st.none() | days(30, 0),
    st.sampled_from([None, "delivered", "refused", "unclaimed", "undeliverable"]),
)
holds = st.builds(Hold, days(5, 5), st.just("ours"))


CHANGES: dict[str, st.SearchStrategy[Any]] = {  # what changes the next step or the sum, and seldom keeps it back
    "waived": st.frozensets(st.sampled_from(CODES[1:6]), min_size=1, max_size=2), "disputed_cents": st.integers(0, 200_00) | st.sampled_from([15_00, 90_00, 395_00]),
    "broken_on": days(10, 0),
}  # fmt: skip
ITEM_OBSTACLES: dict[str, st.SearchStrategy[Any]] = {
    "promised_until": days(3, 3), "hold": holds, "barred_on": days(2, 2), "documents": st.just(frozenset({"invoice"})),
    "under_way_cents": st.integers(0, 200_00),
    **{flag: st.just(True) for flag in ("policy_missing", "on_plan", "cleared_in_accounts", "not_received", "handed_over", "assigned", "insolvent")},
}  # fmt: skip
DEBTOR_OBSTACLES: dict[str, st.SearchStrategy[Any]] = {
    "kind": st.sampled_from([DebtorKind.UNKNOWN, DebtorKind.CONSUMER]), "region": st.sampled_from(["alsace_moselle", "reunion"]),
    "channels": st.sampled_from([frozenset({LETTER, REGISTERED}), frozenset({MAIL}), frozenset[Channel]()]),
    "feed_to": st.none() | days(15, 0), "doubts": days(20, 0).map(lambda booked: (("line", booked, 5_00),)), "hold": holds,
    "protected": st.just("deceased"), "pays_by_direct_debit": st.just(True), "reply_unread": st.just(True), "rates_known": st.just(False),
    "last_contact_on": days(12, 0) | st.just(DAY), "data_to_correct": st.just(True), "accounts_differ": st.just(True),
    "closed": st.just(frozenset({DAY})), "contacted_on": st.lists(days(40, 0) | st.sampled_from([DAY - timedelta(days=n) for n in (29, 30, 31)]), min_size=1, max_size=8).map(tuple),
}  # fmt: skip


@st.composite
def items(draw: st.DrawFn, name: str) -> ItemPosition:
    cents = draw(st.sampled_from([100_00, 400_00, 30_00, 10_00, -40_00]) | st.integers(1, 900_00))
    due_on, gone = draw(climbers() | st.tuples(days(120, -30) | days(30, 10), histories()))
    plain: dict[str, Any] = {
        "documents": frozenset(PAPERS),
        "notice": draw(st.none() | notices),
        "taken": gone,
        "ladder": draw(st.sampled_from([None, None, None, OTHER])),
    }
    currency = draw(st.sampled_from(["EUR", "EUR", "EUR", "USD"]))
    return ItemPosition(
        name, due_on, cents, cents, currency, **(plain | one_of(draw, CHANGES, 6) | one_of(draw, ITEM_OBSTACLES, 30))
    )


@st.composite
def positions(draw: st.DrawFn) -> DebtorPosition:
    """A debtor with up to five items; most are plain, each obstacle comes up now and then."""
    found = tuple(draw(items(name)) for name in "abcde"[: draw(st.integers(1, 5))])
    credit = draw(st.sampled_from([(), (), (), (("EUR", 60_00),)]))
    gone = {t.on for i in found for t in i.taken if t.state is not ContactState.FAILED and t.channel is not CALL}
    remembered = draw(st.booleans()) and bool(gone)  # else its items alone tell what was done
    plain: dict[str, Any] = {
        "kind": DebtorKind.BUSINESS,
        "channels": frozenset(Channel),
        "feed_to": DAY,
        "credit_cents": credit,
        "last_contact_on": draw(st.sampled_from([max(gone), max(gone), DAY])) if remembered else None,
        "contacted_on": tuple(sorted(gone)) if remembered else (),
        "cause": draw(st.sampled_from([None, None, None, None, *CAUSES])),
    }
    return DebtorPosition("d", items=found, **(plain | one_of(draw, DEBTOR_OBSTACLES, 24)))


today = st.sampled_from([DAY] * 9 + [DAY + timedelta(days=n) for n in range(-2, 6)])
