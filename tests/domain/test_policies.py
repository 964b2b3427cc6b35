"""Policies: each shipped one is exact in law, what extends another is validated whole, and rules choose in order."""

from datetime import date
from pathlib import Path

import pytest

from recouvrement.cli.policy import calendar
from recouvrement.domain.causes import Cause
from recouvrement.domain.ladder import Channel, Stage
from recouvrement.domain.parties import DebtorKind
from recouvrement.domain.policy import Policy
from recouvrement.domain.policy_choice import Traits, chosen
from recouvrement.domain.routes import facts_of_kind, route_options
from recouvrement.domain.sending_days import is_open
from recouvrement.policy.ladder import PolicyRefused, load_policy, policy_kept
from recouvrement.policy.law import load_law
from recouvrement.policy.policies import Policies, load_policies

DATA = Path(__file__).resolve().parents[2] / "data"
SHIPPED = load_policies(DATA / "policies", "standard")
HEAD = 'name = "mine"\n'
STEP = '[[step]]\ncode = "friendly_reminder"\nstage = "amicable"\noffset = 3\nchannels = ["email"]\n'
NOTICE = (
    '[[step]]\ncode = "mise_en_demeure"\nstage = "formal_notice"\noffset = 45\nchannels = ["registered_letter"]\n'
    "needs_approval = true\nalone = true\ndays_to_pay = 8\n"
)


def written(folder: Path, text: str, name: str = "mine") -> Path:
    path = folder / f"{name}.toml"
    path.write_text(text, encoding="utf-8")
    return path


class TestShipped:
    @pytest.mark.parametrize("name", sorted(SHIPPED.by_name))
    def test_there_is_one_for_each_kind_of_customer_and_it_leads_somewhere(self, name: str) -> None:
        policy = SHIPPED.by_name[name]
        stages = [step.stage for step in policy.steps]
        assert Stage.AMICABLE in stages
        assert (Stage.HAND_OFF in stages) == (Stage.FORMAL_NOTICE in stages)
        assert policy.contact_budget <= 6

    def test_the_eight_are_there(self) -> None:
        assert set(SHIPPED.by_name) >= {
            "standard", "key_account", "small_amounts", "public_body", "consumer", "first_time", "serial_late", "promise_or_plan",
        }  # fmt: skip

    def test_a_consumer_owes_no_professional_penalty_and_has_fifteen_days(self) -> None:
        """C. com. L441-10 speaks of professionals; C. civ. 1231-6 from the formal notice on."""
        policy = SHIPPED.by_name["consumer"]
        assert not any(step.claims_penalties for step in policy.steps)
        notice = next(step for step in policy.steps if step.stage is Stage.FORMAL_NOTICE)
        assert (notice.days_to_pay, notice.days_to_pay_consumer) == (15, 15)

    def test_a_public_body_is_told_of_interest_and_no_bailiff_or_agency_is_open_against_it(self) -> None:
        policy = SHIPPED.by_name["public_body"]
        assert all(step.claims_penalties for step in policy.steps if step.stage in {Stage.FIRM, Stage.FORMAL_NOTICE})
        options = route_options(facts_of_kind(DebtorKind.PUBLIC), load_law(DATA).routes, date(2026, 11, 20))
        offered = {option.route.key for option in options.options}
        assert "mandatement_d_office" in offered
        assert not [
            key for key in offered if "agen" in key or "commissaire" in key or "injonction" in key or "saisie" in key
        ]

    def test_whoever_pays_late_again_and_again_meets_the_notice_sooner_and_a_key_account_later(self) -> None:
        notice = {
            name: step.offset
            for name, policy in SHIPPED.by_name.items()
            for step in policy.steps
            if step.stage is Stage.FORMAL_NOTICE
        }
        assert notice["serial_late"] < notice["standard"] < notice["key_account"]
        assert "small_amounts" not in notice


