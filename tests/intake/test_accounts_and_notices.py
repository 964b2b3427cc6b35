"""FEC, life-cycle messages, BODACC notices, workbooks, documents, and the guessing of mappings."""

import json
import tomllib
from datetime import date, datetime, time
from typing import Any

import pytest

from recouvrement.intake.documents import discovered
from recouvrement.intake.guess import guess_file
from recouvrement.intake.mapping import SHIPPED, Mapping, MappingError, Mappings, built
from tests.intake import samples
from tests.intake.samples import announcement


class TestFec:
    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp850", "iso8859-15"])
    @pytest.mark.parametrize("separator", ["\t", "|", ";"])
    def test_open_invoices_history_and_balances(self, reading: Any, encoding: str, separator: str) -> None:
        found = reading("fec.txt", samples.fec(encoding, separator))
        assert (found.verdict, found.records) == ("read", 4)
        (invoice,) = found.invoices
        assert (invoice.number, invoice.customer_code, invoice.gross_cents, invoice.due_on) == (
            "FA-1",
            "C1",
            120000,
            None,
        )
        assert [(e.piece, e.amount_cents) for e in found.fec_entries if e.lettering] == [
            ("FA-2", 6000),
            ("REL-1", -6000),
        ]
        assert {b.customer_code: (b.balance_cents, b.open_cents) for b in found.fec_balances} == {
            "C1": (100000, 120000),
            "C2": (0, 0),
        }
        assert found.fec_entries[0].label == "Pièce FA-1"

    def test_a_bad_row_is_set_aside_and_the_file_held(self, reading: Any) -> None:
        found = reading("fec.txt", samples.fec().replace(b"1200,00", b"12OO,00"))
        assert (found.set_aside, found.held) == (1, True)
        assert [problem.reason for problem in found.problems] == ["invalid_amount", "balances_disagree"]
        assert found.problems[0].subject == "FA-1"

    def test_a_carriage_return_inside_a_label_is_no_new_row(self, reading: Any) -> None:
        found = reading("fec.txt", samples.fec().replace("Pièce FA-1".encode(), "Pièce\rFA-1".encode()))
        assert (found.verdict, found.fec_entries[0].label) == ("read", "Pièce FA-1")

    def test_amount_and_sense_do_as_well_as_debit_and_credit(self, reading: Any) -> None:
        data = (
            "JournalCode|JournalLib|EcritureNum|EcritureDate|CompteNum|PieceRef|Montant|Sens\n"
            "VE|V|1|20260115|411ALPHA|FA-1|10,00|D\nVE|V|1|20260115|707000|FA-1|10,00|C\n"
        )
        found = reading("fec.txt", data.encode())
        assert [(i.customer_code, i.gross_cents) for i in found.invoices] == [("411ALPHA", 1000)]

    def test_quoted_cells_are_read_without_their_quotes(self, reading: Any) -> None:
        quoted = "\r\n".join(
            "\t".join(f'"{cell}"' for cell in line.split("\t"))
            for line in samples.fec("utf-8").decode().split("\r\n")
            if line
        )
        assert reading("fec.txt", quoted.encode()).fec_balances == reading("fec.txt", samples.fec()).fec_balances

    def test_a_missing_column_is_named(self, reading: Any) -> None:
        found = reading("fec.txt", b"JournalCode\tJournalLib\tEcritureNum\nVE\tV\t1\n")
        assert found.problems[0].reason == "missing_column"
        assert "comptenum" in found.problems[0].message


