"""Make the files of the sample from the tables in `story/`: one folder per day, as a firm would drop them.

`python data/sample/make.py` writes them again, byte for byte. Bank movements become CAMT.053 statements (a bank's CSV
on two days); papers and invoices become small one-page PDFs with the fonts that every reader has.
"""

import csv
import io
import tomllib
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path
from xml.sax.saxutils import escape

HERE = Path(__file__).resolve().parent
STORY = HERE / "story"
BANK_CSV_DAYS = {"2026-09-22", "2026-10-14"}
OPENING_CENTS = 1_834_210
FIRST_BANK_DAY = date(2026, 7, 1)
Row = dict[str, str]


def table(name: str) -> list[Row]:
    """The rows of a table of the story."""
    with (STORY / f"{name}.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines, delimiter=";"))


def arrived(rows: Sequence[Row], day: str) -> list[Row]:
    """The rows that arrive on a day, without that column."""
    return [{k: v for k, v in row.items() if k != "arrives"} for row in rows if row["arrives"] == day]


def written(columns: Sequence[str], rows: Sequence[Row], encoding: str = "utf-8") -> bytes:
    """A CSV with semicolons, as French spreadsheets write it."""
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, columns, delimiter=";", lineterminator="\r\n", extrasaction="ignore")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode(encoding)


# --- bank -----------------------------------------------------------------------------------------------------------


def cents(text: str) -> int:
    """Cents of an amount with a point: `-12.40` gives -1240."""
    whole, _, part = text.removeprefix("-").partition(".")
    return (-1 if text.startswith("-") else 1) * (int(whole) * 100 + int(part))


def plain(amount: int) -> str:
    """An amount without sign and with a point."""
    return f"{abs(amount) // 100}.{abs(amount) % 100:02d}"


def camt(rows: Sequence[Row], iban: str, first: date, last: date, opening: int) -> bytes:
    """A CAMT.053 statement of one account, balances and all."""
    closing = opening + sum(cents(r["amount"]) for r in rows)
    entries = "\n".join(_entry(r, f"{last:%y%m%d}-{n:02d}") for n, r in enumerate(rows, 1))
    text = f"""<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.02"><BkToCstmrStmt>
<GrpHdr><MsgId>VALM-{last:%Y%m%d}</MsgId><CreDtTm>{last + timedelta(1)}T05:00:00</CreDtTm></GrpHdr>
<Stmt><Id>{last:%Y%m%d}</Id><CreDtTm>{last + timedelta(1)}T05:00:00</CreDtTm>
<FrToDt><FrDtTm>{first}T00:00:00</FrDtTm><ToDtTm>{last}T23:59:59</ToDtTm></FrToDt>
<Acct><Id><IBAN>{iban}</IBAN></Id><Ccy>EUR</Ccy></Acct>
{_balance("OPBD", opening, first)}
{_balance("CLBD", closing, last)}
{entries}
</Stmt></BkToCstmrStmt></Document>
"""
    return text.encode()


def _balance(code: str, amount: int, on: date) -> str:
    sign = "CRDT" if amount >= 0 else "DBIT"
    return (
        f'<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp><Amt Ccy="EUR">{plain(amount)}</Amt>'
        f"<CdtDbtInd>{sign}</CdtDbtInd><Dt><Dt>{on}</Dt></Dt></Bal>"
    )


def _entry(row: Row, reference: str) -> str:
    amount, on = cents(row["amount"]), row["date"]
    sign, party = ("CRDT", "Dbtr") if amount >= 0 else ("DBIT", "Cdtr")
    account = f"<{party}Acct><Id><IBAN>{row['iban']}</IBAN></Id></{party}Acct>" if row["iban"] else ""
    related = (
        f"<RltdPties><{party}><Nm>{escape(row['name'])}</Nm></{party}>{account}</RltdPties>" if row["name"] else ""
    )
    text = f"<RmtInf><Ustrd>{escape(row['remittance'])}</Ustrd></RmtInf>" if row["remittance"] else ""
    return (
        f'<Ntry><NtryRef>{reference}</NtryRef><Amt Ccy="EUR">{plain(amount)}</Amt><CdtDbtInd>{sign}</CdtDbtInd><Sts>BOOK</Sts>'
        f"<BookgDt><Dt>{on}</Dt></BookgDt><ValDt><Dt>{row['value'] or on}</Dt></ValDt>"
        "<BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>RCDT</Cd><SubFmlyCd>ESCT</SubFmlyCd></Fmly></Domn></BkTxCd>"
        f"<NtryDtls><TxDtls><Refs><EndToEndId>NOTPROVIDED</EndToEndId></Refs>{related}{text}</TxDtls></NtryDtls>"
        f"<AddtlNtryInf>{escape(row['label'])}</AddtlNtryInf></Ntry>"
    )