class TestChoice:
    def test_the_first_rule_that_fits_chooses(self) -> None:
        def of(kind: DebtorKind, **more: int) -> str:
            return chosen(SHIPPED.rules, Traits(kind, {"EUR": 1_000_00}, **more), "standard")

        assert of(DebtorKind.CONSUMER, paid_late=9) == "consumer"
        assert of(DebtorKind.PUBLIC) == "public_body"
        assert of(DebtorKind.BUSINESS, paid_late=3) == "serial_late"
        assert of(DebtorKind.BUSINESS, paid_late=2) == "standard"
        assert of(DebtorKind.UNKNOWN, paid_late=9) == "standard"

    @pytest.mark.parametrize(
        ("rules", "complaint"),
        [
            ('[[rule]]\npolicy = "mine"\n', "no condition"),
            ('[[rule]]\npolicy = "yours"\nmost_invoices = 1\n', "no policy yours"),
            ('[[rule]]\npolicy = "mine"\nkinds = ["martian"]\n', "kinds"),
            ('[[rule]]\npolicy = "mine"\nbelow = { EUR = "many" }\n', "choice.toml"),
            ('[rules]\npolicy = "mine"\n', "rules"),
            ("[[rule]\n", "choice.toml"),
        ],
    )
    def test_rules_written_wrongly_are_refused_with_their_file(
        self, tmp_path: Path, rules: str, complaint: str
    ) -> None:
        written(tmp_path, HEAD + STEP)
        written(tmp_path, rules, "choice")
        with pytest.raises(PolicyRefused, match=complaint) as refused:
            load_policies(tmp_path, "mine")
        assert "choice.toml" in str(refused.value)

    def test_a_folder_without_rules_or_the_wanted_policy(self, tmp_path: Path) -> None:
        written(tmp_path, HEAD + STEP)
        assert load_policies(tmp_path, "mine").rules == ()
        with pytest.raises(PolicyRefused, match="yours"):
            load_policies(tmp_path, "yours")

    def test_the_manifest_names_every_version_and_changes_with_any_of_them(self, tmp_path: Path) -> None:
        def loaded() -> Policies:
            return load_policies(tmp_path, "mine")

        written(tmp_path, HEAD + STEP)
        written(tmp_path, 'name = "other"\nextends = "mine"\n', "other")
        before = loaded()
        written(tmp_path, HEAD + "contact_gap = 9\n" + STEP)
        after = loaded()
        assert before.sha256 != after.sha256
        assert before.by_name["other"].sha256 != after.by_name["other"].sha256, "what it extends is part of a version"
        assert all(policy.sha256 in after.texts for policy in after.by_name.values())
        assert after.by_name["other"].contact_gap == 9