class TestLifecycle:
    @pytest.mark.parametrize(
        ("code", "meaning"),
        [
            ("213", "not_received_as_due"),
            ("210", "not_received_as_due"),
            ("207", "dispute"),
            ("208", "documents_missing"),
            ("205", "accepted"),
            ("211", "payment_expected"),
            ("212", "payment_received"),
            ("203", "information"),
        ],
    )
    def test_each_status_means_what_the_law_page_says(self, reading: Any, code: str, meaning: str) -> None:
        (from_xml,) = reading("cdar.xml", samples.cdar(code)).lifecycle
        table = f"facture;statut;date\nFA-1;{code};05/03/2026\n"
        (from_csv,) = reading("statuts.csv", table.encode()).lifecycle
        for record in (from_xml, from_csv):
            assert (record.invoice_number, record.status_code, record.meaning) == ("FA-1", code, meaning)
            assert record.on == date(2026, 3, 5)

    def test_amounts_per_rate_are_added_and_what_is_left_is_not(self, reading: Any) -> None:
        data = samples.cdar(amounts=(("MEN", "100.00"), ("MEN", "5.50"), ("RAP", "14.50")))
        assert reading("cdar.xml", data).lifecycle[0].amount_cents == 10550
        assert reading("cdar.xml", samples.cdar("211")).lifecycle[0].amount_cents is None

    def test_an_unknown_status_is_set_aside(self, reading: Any) -> None:
        for data in (samples.cdar("999"), b"invoice,status\nFA-1,999\n"):
            found = reading("x", data)
            assert (found.records, found.set_aside, found.problems[0].reason) == (0, 1, "unknown_value")
            assert found.problems[0].subject == "FA-1"


class TestBodacc:
    @pytest.mark.parametrize(
        ("nature", "event", "procedure"),
        [
            ("Jugement d'ouverture de liquidation judiciaire", "opening", "liquidation_judiciaire"),
            ("Jugement d'ouverture d'une procédure de redressement judiciaire", "opening", "redressement_judiciaire"),
            ("Jugement d'ouverture d'une procédure de sauvegarde", "opening", "sauvegarde"),
            ("Jugement de conversion en liquidation judiciaire", "conversion", "liquidation_judiciaire"),
            (
                "Jugement prononçant la résolution du plan et la liquidation judiciaire",
                "conversion",
                "liquidation_judiciaire",
            ),
            ("Jugement arrêtant le plan de redressement", "plan", ""),
            ("Jugement de clôture pour insuffisance d'actif", "closure", ""),
            ("Dépôt de l'état des créances", "other", ""),
            ("Jugement de plan de cession", "plan", ""),
            ("Modification de la date de cessation des paiements", "other", ""),
        ],
    )
    def test_notices_are_classified(self, reading: Any, nature: str, event: str, procedure: str) -> None:
        (notice,) = reading("b.json", samples.bodacc(announcement(nature))).insolvency
        assert notice.event == event
        assert not procedure or notice.procedure == procedure
        assert notice.makes_a_fact is (event in {"opening", "conversion"})
        assert (notice.siren, notice.judgment_on, notice.published_on) == (
            samples.SIREN,
            date(2026, 3, 4),
            date(2026, 3, 10),
        )
        assert notice.officer == "SELARL Durand"

    def test_a_cancelled_notice_and_another_family_make_no_fact(self, reading: Any) -> None:
        opening = "Jugement d'ouverture de liquidation judiciaire"
        cancelled = announcement(opening, typeavis_lib="Avis d'annulation")
        sale = announcement(opening, familleavis="vente", familleavis_lib="Ventes et cessions")
        found = reading("b.json", samples.bodacc(cancelled, sale))
        assert [notice.event for notice in found.insolvency] == ["other", "other"]

    def test_every_shape_of_the_portal_is_read(self, reading: Any) -> None:
        one = announcement("Jugement d'ouverture de liquidation judiciaire")
        shapes = (
            {"results": [one]},
            {"records": [{"fields": one}]},
            {"records": [{"record": {"fields": one}}]},
            [one],
            one,
        )
        for shape in shapes:
            (notice,) = reading("b.json", json.dumps(shape).encode()).insolvency
            assert notice.makes_a_fact

    def test_the_csv_export_says_the_same(self, reading: Any) -> None:
        one = announcement("Jugement d'ouverture de liquidation judiciaire")
        judgment = str(one["jugement"]).replace('"', '""')
        table = (
            "id;dateparution;typeavis_lib;familleavis_lib;tribunal;commercant;registre;jugement\n"
            f'A1;2026-03-10;Avis initial;Procédures collectives;Paris;ALPHA;"900 000 019,900000019";"{judgment}"\n'
        )
        (notice,) = reading("annonces.csv", table.encode()).insolvency
        assert (notice.siren, notice.event, notice.judgment_on) == (samples.SIREN, "opening", date(2026, 3, 4))

    def test_a_notice_without_a_firm_is_information(self, reading: Any) -> None:
        found = reading(
            "b.json", samples.bodacc(announcement("Jugement d'ouverture de liquidation judiciaire", registre=None))
        )
        assert (found.verdict, found.insolvency[0].makes_a_fact) == ("read", False)

    def test_what_is_no_announcement_is_refused_or_set_aside(self, reading: Any) -> None:
        assert reading("b.json", b'{"a": 1}').problems[0].reason == "unknown_format"
        assert reading("b.json", b'[{"a": 1}]').set_aside == 1
        assert reading("b.json", b'{"results": [').verdict == "rejected"