def bank_csv(rows: Sequence[Row], iban: str) -> bytes:
    """The same movements as a French bank's CSV: Windows-1252, comma decimals, debit and credit apart."""
    lines = []
    for r in rows:
        amount = plain(cents(r["amount"])).replace(".", ",")
        side = "Débit" if r["amount"].startswith("-") else "Crédit"
        on = date.fromisoformat(r["date"]).strftime("%d/%m/%Y")
        label = " ".join(part for part in (r["label"], r["name"]) if part)
        lines.append(
            {"Compte": iban, "Date": on, "Date valeur": on, "Libellé": label, "Détail": r["remittance"], side: amount}
        )
    return written(["Compte", "Date", "Date valeur", "Libellé", "Détail", "Débit", "Crédit"], lines, "cp1252")


def statements(days: Sequence[str], iban: str) -> Iterator[tuple[str, str, bytes]]:
    """The statement of each day (day, file name, bytes): movements up to the day before, nothing missing between two."""
    movements, opening, first = table("bank"), OPENING_CENTS, FIRST_BANK_DAY
    for day in days:
        last = date.fromisoformat(day) - timedelta(1)
        rows = [r for r in movements if first.isoformat() <= r["date"] <= last.isoformat()]
        if day in BANK_CSV_DAYS:
            yield day, f"releve-{last}.csv", bank_csv(rows, iban)
        else:
            yield day, f"releve-{last}.xml", camt(rows, iban, first, last, opening)
        opening, first = opening + sum(cents(r["amount"]) for r in rows), date.fromisoformat(day)


# --- papers ---------------------------------------------------------------------------------------------------------

REGULAR, BOLD = "F1", "F2"
PENALTY = (
    "En cas de retard de paiement : pénalités au taux de la Banque centrale européenne majoré de dix points et indemnité "
    "forfaitaire pour frais de recouvrement de 40 € (article L441-10 du code de commerce). Pas d'escompte pour paiement "
    "anticipé."
)


class Page:
    """One A4 page of text in Helvetica, which no reader needs to be given; positions in points from the top left."""

    def __init__(self) -> None:
        self._drawn: list[str] = []

    def text(self, x: int, y: int, words: str, *, size: int = 10, font: str = REGULAR) -> None:
        """Put words on the page."""
        safe = words.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
        self._drawn.append(f"BT /{font} {size} Tf {x} {842 - y} Td ({safe}) Tj ET")

    def line(self, y: int) -> None:
        """Draw a thin line over the width of the text."""
        self._drawn.append(f"0.6 w 56 {842 - y} m 539 {842 - y} l S")

    def block(self, x: int, y: int, lines: Sequence[str], *, size: int = 10) -> int:
        """Put lines under each other; return the next free position."""
        for words in lines:
            self.text(x, y, words, size=size)
            y += size + 5
        return y

    def pdf(self, title: str) -> bytes:
        """The whole file."""
        stream = "\n".join(self._drawn).encode("cp1252")
        font = b"<< /Type /Font /Subtype /Type1 /BaseFont /%s /Encoding /WinAnsiEncoding >>"
        fonts = b"<< /Font << /F1 5 0 R /F2 6 0 R >> >>"
        bodies = [
            b"<< /Type /Catalog /Pages 2 0 R /Lang (fr-FR) >>",
            b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources %s >>" % fonts,
            b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
            font % b"Helvetica",
            font % b"Helvetica-Bold",
            b"<< /Title <FEFF%s> >>" % title.encode("utf-16-be").hex().upper().encode(),
        ]
        out, places = bytearray(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"), []
        for number, body in enumerate(bodies, 1):
            places.append(len(out))
            out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
        start = len(out)
        out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(bodies) + 1)
        out += b"".join(b"%010d 00000 n \n" % place for place in places)
        out += b"trailer\n<< /Size %d /Root 1 0 R /Info 7 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(bodies) + 1, start)
        return bytes(out)


def wrapped(text: str, width: int = 88) -> list[str]:
    """Text in lines of at most `width` characters."""
    lines, current = [], ""
    for word in text.split():
        if current and len(current) + 1 + len(word) > width:
            lines.append(current)
            current = word
        else:
            current = f"{current} {word}".strip()
    return [*lines, current]


def head(page: Page, firm: dict[str, str], customer: Row, title: str) -> None:
    """Sender, addressee and title."""
    page.text(56, 64, firm["name"], size=14, font=BOLD)
    page.block(
        56, 82, [*firm["address"].strip().splitlines(), f"SIREN {firm['siren']} - TVA {firm['vat_number']}"], size=9
    )
    town = f"{customer['code postal']} {customer['ville']}".strip()
    page.block(320, 120, [line for line in (customer["nom"], customer["adresse"], town) if line])
    page.text(56, 210, title, size=15, font=BOLD)
    page.line(222)


