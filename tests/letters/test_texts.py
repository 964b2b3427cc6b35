"""The texts: every step, kind and language says what it must, in words that were read once and kept."""

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from recouvrement.domain.ladder import Channel, StepCode
from recouvrement.domain.parties import DebtorKind
from recouvrement.letters import MessageCode, TextFault, compose, language_for, review, specimen
from recouvrement.letters.types import RateBasis
from recouvrement.typesetting import TEMPLATES

AMICABLE = (MessageCode.COURTESY, MessageCode.FRIENDLY_REMINDER, MessageCode.CALL_IN_WRITING)
WRITTEN = [(code, language) for language in ("fr", "en") for code in MessageCode] + [
    (code, language) for language in ("de", "es", "it") for code in AMICABLE
]
FIRM = (MessageCode.FIRM_REMINDER, MessageCode.LAST_REMINDER, MessageCode.MISE_EN_DEMEURE)
LADDER = [code for code in MessageCode if code not in (MessageCode.MISE_EN_DEMEURE, MessageCode.WITHDRAWAL)]


def said(code: MessageCode, kind: DebtorKind = DebtorKind.BUSINESS, language: str = "fr", *, rich: bool = True) -> str:
    return compose(specimen(code, kind, language, rich=rich)).text.replace("\u00a0", " ")


@pytest.mark.parametrize(("code", "language"), WRITTEN)
def test_text_and_html_are_as_they_were_read(
    code: MessageCode, language: str, golden: Callable[[str, str], None]
) -> None:
    composed = compose(specimen(code, language=language))
    assert composed.language.used == language
    golden(f"{language}/{code}.txt", f"{composed.subject}\n\n{composed.text}")
    golden(f"{language}/{code}.html", composed.html)


# No formal notice goes to a debtor of unknown kind: preflight refuses it.
BY_KIND = [
    (code, kind)
    for code in FIRM
    for kind in (DebtorKind.CONSUMER, DebtorKind.PUBLIC, DebtorKind.UNKNOWN)
    if (code, kind) != (MessageCode.MISE_EN_DEMEURE, DebtorKind.UNKNOWN)
]


@pytest.mark.parametrize(("code", "kind"), BY_KIND)
def test_wording_by_kind_is_as_it_was_read(
    code: MessageCode, kind: DebtorKind, golden: Callable[[str, str], None]
) -> None:
    text = compose(specimen(code, kind, rich=False)).text

    golden(f"fr/{code}.{kind}.txt", text)
    assert kind is not DebtorKind.CONSUMER or "40,00" not in text


@pytest.mark.parametrize("language", ["fr", "en"])
def test_a_statement_beside_a_reminder_does_not_say_that_it_is_none(
    language: str, golden: Callable[[str, str], None]
) -> None:
    reminder = specimen(MessageCode.FIRM_REMINDER, DebtorKind.BUSINESS, language)
    composed = compose(replace(reminder, code=MessageCode.STATEMENT, accompanies=reminder.code))
    alone = compose(replace(reminder, code=MessageCode.STATEMENT)).text

    golden(f"{language}/statement.firm_reminder.business.txt", f"{composed.subject}\n\n{composed.text}")
    denial = {"fr": "pas une relance", "en": "not a reminder"}[language]
    assert denial in alone
    assert denial not in composed.text


def test_only_a_statement_goes_with_another_message() -> None:
    with pytest.raises(ValueError, match="statement alone"):
        replace(specimen(MessageCode.FIRM_REMINDER), accompanies=MessageCode.MISE_EN_DEMEURE)


def test_review_of_every_text_kind_and_language_finds_nothing() -> None:
    assert review() == ()


@pytest.mark.parametrize("language", ["fr", "en", "de", "es", "it"])
def test_language_is_the_debtors(language: str) -> None:
    """PicPeak#760: the language came from the wrong record."""
    message = specimen(MessageCode.FRIENDLY_REMINDER, language=language)
    assert compose(message).language.used == language
    assert f'lang="{language}"' in compose(message).html


def test_language_without_that_text_falls_back_to_french_and_says_why() -> None:
    choice = compose(specimen(MessageCode.MISE_EN_DEMEURE, language="it")).language
    assert (choice.used, choice.asked) == ("fr", "it")
    assert choice.reason == "mise_en_demeure is not written in it"
    assert language_for(MessageCode.COURTESY, "../en").used == "fr"
    assert language_for(MessageCode.COURTESY, "en-GB").used == "en"
    assert language_for(MessageCode.COURTESY, "").used == "fr"