class TestExtending:
    def test_steps_are_changed_by_code_left_out_and_added_in_their_place(self, tmp_path: Path) -> None:
        written(tmp_path, HEAD + STEP + NOTICE)
        child = (
            'name = "child"\nextends = "mine"\nwithout = ["mise_en_demeure"]\n'
            '[[step]]\ncode = "friendly_reminder"\noffset = 5\n'
            '[[step]]\ncode = "courtesy"\nstage = "prevention"\noffset = -7\nchannels = ["email"]\n'
        )
        policy = load_policy(written(tmp_path, child, "child"))
        assert [(step.code, step.offset) for step in policy.steps] == [("courtesy", -7), ("friendly_reminder", 5)]
        assert policy.steps[1].channels == (Channel.EMAIL,)

    @pytest.mark.parametrize(
        ("text", "complaint"),
        [
            ('extends = "absent"\n', "absent.toml"),
            ('extends = "../mine"\n', "not a policy beside it"),
            ('extends = "child"\n', "not a policy beside it"),
            ('extends = "mine"\nwithout = ["courtesy"]\n', "no step courtesy"),
            ('extends = "mine"\nwithout = "call"\n', "list of step codes"),
            ('extends = "mine"\n[[step]]\noffset = 2\n', "every .* has a code"),
            ('extends = "mine"\n[[step]]\ncode = "call"\noffset = 9\n', "stage"),
            ('extends = "mine"\n[[step]]\ncode = "mise_en_demeure"\noffset = 2\n', "stage is lower"),
            ('without = ["call"]\n' + STEP, "nothing is extended"),
            ('extends = "mine"\n[[step]]\ncode = "mise_en_demeure"\nneeds_approval = false\n', "waits for a person"),
        ],
    )
    def test_the_whole_is_validated_after_merging(self, tmp_path: Path, text: str, complaint: str) -> None:
        written(tmp_path, HEAD + STEP + NOTICE)
        with pytest.raises(PolicyRefused, match=complaint):
            load_policy(written(tmp_path, 'name = "child"\n' + text, "child"))


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ('sending_hours = "18:00-08:00"', "sending_hours"),
        ('sending_hours = "8-18"', "sending_hours"),
        ('sending_hours = "08:00-25:00"', "hour"),
        ('closed_periods = ["08-01"]', "closed_periods"),
        ('closed_periods = ["02-30..03-01"]', "closed_periods"),
        ('closed_periods = ["01-01..12-31"]', "no day of the year"),
        ("sending_weekdays = []", "sending_weekdays"),
        ("contact_budget = 0", "contact_budget"),
        ('[cause.weather]\nskip = ["friendly_reminder"]', "cause"),
        ('[cause.bad_faith]\nskip = ["mise_en_demeure"]', "never skipped"),
        ('[cause.bad_faith]\nskip = ["last_reminder"]', "no step last_reminder"),
        ('[minimum]\nEUR = "fifteen"', "mine.toml"),
    ],
)
def test_a_policy_written_wrongly_is_refused_with_every_fault(tmp_path: Path, line: str, complaint: str) -> None:
    with pytest.raises(PolicyRefused, match=complaint):
        load_policy(written(tmp_path, f"{HEAD}{line}\n{STEP}{NOTICE}"))


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ("needs_approval = true", "waits for a person"),
        ("alone = true", "alone"),
        ("days_to_pay = 8", "days to pay"),
        ('channels = ["registered_letter"]', "registered letter"),
    ],
)
def test_a_formal_notice_lacks_nothing(tmp_path: Path, change: str, complaint: str) -> None:
    lacking = NOTICE.replace(change, 'channels = ["email"]' if "channels" in change else "")
    with pytest.raises(PolicyRefused, match=complaint):
        load_policy(written(tmp_path, HEAD + STEP + lacking))


def test_a_gap_that_does_not_fit_between_two_offsets_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PolicyRefused, match="gap"):
        load_policy(written(tmp_path, HEAD + STEP + NOTICE + "gap = 60\n"))


@pytest.mark.parametrize("name", sorted(SHIPPED.by_name))
def test_the_text_that_the_ledger_keeps_is_the_whole_policy(name: str) -> None:
    """What a policy extends is in it: a contact of an older version is held to its own hours."""
    policy = SHIPPED.by_name[name]
    assert policy_kept(SHIPPED.texts[policy.sha256]) == policy


@pytest.mark.parametrize(
    "text", [b"\xff", b"name", b'name = "a"\n# ---- extended by: b.toml\nname = "b"\n', b'name = "a"\nnovelty = 1\n']
)
def test_a_kept_text_of_another_release_is_refused_by_name(text: bytes) -> None:
    with pytest.raises(PolicyRefused):
        policy_kept(text)


class TestCalendar:
    def test_a_pause_in_august_moves_steps_and_loses_none(self) -> None:
        paused = Policy("p", "", SHIPPED.default.steps, closed_periods=(((8, 1), (8, 31)),))
        days = calendar(paused, date(2026, 7, 15))
        assert [step.code for step, _ in days] == [step.code for step in paused.steps]
        assert all(on.month != 8 for _, on in days)
        assert [on for _, on in days] == sorted({on for _, on in days}), "in order, never two on a day"

    def test_a_day_closed_abroad_is_closed_and_so_is_one_of_ours(self) -> None:
        policy, unity = Policy("p", "", ()), frozenset({date(2025, 10, 3)})
        assert not is_open(date(2025, 10, 3), policy, "metropole", unity)
        assert is_open(date(2025, 10, 3), policy, "metropole")
        assert not is_open(date(2025, 7, 14), policy, "metropole", unity)


def test_every_cause_has_a_code_that_is_kept_for_ever() -> None:
    assert {c.value for c in Cause} >= {
        "oversight", "cash_trouble", "dispute_quality", "dispute_quantity", "dispute_price", "dispute_delivery",
        "administrative", "bad_faith", "unknown",
    }  # fmt: skip


