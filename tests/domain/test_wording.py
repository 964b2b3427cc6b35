"""Wording: what every letter must say, and what none may say."""

import shutil

import pytest

from recouvrement.domain.parties import DebtorKind
from recouvrement.domain.wording import SenderKind, lint_source, lint_text
from recouvrement.policy.law import DEFAULT_DATA, load_law
from recouvrement.policy.law_fields import LawDataError
from recouvrement.policy.law_wording import lint_templates, load_wording, template_source

RULES = load_law().wording
TEMPLATES = DEFAULT_DATA.parent / "templates"


def found(text, step="firm_reminder", language="fr", kind=DebtorKind.BUSINESS, sender=SenderKind.OWN):
    return {one.rule for one in lint_text(text, RULES, step=step, language=language, kind=kind, sender=sender)}


def forbidden(text, **more):
    return {rule for rule in found(text, **more) if any(rule == ban.key for ban in RULES.forbidden)}


@pytest.mark.parametrize(
    "text",
    [
        "Nous saisirons un huissier à vos frais.",
        "Les frais de dossier de 25 € s'ajoutent à la somme due.",
        "Les frais de recouvrement seront à votre charge.",
        "Des frais de\nrelance de 15 € vous sont comptés.",
        "Les frais d\u2019avocat vous seront facturés.",
        "Ces frais vous seront facturés.",
    ],
)
def test_costs_without_a_title_never_fall_on_the_debtor(text):
    assert "costs_on_debtor_fr" in forbidden(text)


def test_the_flat_fee_and_the_reproduced_article_are_allowed():
    assert not forbidden("une indemnité forfaitaire pour frais de recouvrement de 40 € par facture")
    assert not forbidden(
        "Les frais de recouvrement entrepris sans titre exécutoire restent à la charge du créancier (L. 111-8)."
    )


@pytest.mark.parametrize(
    "text",
    [
        "COMMANDEMENT DE PAYER",
        "Sommation de payer",
        "Notre huissier passera demain.",
        "Acte de signification",
        "Dernier avis avant saisie",
        "RÉPUBLIQUE FRANÇAISE",
        "Le présent procès-verbal",
    ],
)
def test_a_letter_never_imitates_an_act_of_a_court_or_bailiff(text):
    assert "bailiff_act_fr" in forbidden(text)


@pytest.mark.parametrize(
    "text",
    [
        "Nous saisirons vos comptes bancaires.",
        "Une saisie-attribution aura lieu.",
        "Vous serez inscrit au fichier des mauvais payeurs.",
        "Nous déposerons plainte.",
        "Nous informerons votre employeur.",
        "Vous risquez la prison.",
    ],
)
def test_no_threat_that_the_law_does_not_open(text):
    assert "threat_not_open_fr" in forbidden(text)


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("You will pay at your own expense.", "costs_on_debtor_en"),
        ("Collection fees of €15 apply.", "costs_on_debtor_en"),
        ("Our bailiff will call.", "bailiff_act_en"),
        ("Your goods will be seized.", "threat_not_open_en"),
        ("The court will order you to pay.", "outcome_promised_en"),
    ],
)
def test_the_same_in_english(text, rule):
    assert rule in forbidden(text, language="en")


@pytest.mark.parametrize(
    ("language", "text"), [("de", "auf Ihre Kosten"), ("es", "a su costa"), ("it", "a vostre spese")]
)
def test_the_amicable_languages_have_their_ban_on_costs(language, text):
    assert "costs_on_debtor_de_es_it" in forbidden(text, language=language, step="friendly_reminder")


def test_a_courteous_message_announces_nothing():
    assert "too_early_fr" in forbidden("Sans réponse, une mise en demeure suivra.", step="friendly_reminder")
    assert not forbidden("Sans réponse, une mise en demeure suivra.", step="last_reminder")


def test_an_amount_that_ends_in_40_is_no_flat_fee():
    for amount in ("1 842,40 €", "12 040 €", "840 €", "40,00 €"):
        assert not forbidden(f"Le total est de {amount}.", kind=DebtorKind.CONSUMER, step="friendly_reminder"), amount


@pytest.mark.parametrize("kind", [DebtorKind.CONSUMER, DebtorKind.UNKNOWN])
@pytest.mark.parametrize("text", ["une indemnité de 40 €", "une indemnité de 40\u00a0€", "article L. 441-10, II"])
def test_consumers_and_unknown_debtors_are_never_told_of_the_40_euros(kind, text):
    assert "consumer_penalties" in forbidden(text, kind=kind)
    assert "consumer_penalties" not in forbidden(text)


def test_a_public_body_is_threatened_with_no_seizure():
    assert "public_seizure" in forbidden("une injonction de payer", kind=DebtorKind.PUBLIC)