@pytest.mark.parametrize("language", ["fr", "en"])
def test_subject_is_constant_in_a_thread_and_the_formal_notice_starts_another(language: str) -> None:
    messages = [specimen(code, language=language, rich=rich) for code in LADDER for rich in (True, False)]
    subjects = {compose(message).subject for message in messages if message.code is not MessageCode.CALL}
    assert len(subjects) == 1
    assert compose(specimen(MessageCode.MISE_EN_DEMEURE, language=language)).subject not in subjects


def test_stage_is_the_first_line() -> None:
    composed = compose(specimen(MessageCode.FIRM_REMINDER))
    assert composed.text.splitlines()[0] == composed.stage
    assert composed.stage.startswith("Relance")


@pytest.mark.parametrize("code", FIRM)
def test_professional_is_told_rate_basis_and_fee(code: MessageCode) -> None:
    text = said(code)
    assert "12,40 %" in text
    assert "majoré de dix points" in text
    assert "40 € par facture" in text
    assert "L. 441-10" in text and "D. 441-5" in text


@pytest.mark.parametrize("code", FIRM)
def test_public_body_is_told_its_own_rate_and_fee(code: MessageCode) -> None:
    text = said(code, DebtorKind.PUBLIC)
    assert "majoré de huit points" in text
    assert "40 € par facture" in text
    assert "R. 2192-31" in text
    assert "441-10" not in text
    assert "commissaire de justice" not in text


@pytest.mark.parametrize("kind", [DebtorKind.CONSUMER, DebtorKind.UNKNOWN])
@pytest.mark.parametrize("code", MessageCode)
def test_neither_penalties_nor_fee_for_consumers_and_unknown(code: MessageCode, kind: DebtorKind) -> None:
    if code is MessageCode.CALL:
        assert "ils ne sont pas dus" in said(code, kind)
        return
    text = said(code, kind)
    assert "441-10" not in text and "Pénalités" not in text and "pénalités" not in text
    assert "forfaitaire" not in text


def test_consumer_notice_announces_legal_interest_only() -> None:
    text = said(MessageCode.MISE_EN_DEMEURE, DebtorKind.CONSUMER)
    assert "taux légal" in text and "1231-6" in text
    assert "taux légal" not in said(MessageCode.MISE_EN_DEMEURE), "no legal interest on top of penalties"


def test_debtor_of_unknown_kind_is_not_threatened_with_a_notice() -> None:
    assert "mise en demeure" not in said(MessageCode.LAST_REMINDER, DebtorKind.UNKNOWN)


@pytest.mark.parametrize("code", AMICABLE)
def test_amicable_steps_speak_of_no_penalty(code: MessageCode) -> None:
    assert "énalité" not in said(code)
    assert "mise en demeure" not in said(code)


def test_formal_notice_has_every_element() -> None:
    text = said(MessageCode.MISE_EN_DEMEURE)
    for element in (
        "mettons en demeure", "article 1344", "Atelier Nord Menuiserie", "FA-2026-0412", "Date 31/08/2026",
        "Échéance 30/09/2026", "Montant TTC 960,00 €", "Déjà réglé 500,00 €", "Reste dû 460,00 €",
        "Avoir AV-2026-017", "Du 01/10/2026", "Au 20/11/2026", "Jours 51", "12,40 %", "219,69 €", "3 × 40 €",
        "14 571,09 €", "4 décembre 2026", "FR76 3000 6000 0112 3456 7890 189", "commissaire de justice",
        "déjà payé", "contestez", "19 novembre 2026",
    ):  # fmt: skip
        assert element in text, element


@pytest.mark.parametrize("kind", [kind for kind in DebtorKind if kind.is_natural_person])
def test_natural_person_is_told_about_personal_data(kind: DebtorKind) -> None:
    for code in (MessageCode.COURTESY, MessageCode.MISE_EN_DEMEURE, MessageCode.STATEMENT):
        assert "CNIL" in said(code, kind)
    assert "CNIL" not in said(MessageCode.COURTESY, DebtorKind.BUSINESS)