def test_a_policy_may_send_on_saturdays(tmp_path: Path) -> None:
    """What `policy check` accepts is kept: a day that the policy names is a day of sending, holidays apart."""
    saturdays = load_policy(written(tmp_path, HEAD + 'sending_weekdays = ["fri", "sat"]\n' + STEP))

    november = [date(2026, 10, 31), date(2026, 11, 6), date(2026, 11, 7), date(2026, 11, 8), date(2026, 11, 9)]
    assert [is_open(day, saturdays, "metropole") for day in november] == [True, True, True, False, False]
    assert not is_open(date(2026, 8, 15), saturdays, "metropole"), "a Saturday and a holiday"


class TestFaults:
    """What a manager reads when a policy is refused: the step by its name, and what would be right."""

    @pytest.mark.parametrize(
        ("words", "complaint"),
        [
            (STEP.replace("offset = 3", 'offset = "three"'), "friendly_reminder: offset: a whole number is expected"),
            (STEP.replace("offset = 3", "offset = 9999"), "friendly_reminder: offset: at most 3650, not 9999"),
            (STEP.replace('["email"]', '"email"'), "friendly_reminder: channels: a list is expected"),
            (STEP.replace('["email"]', '["pigeon"]'), "friendly_reminder: channels: 'pigeon' is not one of 'email'"),
            (STEP.replace('"amicable"', '"disputed"'), "'disputed' is not one of prevention, amicable, firm"),
            (STEP.replace("offset", "ofset"), "there is no such setting; did you mean offset?"),
            ("contact_gaps = 5\n" + STEP, "contact_gaps: there is no such setting; did you mean contact_gap?"),
            ("contact_budget = 0\n" + STEP, "contact_budget: at least 1, not 0"),
            ('after_principal_paid = "perhaps"\n' + STEP, "'perhaps' is not one of waive, keep, claim"),
            ('[minimum]\nEURO = "15.00"\n' + STEP, "a currency is three capital letters, like EUR"),
            ('[minimum]\nEUR = "-15.00"\n' + STEP, "minimum.EUR: write an amount like 50.00"),
            ("[minimum]\nEUR = 15.00\n" + STEP, "a text between quotes is expected"),
            (STEP + 'minimum = "-1"\n', "friendly_reminder: minimum: write an amount like 50.00"),
            (STEP + 'documents = ["horoscope"]\n', "friendly_reminder: documents: 'horoscope' is not one of 'commitment'"),
            (STEP.replace("[[step]]", "[step]"), "tables that begin with [[step]] are expected"),
            ("", "step: is missing"),
            (STEP + NOTICE + '[[step]]\ncode = "hand_off"\nstage = "hand_off"\noffset = 60\nchannels = ["email"]\n', "hand_off: a person hands a case off"),
            (STEP + '[[step]]\ncode = "hand_off"\nstage = "hand_off"\noffset = 60\nchannels = []\n', "a hand-off comes after a formal notice"),
            ("a = " + "[" * 5000, "recursion"),
        ],
    )  # fmt: skip
    def test_each_is_told_in_plain_words(self, tmp_path: Path, words: str, complaint: str) -> None:
        with pytest.raises(PolicyRefused) as refused:
            load_policy(written(tmp_path, HEAD + words))

        told = str(refused.value)
        assert complaint in told
        assert not [jargon for jargon in ("Value error", "Input should", "Field required", "tuple") if jargon in told]

    def test_a_file_in_another_encoding(self, tmp_path: Path) -> None:
        written(tmp_path, "").write_bytes("# modèle\n".encode("latin-1"))

        with pytest.raises(PolicyRefused, match="save it as UTF-8"):
            load_policy(tmp_path / "mine.toml")

    def test_a_rule_is_told_by_its_place(self, tmp_path: Path) -> None:
        written(tmp_path, HEAD + STEP)
        written(
            tmp_path,
            '[[rule]]\npolicy = "mine"\nmost_invoices = 1\n[[rule]]\npolicy = "mine"\nleast_paid_late = "two"\n',
            "choice",
        )

        with pytest.raises(PolicyRefused, match="rule 2: least_paid_late: a whole number is expected"):
            load_policies(tmp_path, "mine")
