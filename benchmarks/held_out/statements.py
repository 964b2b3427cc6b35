"""The lines of one account as a bank writes them: CAMT.053, CFONB 120 and a table."""

from collections.abc import Sequence
from datetime import timedelta
from xml.sax.saxutils import escape

from benchmarks.held_out.lines import Line
from recouvrement.domain.money import plain

IBAN = "FR7699999000010000000000115"
OPENING = 1_000_000
CREDITS, DEBITS = "{ABCDEFGHI", "}JKLMNOPQR"


def camt053(lines: Sequence[Line]) -> bytes:
    """One statement of the whole period, every entry with our line id as the bank's reference."""
    entries = "\n".join(_entry(f"L{rank:06d}", line) for rank, line in enumerate(lines, 1))
    closing = OPENING + sum(line.cents for line in lines)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.02"><BkToCstmrStmt><GrpHdr><MsgId>M1</MsgId></GrpHdr>'
        f"<Stmt><Id>S1</Id><Acct><Id><IBAN>{IBAN}</IBAN></Id><Ccy>EUR</Ccy></Acct>"
        f"{_balance('OPBD', OPENING, lines[0])}{_balance('CLBD', closing, lines[-1])}{entries}"
        "</Stmt></BkToCstmrStmt></Document>\n"
    ).encode()


def _balance(code: str, cents: int, line: Line) -> str:
    day = line.on - timedelta(days=code == "OPBD")
    return (
        f"<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp>{_amount(cents)}<Dt><Dt>{day.isoformat()}</Dt></Dt></Bal>"
    )


def _amount(cents: int) -> str:
    side = "CRDT" if cents >= 0 else "DBIT"
    return f'<Amt Ccy="EUR">{plain(abs(cents))}</Amt><CdtDbtInd>{side}</CdtDbtInd>'


def _entry(line_id: str, line: Line) -> str:
    words, day = line.words, f"<Dt>{line.on.isoformat()}</Dt>"
    payer = f"<Dbtr><Nm>{escape(words.name)}</Nm></Dbtr>" if words.name else ""
    account = f"<DbtrAcct><Id><IBAN>{words.iban}</IBAN></Id></DbtrAcct>" if words.iban else ""
    parties = f"<RltdPties>{payer}{account}</RltdPties>" if payer or account else ""
    said = f"<RmtInf><Ustrd>{escape(words.remittance)}</Ustrd></RmtInf>" if words.remittance else ""
    return (
        f"<Ntry><NtryRef>{line_id}</NtryRef>{_amount(line.cents)}<Sts>BOOK</Sts><BookgDt>{day}</BookgDt><ValDt>{day}</ValDt>"
        f"<NtryDtls><TxDtls><Refs><EndToEndId>{words.e2e or 'NOTPROVIDED'}</EndToEndId></Refs>{parties}{said}</TxDtls></NtryDtls>"
        f"<AddtlNtryInf>{escape(words.label)}</AddtlNtryInf></Ntry>"
    )


def cfonb120(lines: Sequence[Line]) -> bytes:
    """Records of 120 characters: opening, each movement with its texts, closing."""
    head = "99999    00001EUR2 00000000001  "
    first = f"{lines[0].on - timedelta(days=1):%d%m%y}"
    out = [f"01{head}{first}{' ' * 50}{_overpunched(OPENING)}{' ' * 16}"]
    for rank, line in enumerate(lines, 1):
        day = f"{line.on:%d%m%y}"
        body = f"99999000000001EUR2 0000000000105{day}"
        out.append(
            f"04{body}  {day}{line.words.label[:31]:<31}  {rank % 10**7:07d}  {_overpunched(line.cents)}{' ' * 16}"
        )
        for qualifier, text in (("LCC", line.words.remittance[:70]), ("LC2", line.words.remittance[70:140])):
            if text:
                out.append(f"05{body}     {qualifier}{text:<70}  ")
    closing = OPENING + sum(line.cents for line in lines)
    out.append(f"07{head}{lines[-1].on:%d%m%y}{' ' * 50}{_overpunched(closing)}{' ' * 16}")
    return ("\r\n".join(out) + "\r\n").encode("latin-1")


def _overpunched(cents: int) -> str:
    digits = f"{abs(cents):014d}"
    return digits[:-1] + (CREDITS if cents >= 0 else DEBITS)[int(digits[-1])]


def releve(lines: Sequence[Line]) -> bytes:
    """The table that a bank's web site gives: semicolons, French figures, Latin letters."""
    rows = ["Compte;Date;Date valeur;Libellé;Détail;Débit;Crédit"]
    for line in lines:
        day = f"{line.on:%d/%m/%Y}"
        cents = f"{plain(abs(line.cents))}".replace(".", ",")
        sides = f"{cents};" if line.cents < 0 else f";{cents}"
        texts = f"{line.words.label};{line.words.remittance}".replace("\n", " ")
        rows.append(f"00000000001;{day};{day};{texts};{sides}")
    return ("\r\n".join(rows) + "\r\n").encode("cp1252")