def test_reminders_are_recalled_once_a_day_and_without_the_note_before_due_date() -> None:
    message = specimen(MessageCode.LAST_REMINDER)
    note = replace(message.earlier[0], step=StepCode.COURTESY, on=message.on.replace(month=9))
    twice = replace(message.earlier[0], channel=Channel.LETTER)
    text = compose(replace(message, earlier=(note, twice, *message.earlier))).text.replace("\u00a0", " ")
    assert "Malgré nos relances des 3 octobre, 15 octobre et 30 octobre 2026, les factures" in text
    text = compose(replace(message, earlier=(note, message.earlier[0]))).text.replace("\u00a0", " ")
    assert "Malgré notre relance du 3 octobre 2026, les factures" in text


def test_silence_is_only_said_when_it_was_silence() -> None:
    """After a part payment or a promise, « ni règlement ni explication » would be untrue."""
    rich, bare = specimen(MessageCode.LAST_REMINDER), specimen(MessageCode.LAST_REMINDER, rich=False)

    assert "ni règlement ni explication" in compose(bare).text
    assert "neither payment nor explanation" in said(MessageCode.LAST_REMINDER, language="en", rich=False)
    for answered in (rich, replace(bare, quotes=rich.quotes), replace(bare, cause="cash_trouble")):
        assert "ni règlement ni explication" not in compose(answered).text
        assert "toujours pas entièrement réglée" in compose(answered).text.replace("\u00a0", " ")


def test_a_notice_is_announced_only_where_one_follows() -> None:
    text = compose(replace(specimen(MessageCode.LAST_REMINDER, rich=False), notice_follows=False)).text
    assert "mise en demeure" not in text


@pytest.mark.parametrize("language", ["fr", "en"])
def test_cash_trouble_is_answered_with_a_plan(language: str) -> None:
    plain = replace(specimen(MessageCode.FIRM_REMINDER, language=language, rich=False), offers_plan=False)
    words = {"fr": "Proposez-nous un échéancier", "en": "Please suggest a plan"}[language]

    assert words not in compose(plain).text
    for code in (MessageCode.FRIENDLY_REMINDER, MessageCode.FIRM_REMINDER, MessageCode.LAST_REMINDER):
        told = replace(specimen(code, language=language, rich=False), cause="cash_trouble")
        assert words in compose(told).text
        assert "simple oubli" not in compose(told).text


@pytest.mark.parametrize("language", ["fr", "en", "de", "es", "it"])
def test_the_note_before_the_due_date_asks_three_questions_and_says_how_to_answer(language: str) -> None:
    text = said(MessageCode.COURTESY, language=language)
    asked = [
        line for line in text.split("\n") if line.lstrip().startswith(("-", "–", "•")) and line.rstrip().endswith("?")
    ]

    assert len(asked) == 3, text
    assert "compta@atelier-nord.example" in text


@pytest.mark.parametrize("language", ["fr", "en", "de", "es", "it"])
def test_a_call_made_in_writing_is_not_the_friendly_reminder_again(language: str) -> None:
    friendly, instead = (
        said(c, language=language) for c in (MessageCode.FRIENDLY_REMINDER, MessageCode.CALL_IN_WRITING)
    )
    paragraphs = {p for p in instead.split("\n\n") if len(p) > 60}

    assert instead.split("\n")[0] != friendly.split("\n")[0]
    assert len(paragraphs - set(friendly.split("\n\n"))) >= 2


def test_a_payment_link_stands_beside_the_transfer_details() -> None:
    message = replace(specimen(MessageCode.FRIENDLY_REMINDER), payment_link="https://pay.example/D-00042?a=12.00")
    assert "https://pay.example/D-00042?a=12.00" in compose(message).text
    assert "Paiement en ligne" not in compose(replace(message, payment_link=None)).text


def test_promise_is_quoted_in_the_debtors_words() -> None:
    assert "« Le virement partira vendredi, vous pouvez compter dessus. » À ce jour" in said(MessageCode.LAST_REMINDER)


def test_invoices_at_several_steps_are_told_apart() -> None:
    message = specimen(MessageCode.FRIENDLY_REMINDER)
    lower = replace(message.lines[0], step=specimen(MessageCode.COURTESY).lines[0].step)
    text = compose(replace(message, lines=(lower, *message.lines[1:]))).text
    assert "Situation à échoir" in text
    assert "Situation premier rappel" in text