def invoice_pdf(firm: dict[str, str], customer: Row, row: Row) -> bytes:
    """The invoice or credit note of a row, with the mentions that the law asks for."""
    credit = row["type"] == "avoir"
    page, title = Page(), f"{'Avoir' if credit else 'Facture'} {row['n° facture']}"
    head(page, firm, customer, title)
    origin = row["facture d'origine"]
    days = [f"Date : {row['date']}", f"Sur facture {origin}" if credit else f"Échéance : {row['échéance']}"]
    delivery = [f"Livraison ou prestation : {row['date de livraison']}"] if row["date de livraison"] else []
    order = [f"Votre référence : {row['commande']}"] if row["commande"] else []
    y = page.block(56, 248, [*days, *delivery, *order])
    page.line(y + 6)
    page.text(56, y + 24, row["objet"])
    gross = cents(row["montant ttc"].replace(" ", "").replace(",", "."))
    net = (1 if gross >= 0 else -1) * ((abs(gross) * 10 + 6) // 12)  # VAT of 20 %, half a cent up
    for n, (words, amount) in enumerate((("Total HT", net), ("TVA 20 %", gross - net), ("Total TTC", gross))):
        page.text(360, y + 56 + 18 * n, words, font=BOLD if n == 2 else REGULAR)
        page.text(
            460,
            y + 56 + 18 * n,
            f"{'-' if amount < 0 else ''}{plain(amount).replace('.', ',')} €",
            font=BOLD if n == 2 else REGULAR,
        )
    professional = customer["type"] != "particulier"
    mentions = [
        f"Règlement par virement : IBAN {firm['iban']}.",
        *(wrapped(PENALTY, 100) if professional and not credit else []),
    ]
    page.line(y + 120)
    page.block(56, y + 140, mentions, size=9)
    foot = f"{firm['name']}, {firm['legal_form']} - {firm['registry']} - {firm['email']} - document inventé, exemple"
    page.block(56, 790, [foot], size=8)
    return page.pdf(title)


def paper_pdf(firm: dict[str, str], customer: Row, row: Row) -> bytes:
    """An order, a delivery note, a contract… of the sample."""
    page = Page()
    head(page, firm, customer, row["title"])
    y = page.block(56, 252, [f"Date : {row['date']}"])
    page.block(56, y + 16, wrapped(row["text"]))
    page.block(56, 790, ["Document inventé, exemple"], size=8)
    return page.pdf(row["title"])


# --- days -----------------------------------------------------------------------------------------------------------


def papers_of(day: str, firm: dict[str, str], customers: dict[str, Row], owner: dict[str, str]) -> dict[str, bytes]:
    """The manifest of a day and its PDFs: invoices issued since 24 July, then orders, delivery notes and the rest."""
    rows, files = [], {}
    for row in arrived(table("invoices"), day):
        number = row["n° facture"]
        if date(*map(int, reversed(row["date"].split("/")))) < date(2026, 7, 24):
            continue
        files[f"papiers/{number}.pdf"] = invoice_pdf(firm, customers[row["code client"]], row)
        title = f"{'Avoir' if row['type'] == 'avoir' else 'Facture'} {number}"
        rows.append(
            {
                "fichier": f"papiers/{number}.pdf",
                "type": "facture",
                "facture": number,
                "date": row["date"],
                "titre": title,
            }
        )
    for row in arrived(table("papers"), day):
        code = row["customer"] or owner[row["invoice"]]
        files[f"papiers/{row['file']}"] = paper_pdf(firm, customers[code], row)
        if not row["role"]:  # lies there for a person to attach
            continue
        rows.append(
            {"fichier": f"papiers/{row['file']}", "type": row["role"], "facture": row["invoice"], "client": row["customer"],
             "date": row["date"], "titre": row["title"]}
        )  # fmt: skip
    if rows:
        files["papiers.csv"] = written(["fichier", "type", "facture", "client", "date", "titre"], rows)
    return files


def days_of_the_story() -> list[str]:
    """The days on which files arrive, in order."""
    return (STORY / "days.txt").read_text(encoding="utf-8").split()


def main(out: Path = HERE) -> None:
    """Write every file of every day under a folder."""
    firm = tomllib.loads((STORY / "firm.toml").read_text(encoding="utf-8"))
    days = days_of_the_story()
    customers: dict[str, Row] = {}
    owner = {row["n° facture"]: row["code client"] for row in table("invoices")}
    banked = {day: (name, octets) for day, name, octets in statements(days, firm["iban"])}
    for day in days:
        files = {banked[day][0]: banked[day][1]}
        for name, file in (("customers", "clients.csv"), ("invoices", "factures.csv")):
            if rows := arrived(table(name), day):
                files[file] = written(list(rows[0]), rows)
                customers |= {r["code client"]: r for r in rows} if name == "customers" else {}
        files |= papers_of(day, firm, customers, owner)
        for name, octets in files.items():
            path = out / day / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(octets)


if __name__ == "__main__":
    main()