class TestSheets:
    HEAD = ("N° facture", "Code client", "Date de facture", "Échéance", "Montant TTC")

    def test_an_excel_table_keeps_days_cents_and_leading_zeros(self, reading: Any) -> None:
        rows: list[list[object]] = [
            ["Export du jour", None, None, None, None],
            list(self.HEAD),
            ["FA-1", "0007", datetime.combine(date(2026, 1, 15), time(9, 30)), date(2026, 2, 14), 1200.5],
            ["FA-2", 8, "15/01/2026", "14/02/2026", 0.1 + 0.2],
            [None] * 5,
            ["FA-3", "9", "31/02/2026", "14/02/2026", 1],
        ]
        found = reading("factures.xlsx", samples.workbook(rows))
        assert [(i.number, i.customer_code, i.gross_cents) for i in found.invoices] == [
            ("FA-1", "0007", 120050),
            ("FA-2", "8", 30),
        ]
        assert found.invoices[0].due_on == date(2026, 2, 14)
        assert (found.problems[0].reason, found.problems[0].line) == ("invalid_date", 6)

    def test_a_siren_as_number_gets_its_zeros_back(self, reading: Any) -> None:
        rows: list[list[object]] = [
            ["Code client", "Nom", "SIREN", "Adresse", "Ville"],
            ["C1", "Alpha", 542258, "1 rue A", "Paris"],
        ]
        assert reading("clients.xlsx", samples.workbook(rows)).customers[0].siren == "000542258"

    def test_a_missing_column_and_an_unknown_table_are_told_apart(self, reading: Any) -> None:
        short = samples.workbook([list(self.HEAD[:3]), ["FA-1", "C1", "2026-01-15"]])
        assert reading("f.xlsx", short).problems[0].reason == "missing_column"
        assert reading("f.xlsx", samples.workbook([["a", "b"], [1, 2]])).problems[0].reason == "no_mapping"

    def test_a_damaged_workbook_is_rejected(self, reading: Any) -> None:
        data = samples.workbook([list(self.HEAD)])
        for spoiled in (
            data[: len(data) // 2],
            b"PK\x03\x04" + b"x" * 100,
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 600,
        ):
            assert reading("f.xlsx", spoiled).verdict == "rejected"


class TestSmallTables:
    def test_steps_taken_by_hand(self, reading: Any) -> None:
        data = (
            "facture;étape;date;canal;preuve\nFA-1;Relance 1;20/02/2026;E-mail;\n"
            "FA-1;Mise en demeure;01/03/2026;LRAR;1A 234\nFA-2;danse;01/03/2026;LRAR;\n"
        )
        found = reading("historique.csv", data.encode("cp1252"))
        assert [(s.step, s.channel) for s in found.steps] == [
            ("friendly_reminder", "email"),
            ("mise_en_demeure", "registered_letter"),
        ]
        assert found.problems[0].reason == "unknown_value"

    def test_a_manifest_never_leaves_its_folder(self, reading: Any) -> None:
        data = b"path,role,invoice\nFA-1/bl.pdf,bl,FA-1\n../../etc/passwd,other,FA-1\n/etc/passwd,other,FA-1\nx.pdf,devis,\n"
        found = reading("documents.csv", data)
        assert [(d.path, d.role) for d in found.documents] == [("FA-1/bl.pdf", "delivery_note")]
        assert [p.reason for p in found.problems] == ["unsafe_path", "unsafe_path", "missing_value"]

    def test_papers_are_found_by_folder_or_by_name(self) -> None:
        paths = ["2026-01-0001/bon de livraison.pdf", "FA_2026_7-devis.pdf", "../FA/2026/7.pdf", "notes.txt"]
        found = list(discovered(paths, ["2026-01-0001", "FA/2026/7"]))
        assert [(d.invoice_number, d.role) for d in found] == [
            ("2026-01-0001", "delivery_note"),
            ("FA/2026/7", "quote"),
        ]


class TestMappings:
    def test_every_shipped_mapping_loads_under_its_file_name(self, mappings: Mappings) -> None:
        assert {entry.name for entry in mappings.entries} == {path.stem for path in SHIPPED.glob("*.toml")}

    @pytest.mark.parametrize(
        ("change", "words"),
        [
            ({"target": "cats"}, "target"),
            ({"columns": {"colour": "x"}}, "no field colour"),
            ({"content": "all"}, "content"),
            ({"surprise": 1}, "unknown key surprise"),
            ({"values": {"colour": {}}}, "no field colour"),
            ({"decimal": ";"}, "decimal"),
        ],
    )
    def test_an_impossible_mapping_is_refused_by_key(self, change: dict[str, Any], words: str) -> None:
        table = {"name": "x", "target": "invoices", "columns": {"number": "n"}} | change
        with pytest.raises(MappingError, match=words):
            built(table, "x.toml")

    def test_a_firm_may_replace_a_shipped_mapping(self, tmp_path: Any) -> None:
        (tmp_path / "own.toml").write_text(
            'name = "recouvrement-invoices"\ntarget = "invoices"\n[columns]\nnumber = "No"\n'
        )
        found = Mappings.of_folders((SHIPPED, tmp_path))
        assert found.named("recouvrement-invoices").columns == {"number": ("no",)}
        (tmp_path / "own.toml").write_text("name = ")
        with pytest.raises(MappingError, match=r"own\.toml"):
            Mappings.of_folders((tmp_path,))

    @pytest.mark.parametrize("name", ["invoices.csv", "customers.csv", "releve.csv", "invoices.xlsx", "history.csv"])
    def test_a_guess_reads_back_the_file_it_was_made_from(self, mappings: Mappings, reading: Any, name: str) -> None:
        data = samples.every_format()[name]
        guess = guess_file(name, data, mappings)
        assert guess is not None
        own: Mapping = built(tomllib.loads(guess.toml), name)
        assert own.target == guess.target
        assert guess.missing == ()
        assert set(own.columns) == set(guess.columns)

    def test_unknown_headings_are_guessed_by_their_values(self, mappings: Mappings) -> None:
        data = "Num. pièce;Qui;Emise le;A payer avant;Mt TTC\nF1;411A;01/02/2026;03/03/2026;1 234,50\n"
        guess = guess_file("x.csv", data.encode(), mappings)
        assert guess is not None
        assert guess.columns["issue_on"] == "Emise le"
        assert guess.columns["gross"] == "Mt TTC"
        assert guess.missing == ("customer_code",)
        assert 'decimal = ","' in guess.toml
