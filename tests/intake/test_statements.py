"""Bank statements: whatever the format, the same period gives the same lines; a file that does not add up stays out."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recouvrement.domain.records import FileReading
from recouvrement.intake.mapping import Mappings
from recouvrement.intake.reading import read
from tests.intake import samples
from tests.intake.samples import IBAN, MOVES, Move

FORMATS: dict[str, Callable[..., bytes]] = {
    "camt053.xml": samples.camt053,
    "cfonb120.txt": samples.cfonb120,
    "mt940.sta": samples.mt940,
    "statement.ofx": samples.ofx,
    "releve.csv": samples.releve,
}
MAPPINGS = Mappings.shipped()
LABEL = st.text("ABCDEFGHIJ ", min_size=1, max_size=20).map(lambda text: f"V{text}X".replace("  ", " "))
MOVE = st.builds(
    Move,
    st.integers(0, 6).map(lambda days: date(2026, 3, 2) + timedelta(days=days)),
    st.integers(-300, 300).filter(bool).map(lambda tens: tens * 125),
    LABEL,
    LABEL,
)


def identities(found: FileReading) -> list[Any]:
    return [line.identity for statement in found.statements for line in statement.lines]


def expected(moves: tuple[Move, ...]) -> list[Any]:
    met: dict[tuple[date, int], int] = {}
    out = []
    for move in moves:
        rank = met.get((move.on, move.cents), 0)
        met[move.on, move.cents] = rank + 1
        out.append((IBAN, move.on, move.cents, rank))
    return out


@settings(max_examples=40, deadline=None)
@given(st.lists(MOVE, max_size=12).map(lambda moves: tuple(sorted(moves, key=lambda move: move.on))))
def test_every_format_gives_the_same_lines(moves: tuple[Move, ...]) -> None:
    for name, render in FORMATS.items():
        found = read(name, render(moves), MAPPINGS)
        if not moves and name == "releve.csv":
            assert found.verdict == "rejected"
            continue
        assert found.verdict == "read", (name, found.problems)
        assert identities(found) == expected(moves), name
        lines = [line for statement in found.statements for line in statement.lines]
        for line, move in zip(lines, moves, strict=True):
            words = f"{line.label} {line.remittance}"
            assert move.label.split()[0] in words
            assert " ".join(move.text.split()) in " ".join(words.split()), name


def test_two_equal_payments_on_one_day_are_two(reading: Any) -> None:
    ranks = [line.rank for line in reading("c.xml", samples.camt053()).statements[0].lines]
    assert ranks == [0, 0, 0, 1, 0]


def test_a_bank_that_lists_the_newest_day_first_changes_nothing(reading: Any) -> None:
    forward = reading("releve.csv", samples.releve())
    backward = reading("releve.csv", samples.releve(newest_first=True))
    assert sorted(identities(forward)) == sorted(identities(backward))
    by_identity = {line.identity: line.label for line in forward.statements[0].lines}
    assert {line.identity: line.label for line in backward.statements[0].lines} == by_identity


@pytest.mark.parametrize("name", ["camt053.xml", "cfonb120.txt"])
def test_a_movement_changed_on_the_way_rejects_the_statement(reading: Any, name: str) -> None:
    changed = tuple(replace(move, cents=move.cents + 1) if place == 0 else move for place, move in enumerate(MOVES))
    good, spoiled = FORMATS[name](MOVES), FORMATS[name](changed)
    mixed = good.replace(b">1200.00<", b">1200.01<")
    if name == "cfonb120.txt":
        mixed = b"\r\n".join([*spoiled.split(b"\r\n")[:-2], *good.split(b"\r\n")[-2:]])
    found = reading(name, mixed)
    assert (found.verdict, found.records, found.statements) == ("rejected", 0, ())
    assert found.problems[-1].reason == "balances_disagree"


def test_an_mt940_that_does_not_add_up_is_held_for_a_person(reading: Any) -> None:
    found = reading("m.sta", samples.mt940().replace(b"C1200,00", b"C1300,00"))
    assert (found.verdict, found.held, found.complete) == ("warning", True, False)
    assert found.problems[0].reason == "balances_disagree"
    cut = reading("m.sta", samples.mt940()[:-60])
    assert (cut.held, cut.problems[0].reason) == (True, "no_balance")


@pytest.mark.parametrize("keep", [0.3, 0.6, 0.95])
def test_a_truncated_camt_is_rejected_whole(reading: Any, keep: float) -> None:
    data = samples.camt053()
    found = reading("camt053.xml", data[: int(len(data) * keep)])
    assert (found.verdict, found.records, found.statements) == ("rejected", 0, ())
    assert found.problems[0].reason == "truncated"
    assert "again" in found.problems[0].remedy


def test_a_truncated_cfonb_or_ofx_is_rejected_whole(reading: Any) -> None:
    for name in ("cfonb120.txt", "statement.ofx"):
        data = FORMATS[name](MOVES)
        found = reading(name, data[: int(len(data) * 0.8)])
        assert (found.verdict, found.statements) == ("rejected", ())


class TestCamt:
    def test_every_version_is_read(self, reading: Any) -> None:
        for version in ("01", "02", "03", "04", "06", "08", "14"):
            assert reading("c.xml", samples.camt053(version=version)).records == len(MOVES)

    def test_a_day_without_movement_still_says_up_to_when_the_bank_was_read(self, reading: Any) -> None:
        (statement,) = reading("c.xml", samples.camt053(())).statements
        assert (statement.to_on, statement.lines, statement.balanced) == (date(2026, 3, 31), (), True)

    def test_a_message_in_utf_16_is_read(self, reading: Any) -> None:
        data = samples.camt053().decode().replace("UTF-8", "UTF-16").encode("utf-16")
        assert (reading("c.xml", data).verdict, reading("c.xml", data).records) == ("read", len(MOVES))

    def test_an_entry_in_another_currency_than_its_account_rejects_the_file(self, reading: Any) -> None:
        found = reading("c.xml", samples.camt053().replace(b'Ccy="EUR">1200.00', b'Ccy="USD">1200.00'))
        assert (found.verdict, found.problems[0].reason) == ("rejected", "invalid_currency")

    def test_entries_that_are_not_booked_wait(self, reading: Any) -> None:
        pending = (
            '<Ntry><Amt Ccy="EUR">9.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts><Cd>PDNG</Cd></Sts></Ntry>'
            '<Ntry><Amt Ccy="EUR">9.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>INFO</Sts></Ntry>'
        )
        found = reading("c.xml", samples.camt053(extra=pending))
        assert (found.verdict, found.records) == ("read", len(MOVES))
        assert [problem.reason for problem in found.problems] == ["not_booked"]

    def test_a_wrong_count_rejects_the_file(self, reading: Any) -> None:
        summary = "<TxsSummry><TtlNtries><NbOfNtries>7</NbOfNtries></TtlNtries></TxsSummry>"
        found = reading("c.xml", samples.camt053(extra=summary))
        assert (found.verdict, found.problems[0].reason) == ("rejected", "count_disagrees")

    def test_a_returned_direct_debit_keeps_its_reason_and_its_customer(self, reading: Any) -> None:
        entry = (
            '<Ntry><Amt Ccy="EUR">50.00</Amt><CdtDbtInd>DBIT</CdtDbtInd><RvslInd>true</RvslInd><Sts>BOOK</Sts>'
            "<BookgDt><Dt>2026-03-06</Dt></BookgDt><NtryDtls><TxDtls><Refs><EndToEndId>E-1</EndToEndId></Refs>"
            "<RltdPties><Dbtr><Nm>ALPHA</Nm></Dbtr></RltdPties><RtrInf><Rsn><Cd>AM04</Cd></Rsn></RtrInf></TxDtls></NtryDtls>"
            "</Ntry>"
        )
        moves = (Move(date(2026, 3, 6), -5000),)
        data = samples.camt053(moves, 5000).split(b"<Ntry>")[0] + entry.encode() + b"</Stmt></BkToCstmrStmt></Document>"
        (found,) = reading("c.xml", data).statements[0].lines
        assert (found.reversal, found.return_reason, found.counterparty_name) == (True, "AM04", "ALPHA")
        assert found.end_to_end_id == "E-1"

    def test_a_grouped_entry_is_one_line_with_its_transactions(self, reading: Any) -> None:
        one = (
            '<TxDtls><AmtDtls><TxAmt><Amt Ccy="EUR">{}</Amt></TxAmt></AmtDtls><RltdPties><Dbtr><Pty><Nm>{}</Nm></Pty></Dbtr>'
            "<DbtrAcct><Id><IBAN>{}</IBAN></Id></DbtrAcct></RltdPties><RmtInf><Strd><CdtrRefInf><Ref>{}</Ref></CdtrRefInf>"
            "<RfrdDocInf><Nb>FA-1</Nb></RfrdDocInf></Strd></RmtInf></TxDtls>"
        )
        entry = (
            '<Ntry><Amt Ccy="EUR">30.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>BOOK</Sts><BookgDt><DtTm>2026-03-06T10:00:00'
            f"</DtTm></BookgDt><NtryDtls>{one.format('10.00', 'ALPHA', samples.OTHER_IBAN, 'RF18539007547034')}"
            f"{one.format('20.00', 'BETA', '', '')}</NtryDtls></Ntry>"
        )
        head = samples.camt053((Move(date(2026, 3, 6), 3000),)).split(b"<Ntry>")[0]
        (line,) = reading("c.xml", head + entry.encode() + b"</Stmt></BkToCstmrStmt></Document>").statements[0].lines
        assert (line.amount_cents, line.counterparty_name) == (3000, "")
        assert [(part.amount_cents, part.counterparty_name) for part in line.details] == [
            (1000, "ALPHA"),
            (2000, "BETA"),
        ]
        assert line.details[0].counterparty_iban == samples.OTHER_IBAN
        assert (line.details[0].structured_reference, line.details[0].documents) == ("RF18539007547034", ("FA-1",))

    @pytest.mark.parametrize(
        ("old", "new", "reason"),
        [
            (b"<Dt>2026-03-03</Dt></BookgDt>", b"<Dt>2026-02-31</Dt></BookgDt>", "invalid_date"),
            (b">1200.00</Amt>", b">abc</Amt>", "invalid_amount"),
            (b"<CdtDbtInd>DBIT</CdtDbtInd>", b"<CdtDbtInd>XXXX</CdtDbtInd>", "invalid_amount"),
            (IBAN.encode(), b"", "missing_value"),
        ],
    )
    def test_an_entry_that_cannot_be_read_rejects_the_statement(
        self, reading: Any, old: bytes, new: bytes, reason: str
    ) -> None:
        found = reading("c.xml", samples.camt053().replace(old, new))
        assert (found.verdict, found.problems[0].reason) == ("rejected", reason)

    def test_balances_that_contradict_each_other_hold_the_file(self, reading: Any) -> None:
        data = samples.camt053().replace(
            b"<Bal><Tp><CdOrPrtry><Cd>CLBD",
            b"<Bal><Tp><CdOrPrtry><Cd>PRCD</Cd></CdOrPrtry></Tp>"
            b'<Amt Ccy="EUR">1.00</Amt><CdtDbtInd>CRDT</CdtDbtInd></Bal><Bal><Tp><CdOrPrtry><Cd>CLBD',
        )
        found = reading("c.xml", data.replace(b'"EUR">1000.00<', b'"EUR">1000.01<', 1))
        assert (found.held, found.problems[0].reason) == (True, "balances_contradict")

    def test_a_closing_balance_with_the_wrong_mark_is_a_warning(self, reading: Any) -> None:
        head, tail = samples.camt053().rsplit(b"<Cd>CLBD", 1)
        found = reading("c.xml", head + b"<Cd>CLBD" + tail.replace(b"<CdtDbtInd>CRDT", b"<CdtDbtInd>DBIT", 1))
        assert (found.verdict, found.records, found.problems[0].reason) == ("warning", 5, "balance_sign")


class TestCfonb:
    def test_a_file_without_line_breaks_is_cut_every_120_characters(self, reading: Any) -> None:
        found = reading("c.txt", samples.cfonb120(newline=""))
        assert identities(found) == expected(MOVES)

    def test_short_lines_blank_lines_and_lower_case_are_borne(self, reading: Any) -> None:
        lines = [line.rstrip() for line in samples.cfonb120().decode().split("\r\n")]
        found = reading("c.txt", "\n\n".join(lines).encode())
        assert found.verdict == "read"

    def test_missing_currency_and_decimals_mean_euros_and_cents(self, reading: Any) -> None:
        data = samples.cfonb120().replace(b"    00001EUR2 ", b"    00001     ")
        assert reading("c.txt", data).statements[0].currency == "EUR"

    def test_complements_are_told_apart(self, reading: Any) -> None:
        lines = samples.cfonb120((Move(date(2026, 3, 2), 5000, "VIR", "X"),)).decode().split("\r\n")
        start = lines[2][:45]
        texts = {
            "LCC": "FACTURE FA-1 ET LA SUITE COUPEE AU MILIEU D UN MOT PARCE QUE C EST LONG FAC"[:70],
            "LC2": "TURE",
        }
        more = {"NPY": "ALPHA SARL", "RCN": "E2E-1", "LIB": "LIBRE", "REF": "BQ77", "ZZZ": "INCONNU", "NBE": "NOUS"}
        extra = [f"{start}{code}{text:<70}" for code, text in (texts | more).items()]
        (line,) = reading("c.txt", "\r\n".join([*lines[:2], *extra, *lines[3:]]).encode()).statements[0].lines
        assert line.remittance == texts["LCC"] + "TURE LIBRE ZZZ INCONNU"
        assert (line.counterparty_name, line.end_to_end_id, line.bank_reference) == ("ALPHA SARL", "E2E-1", "BQ77")

    def test_a_reject_reason_marks_a_return(self, reading: Any) -> None:
        data = samples.cfonb120((Move(date(2026, 3, 2), -5000, "REJET"),)).replace(b"105020326  ", b"10502032605")
        (line,) = reading("c.txt", data).statements[0].lines
        assert (line.reversal, line.return_reason) == (True, "05")

    @pytest.mark.parametrize(
        ("spoil", "reason"),
        [
            (lambda lines: lines[1:], "table"),
            (lambda lines: [lines[0], lines[2], *lines[1:]], "unreadable"),
            (lambda lines: [*lines[:2], "9" + lines[2], *lines[3:]], "unreadable"),
            (lambda lines: [lines[0], lines[1].replace("00000000001", "00000000009"), *lines[2:]], "unreadable"),
            (lambda lines: [lines[0], lines[1].replace("020326", "310226"), *lines[2:]], "invalid_date"),
            (lambda lines: [lines[0], lines[1].replace("{", "?"), *lines[2:]], "invalid_amount"),
            (lambda lines: [lines[0], *lines], "truncated"),
        ],
    )
    def test_what_breaks_the_layout_rejects_the_file(self, reading: Any, spoil: Any, reason: str) -> None:
        lines = samples.cfonb120().decode().split("\r\n")
        found = reading("c.txt", "\r\n".join(spoil(lines)).encode())
        assert found.verdict == "rejected"
        assert found.problems[-1].reason == reason or reason == "table"

    def test_cfonb_240_is_refused_by_name(self, reading: Any) -> None:
        found = reading("c.txt", b"3100000120260302E" + b" " * 223 + b"\n")
        assert found.problems[0].reason == "not_a_statement"
        assert "CFONB 240" in found.problems[0].message


class TestMt940:
    def one(self, reading: Any, movement: str, information: str = "", closing: str = "C260331EUR10,00") -> Any:
        data = f":20:S\r\n:25:{IBAN}\r\n:28C:1\r\n:60F:C260301EUR0,00\r\n:61:{movement}\r\n:86:{information}\r\n:62F:{closing}\r\n-"
        return reading("m.sta", data.encode()).statements[0].lines[0]

    @pytest.mark.parametrize(
        ("movement", "cents", "day"),
        [
            ("2603020302C10,NTRFNONREF", 1000, date(2026, 3, 2)),
            ("260302D10,00N000NONREF", -1000, date(2026, 3, 2)),
            ("2603020302CR10,5NTRFREF//BANK", 1050, date(2026, 3, 2)),
            ("2603020303RD10,00NTRFNONREF", 1000, date(2026, 3, 3)),
            ("2603020303RC10,00 NRTIKREF", -1000, date(2026, 3, 3)),
            ("2512310102C10,00NTRFNONREF", 1000, date(2026, 1, 2)),
            ("260302C25,03NOV NONREF", 2503, date(2026, 3, 2)),
        ],
    )
    def test_movements_of_many_banks(self, reading: Any, movement: str, cents: int, day: date) -> None:
        line = self.one(reading, movement)
        assert (line.amount_cents, line.booking_on) == (cents, day)

    def test_reversal_marks_and_return_codes(self, reading: Any) -> None:
        assert self.one(reading, "2603020303RD10,00NTRFNONREF").reversal
        assert self.one(reading, "2603020303D10,00NRTINONREF").reversal
        assert not self.one(reading, "2603020303D10,00NTRFNONREF").reversal

    def test_structured_information(self, reading: Any) -> None:
        text = f"166?00VIREMENT?20EREF+E-1?21SVWZ+FACTURE?22 FA-1?31{samples.OTHER_IBAN}?32ALPHA?33 SARL"
        line = self.one(reading, "2603020302C10,00NTRFNONREF", text)
        assert (line.label, line.remittance, line.end_to_end_id) == ("VIREMENT", "FACTURE FA-1", "E-1")
        assert (line.counterparty_name, line.counterparty_iban) == ("ALPHA SARL", samples.OTHER_IBAN)
        line = self.one(reading, "2603020302C10,00NTRFNONREF", "/EREF/E-2/ORDP//NAME/BETA/REMI/FA-2")
        assert (line.end_to_end_id, line.counterparty_name, line.remittance) == ("E-2", "BETA", "FA-2")

    def test_an_unreadable_movement_rejects_the_file(self, reading: Any) -> None:
        found = reading("m.sta", samples.mt940().replace(b":61:2603020302C", b":61:26030203Z2C"))
        assert (found.verdict, found.problems[0].reason) == ("rejected", "unreadable")


class TestOfx:
    def test_xml_and_sgml_are_the_same(self, reading: Any) -> None:
        xml = re.sub(rb"<(\w+)>([^<\n]+)", rb"<\1>\2</\1>", samples.ofx())
        assert identities(reading("s.ofx", xml)) == identities(reading("s.ofx", samples.ofx()))

    def test_what_is_no_bank_statement_is_refused_by_name(self, reading: Any) -> None:
        for body, words in (
            ("<INVSTMTRS></INVSTMTRS>", "investment"),
            ("<CCSTMTRS></CCSTMTRS>", "credit card"),
            ("", "no statement"),
        ):
            found = reading("s.ofx", f"OFXHEADER:100\n\n<OFX>{body}</OFX>".encode())
            assert found.problems[0].reason == "not_a_statement"
            assert words in found.problems[0].message

    def test_a_bad_line_is_set_aside(self, reading: Any) -> None:
        found = reading("s.ofx", samples.ofx().replace(b"<DTPOSTED>20260305", b"<DTPOSTED>20260231"))
        assert (found.records, found.set_aside, found.problems[0].reason) == (4, 1, "invalid_date")


def test_a_bank_csv_with_debit_and_credit_both_filled_sets_the_line_aside(reading: Any) -> None:
    found = reading("r.csv", samples.releve().replace(b";15,50;", b";15,50;15,50"))
    assert (found.records, found.set_aside) == (4, 1)


BANKS = {
    "banque-bnp-paribas": (
        "Compte courant;Compte;00000000001;03/03/2026;;1000,00\n\n"
        "Date operation;Libelle court;Type operation;Libelle operation;Montant operation en euro\n"
        "02/03/2026;VIR RECU;VIREMENT;VIR SEPA ALPHA FA-1;1 200,00\n"
    ),
    "banque-societe-generale": (
        '="00000000001";01/03/2026;31/03/2026;1;31/03/2026;50,00 EUR\n\n'
        "Date de l'opération;Libellé;Détail de l'écriture;Montant de l'opération;Devise\n"
        "02/03/2026;VIR RECU;VIR RECU DE: ALPHA MOTIF: FA-1;1200,00;EUR\n"
    ),
    "banque-credit-agricole": (
        "Téléchargement du 03/03/2026;\nCompte n° 00000000001;\n\nDate;Libellé;Débit euros;Crédit euros;\n"
        '02/03/2026;"VIREMENT RECU\nALPHA FA-1";;1 200,00;\n'
    ),
    "banque-credit-mutuel-cic": "Date;Date de valeur;Débit;Crédit;Libellé;Solde\n02/03/2026;02/03/2026;;1200,00;VIR ALPHA;5\n",
    "banque-bpce": (
        "Date de comptabilisation;Libelle simplifie;Libelle operation;Reference;Informations complementaires;Type operation;"
        "Categorie;Sous categorie;Debit;Credit;Date operation;Date de valeur;Pointage operation\n"
        "02/03/2026;ALPHA;VIR ALPHA FA-1;REF1;;Virement;C;S;;+1200,00;01/03/2026;02/03/2026;0\n"
    ),
    "banque-la-banque-postale": (
        "Numéro Compte   :;00000000001\nType            :;CCP\nCompte tenu en  :;euros\n\nDate;Libellé;Montant(EUROS)\n"
        '02/03/2026;"VIREMENT DE ALPHA";1200,00\n'
    ),
    "banque-boursobank": (
        "dateOp;dateVal;label;category;categoryParent;supplierFound;amount;comment;accountNum;accountLabel;accountbalance\n"
        '2026-03-02;2026-03-02;"VIR ALPHA";C;P;alpha;"1 200,00";;00000000001;CPT;5.00\n'
    ),
    "banque-qonto-fr": (
        "Statut;Date de la valeur (UTC);Date de l'opération (UTC);Montant total (TTC);Débit;Crédit;Solde;Devise;"
        "Nom de la contrepartie;IBAN de la contrepartie;Méthode de paiement;Identifiant de transaction;Référence\n"
        "Exécuté;02-03-2026 10:00:00;02-03-2026 09:00:00;1200,00;;1200,00;5,00;EUR;ALPHA;;Virement;t-1;FA-1\n"
    ),
    "banque-shine": (
        "Transaction ID;Date de la valeur;Date d'opération;Débit;Crédit;Devise;Libellé;Nom de la contrepartie\n"
        "t-1;02/03/2026;02/03/2026;;1200,00;EUR;VIR;ALPHA\n"
    ),
}


@pytest.mark.parametrize("mapping", BANKS)
def test_the_export_of_each_french_bank_is_recognised(reading: Any, mapping: str) -> None:
    found = reading("releve-00000000001.csv", BANKS[mapping].encode("cp1252"))
    (line,) = found.statements[0].lines
    assert (found.mapping, found.verdict) == (mapping, "read")
    assert (line.account, line.booking_on, line.amount_cents) == ("00000000001", date(2026, 3, 2), 120000)


def test_a_transaction_that_the_bank_has_not_carried_out_is_left_out_without_fuss(reading: Any) -> None:
    row = BANKS["banque-qonto-fr"].split("\n")[1]
    data = BANKS["banque-qonto-fr"] + row.replace("Exécuté", "Refusé") + "\n"
    found = reading("releve-00000000001.csv", data.encode())
    assert (found.verdict, found.records, found.complete) == ("read", 1, True)
    assert [problem.reason for problem in found.problems] == ["not_booked"]


def test_a_table_that_names_no_account_is_held_until_someone_says_which() -> None:
    data = BANKS["banque-shine"].encode()
    found = read("export.csv", data, MAPPINGS)
    assert (found.held, [problem.reason for problem in found.problems]) == (True, ["no_account"])
    said = read("export.csv", data, MAPPINGS, account=IBAN)
    assert (said.verdict, said.statements[0].account) == ("read", IBAN)
