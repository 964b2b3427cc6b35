"""Every step of every shipped policy can speak, in French and in English, through each of its channels."""

from pathlib import Path

import pytest

from recouvrement.day.messages import code_of
from recouvrement.domain.ladder import Stage
from recouvrement.domain.parties import DebtorKind
from recouvrement.domain.policy import RECEIPT_IN_DOUBT, Policy
from recouvrement.letters.compose import compose
from recouvrement.letters.specimens import specimen
from recouvrement.letters.types import MessageCode
from recouvrement.policy.ladder import load_policy
from recouvrement.policy.policies import CHOICE

ROOT = Path(__file__).resolve().parents[2]
POLICIES = sorted(p for p in (ROOT / "data" / "policies").glob("*.toml") if p.name != CHOICE)


@pytest.fixture(params=POLICIES, ids=lambda path: path.stem)
def policy(request: pytest.FixtureRequest) -> Policy:
    return load_policy(request.param)


@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_step_and_channel_has_its_words(policy: Policy, language: str) -> None:
    for step in (*policy.steps, RECEIPT_IN_DOUBT):
        for channel in step.channels:
            code = code_of(step, channel)
            composed = compose(specimen(code, DebtorKind.BUSINESS, language, rich=True), templates=ROOT / "templates")
            assert composed.language.used == language, (step.code, channel)
            assert composed.subject
            assert len(composed.text) > 100


def test_a_hand_off_says_nothing_and_all_else_does(policy: Policy) -> None:
    for step in policy.steps:
        assert bool(step.channels) == (step.stage is not Stage.HAND_OFF)
        assert step.stage is Stage.HAND_OFF or step.template in set(MessageCode)


def test_a_shipped_policy_goes_beyond_amicable_only_with_care(policy: Policy) -> None:
    """Formal notices: alone, approved by a person, with papers, by registered letter, with days to pay."""
    for step in policy.steps:
        if step.stage in {Stage.FIRM, Stage.FORMAL_NOTICE, Stage.HAND_OFF}:
            assert step.needs_known_kind, step.code
        if step.stage is Stage.FORMAL_NOTICE:
            assert step.alone
            assert step.needs_approval
            assert step.documents
            assert step.days_to_pay >= 8
            assert step.days_to_pay_consumer >= 15