def test_french_is_typographically_right() -> None:
    for code in MessageCode:
        text = compose(specimen(code)).text
        for sign in ":;?!€%»":
            assert f" {sign}" not in text, f"a plain space before {sign} in {code}"
        assert "'" not in text
        assert "\u202f" not in text


def test_minus_is_a_minus() -> None:
    assert "−120,00 €" in said(MessageCode.FRIENDLY_REMINDER)


def edited(tmp_path: Path, name: str, text: str) -> Path:
    folder = tmp_path / "templates"
    shutil.copytree(TEMPLATES, folder, ignore=shutil.ignore_patterns("fonts"))
    (folder / name).write_text(text, encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("no front matter", "front matter"),
        ("---\nsubject: s\n---\nx", "stage"),
        ("---\nsubject: s\nstage: t\n---\n{{ totl }}", "totl"),
        ("---\nsubject: s\nstage: t\n---\n{{ notice_on }} {{ deadline }}", "NoneType"),
        ("---\nsubject: s\nstage: t\n---\n{{ quotes }}", "list"),
        ("---\nsubject: s\nstage: t\n---\n@invoices", "@invoices"),
        ("---\nsubject: s\nstage: t\n---\n**never closed", r"\*\*"),
        ("---\nsubject: s\nstage: t\n---\n{% if %}", "Syntax"),
        ("---\nsubject: s\nstage: t\n---\n{% include '../../pyproject.toml' %}", "TemplateNotFound"),
        ("---\nsubject: s\nstage: t\n---\n{{ ''.__class__.__mro__ }}", "Security"),
        ("---\nsubject: s\nstage: t\n---\n{{ quotes.append(1) }}", "Security"),
    ],
)
def test_a_text_edited_wrongly_is_refused_with_its_name(tmp_path: Path, text: str, complaint: str) -> None:
    folder = edited(tmp_path, "fr/courtesy.md.j2", text)
    with pytest.raises(TextFault, match=complaint) as fault:
        compose(specimen(MessageCode.COURTESY), templates=folder)
    assert "fr/courtesy.md.j2" in str(fault.value)


def test_review_names_forbidden_words_and_missing_facts(tmp_path: Path) -> None:
    text = "---\nsubject: s\nstage: t\n---\nUn huissier viendra, à vos frais, sous 8 jours. 40 € de frais."
    remarks = review(edited(tmp_path, "fr/firm_reminder.md.j2", text))
    assert {remark.where for remark in remarks} == {"fr/firm_reminder.md.j2"}
    found = "\n".join(remark.what for remark in remarks)
    for expected in ("huissier", "à vos frais", "sous 8 jours", "40 €", "bank statements", "contact", "total"):
        assert expected in found


def test_labels_of_every_language_have_the_same_keys(tmp_path: Path) -> None:
    folder = edited(tmp_path, "en/labels.toml", 'months = ["J","F","M","A","M","J","J","A","S","O","N","D"]')
    with pytest.raises(TextFault, match="keys missing"):
        compose(specimen(MessageCode.COURTESY, language="en"), templates=folder)


def test_a_contractual_rate_is_said_to_be_one() -> None:
    message = specimen(MessageCode.FIRM_REMINDER)
    assert message.terms
    terms = replace(message.terms, basis=RateBasis.CONTRACT)
    assert "taux prévu au contrat" in compose(replace(message, terms=terms)).text


def test_credit_notes_reduce_the_total_and_are_listed() -> None:
    """OCA/credit-control#211, #451: open credit notes were ignored."""
    message = specimen(MessageCode.FRIENDLY_REMINDER)
    text = said(MessageCode.FRIENDLY_REMINDER)
    assert "Avoir AV-2026-017" in text
    assert message.totals.total_cents == sum(line.open_cents for line in message.lines) - 12_000
    assert "Total à payer : 14 231,40 €" in text
    assert "Montant : 14 231,40 €" in text, "the transfer is asked net of the credit note"


def test_one_message_lists_all_invoices() -> None:
    """OCA/credit-control#21: monthly billing produced many messages."""
    message = specimen(MessageCode.FRIENDLY_REMINDER)
    composed = compose(message)
    for line in (*message.lines, *message.information):
        assert composed.text.count(line.invoice_number) == 1
        assert composed.html.count(line.invoice_number) == 1