def test_a_debtor_of_unknown_kind_gets_no_formal_notice():
    text = "nous vous mettons en demeure de payer"
    assert "unknown_kind_notice" in forbidden(text, step="mise_en_demeure", kind=DebtorKind.UNKNOWN)


def test_a_deadline_in_days_is_no_deadline():
    assert "registered_deadline_in_days" in forbidden("à payer sous huit jours", step="mise_en_demeure")


def test_an_empty_formal_notice_lacks_every_mention():
    missing = found("Bonjour", step="mise_en_demeure")
    assert {
        "notice_words_fr",
        "notice_deadline",
        "notice_consequence_fr",
        "means_of_payment",
        "penalties_stated",
    } <= missing
    assert "consumer_legal_interest_stated" in found("Bonjour", step="mise_en_demeure", kind=DebtorKind.CONSUMER)


def test_an_agency_letter_needs_its_own_mentions():
    letter = "Recouvrement amiable pour le compte de X. Article L. 111-8."
    rules = {one.rule for one in lint_source("", RULES, step="firm_reminder", language="fr", sender=SenderKind.AGENCY)}
    assert {"agency_activity", "agency_creditor", "agency_amounts", "agency_l111_8"} <= rules
    assert "agency_activity" not in found(letter, sender=SenderKind.AGENCY)
    assert "agency_activity" in found("Bonjour", sender=SenderKind.AGENCY)


def test_a_finding_says_where_what_why_and_by_which_article():
    (one,) = [f for f in lint_text("à vos frais", RULES, step="call", language="fr", kind=DebtorKind.BUSINESS)]
    assert str(one).startswith("fr/call to business: costs_on_debtor_fr: forbidden words “à vos frais”; ")
    assert str(one).endswith("(CPCE L111-8)")


def test_the_shipped_templates_have_nothing_against_them():
    assert lint_templates(TEMPLATES, RULES) == ()
    assert len(list(TEMPLATES.glob("*/*.md.j2"))) >= 10


@pytest.fixture
def copy(tmp_path):
    shutil.copytree(TEMPLATES, tmp_path / "templates")
    return tmp_path / "templates"


@pytest.mark.parametrize(
    ("name", "old", "rule"),
    [
        ("fr/mise_en_demeure.md.j2", "{{ deadline }}", "notice_deadline"),
        ("fr/mise_en_demeure.md.j2", "@penalties", "notice_penalty_detail"),
        ("fr/mise_en_demeure.md.j2", "@payment", "means_of_payment"),
        ("fr/firm_reminder.md.j2", "@lines", "invoices_listed"),
        ("fr/firm_reminder.md.j2", '{% include "_penalties.md.j2" %}', "penalties_announced"),
        ("fr/friendly_reminder.md.j2", '{% include "_feed.md.j2" %}', "feed_day"),
        ("en/friendly_reminder.md.j2", '{% include "_paid_or_contested.md.j2" %}', "already_paid_en"),
        ("fr/_privacy.md.j2", "natural_person", "privacy_note"),
    ],
)
def test_a_template_that_loses_a_mention_is_found(copy, name, old, rule):
    text = (copy / name).read_text(encoding="utf-8")
    assert old in text
    (copy / name).write_text(text.replace(old, "…"), encoding="utf-8")
    assert rule in {one.rule for one in lint_templates(copy, RULES)}


def test_a_forbidden_word_in_an_include_or_a_branch_is_found(copy):
    with (copy / "fr" / "_feed.md.j2").open("a", encoding="utf-8") as file:
        file.write("{% if never %}Les frais de dossier sont **à votre charge**.{% endif %}\n")
    findings = lint_templates(copy, RULES, steps=["courtesy"])
    assert {(one.step, one.rule) for one in findings} == {("courtesy", "costs_on_debtor_fr")}


def test_includes_that_are_missing_or_endless_do_not_stop_the_linter(tmp_path):
    (tmp_path / "a.md.j2").write_text("{% include 'a.md.j2' %} {% include 'b.md.j2' %}", encoding="utf-8")
    assert "'b.md.j2' is missing" in template_source(tmp_path, "a.md.j2")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("patterns = ['à vos", "patterns = ['(à vos", "patterns:"),
        ("source_any = ['@penalties']", "", "neither source_any nor text_any"),
        ('reason = "the total asked for"', "", "reason is missing"),
    ],
)
def test_a_rule_that_cannot_be_used_is_refused(tmp_path, old, new, said):
    text = (DEFAULT_DATA / "law" / "wording.toml").read_text(encoding="utf-8")
    assert old in text
    (tmp_path / "wording.toml").write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(LawDataError) as caught:
        load_wording(tmp_path)
    assert any(said in problem for problem in caught.value.problems), caught.value.problems
