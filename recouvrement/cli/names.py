"""The names of all commands, the part that each stands in, and its sentence: `--help` reads this page and nothing else."""

PARTS = {
    "The ledger and its files": {
        "init": ("files", "Create the ledger under RECOUVREMENT_HOME (or RECOUVREMENT_DATABASE_URL)."),
        "import": ("files", "Take files into the ledger: invoices, customers, bank statements, past steps, documents."),
        "problems": ("files", "List what was wrong in files and has not been corrected."),
        "match": ("files", "Match bank lines to open items."),
        "accounts": (
            "intake",
            "Compare each customer's balance in the accounts (newest FEC) with the ledger; exit code 1 when one differs.",
        ),
        "control": (
            "control",
            "Check that everything adds up: bank balances, receipts, the accounts; exit code 1 when something does not.",
        ),
        "explain-difference": (
            "control",
            "Explain what `control` shows of a customer or a bank account; good for that difference only.",
        ),
        "export": ("control", "Write allocations or write-offs of a period as CSV (`;`, decimal comma, UTF-8)."),
    },
    "The day": {
        "run": ("running", "Run one day: match, decide, and in live mode plan contacts, open cases and send."),
        "send": ("running", "Send what is ready (the drain of the outbox); any number may run at once."),
        "status": ("showing", "Balances by debtor and lateness bucket, as of a day, known now."),
        "why": ("showing", "Why an invoice is, or is not, chased on a day."),
        "waits": (
            "acts_house",
            "List everything that waits for a person, overdue ones first, largest sums first; exit code 1 when one is overdue.",
        ),
        "to-correct": (
            "policy",
            "Messages that could not be written, oldest first: which data to correct; one leaves when something new is known.",
        ),
        "preview": (
            "preview",
            "Write a step for a debtor as it would be frozen today (e-mail, its text and HTML, letter); the ledger is left as it is.",
        ),
        "doctor": (
            "doctor",
            "Check runs, bank, rates, mail, mailbox, operators, outbox, chains, clock and disk; exit code 1 when something is bad.",
        ),
    },
    "Approving and sending": {
        "approvals": (
            "running",
            "List the contacts that wait for a person's approval; `--save` writes the very letters that would leave.",
        ),
        "approve": ("running", "Approve formal notices and whatever the policy says waits for a person."),
        "refuse": ("running", "Refuse contacts that wait for approval, with a reason."),
        "settle": ("acts", "Say whether a message of unknown fate left."),
        "proof": ("acts", "A registered letter was deposited, delivered, refused, unclaimed or undeliverable."),
        "proofs": ("listening", "Take in what the post proved: filled slips, scans, and with Maileva its statuses."),
        "withdrawals": (
            "acts_house",
            "Propose to take back formal notices whose money was there before them; live runs do it too.",
        ),
        "go-live": (
            "running",
            "Let scheduled and live runs of today send: records who accepted, and against which balance.",
        ),
        "resume": ("running", "After a restore: mark as sent what the witness saw leave, then let the ledger go on."),
    },
    "What debtors say": {
        "promise": ("acts", "A debtor (code) promises to pay an amount, for an invoice or in all, by a day."),
        "dispute": ("acts", "An invoice is contested: quality, quantity, price, delivery, administrative."),
        "extend-dispute": ("acts_agreed", "Look at a dispute again on a later day."),
        "settle-dispute": (
            "acts_agreed",
            "Settle a dispute; what is accepted stays out of every demand until its credit note has come.",
        ),
        "hold": ("acts", "Pause a debtor or an invoice until a day, with a reason."),
        "plan": ("acts_agreed", "Agree a payment plan over the open amounts of some invoices."),
        "call": ("acts", "Note what a call on the list came to."),
        "called": (
            "acts_agreed",
            "Note a call that stood on no list, such as one from the customer; it takes no step of the ladder.",
        ),
        "cause": (
            "policy",
            "Say why a debtor has not paid: it chooses words and the next step; `answered` ends a request that was met.",
        ),
        "end": (
            "acts",
            "End a promise, dispute, hold, plan, insolvency, party status or assignment: with what came of it (settled, withdrawn, kept…).",
        ),
        "note": (
            "acts_agreed",
            "Keep a text and print its id: the only way in for words; forms and other commands name it by that id.",
        ),
        "attach": ("acts", "Attach a document to an invoice or a debtor."),
        "mailbox": ("listening", "What came in: read, listed, shown."),
        "mark-read": (
            "listening",
            "Say what a message means; the promise, dispute or pause is recorded in the same act, and the debtor is free.",
        ),
        "attach-reply": ("listening", "Say whose message it is."),
    },
    "Money received or let go": {
        "review": ("review", "List the receipts that wait for a person, with what matching proposes."),
        "match-payment": ("review", "Apply a receipt to invoices, by a proposal or by hand; the payer is remembered."),
        "unmatch-payment": ("review", "Undo what a receipt was applied to."),
        "not-a-customer": ("review", "Say that a receipt is no customer's payment."),
        "receipt": (
            "acts_agreed",
            "Note money that no bank statement has shown yet; nobody is chased for what it covers.",
        ),
        "end-receipt": (
            "acts_agreed",
            "Say what became of a receipt: taken to the bank, cleared, returned unpaid, or noted by mistake.",
        ),
        "write-off": (
            "control",
            "Let a sum of an invoice go, with a reason of the policy; above the policy's limit the role `write_off` is needed.",
        ),
        "undo-write-off": (
            "control",
            "Take a write-off back: the balance and the penalties are as if it had never been.",
        ),
        "waive-penalties": (
            "acts_debtors",
            "Give up the penalties or the 40 € of an invoice, in whole or in part; the role `write_off` is needed.",
        ),
        "restore-penalties": ("acts_debtors", "Take a waiver of penalties back; the role `write_off` is needed."),
        "still-owed": (
            "acts_debtors",
            "An invoice that the accounts show as settled is owed all the same: it goes back on its ladder.",
        ),
    },
    "Debtors and their steps": {
        "debtor-kind": (
            "acts_debtors",
            "Say what a customer is: business, sole_trader, artisan, non_trader, public, or consumer.",
        ),
        "party-status": ("acts_debtors", "A customer must not be chased: nobody is contacted, a person decides."),
        "insolvent": ("acts_debtors", "A customer is in insolvency proceedings: every reminder stops."),
        "direct-debit": ("acts_debtors", "A customer pays by direct debit, or no longer does."),
        "assign": (
            "acts_debtors",
            "An invoice was assigned to a factor or by a Dailly slip: it is no longer ours to chase, unless under mandate.",
        ),
        "limit": (
            "reporting",
            "Record the credit granted to a debtor, or the amount insured; the report shows which are passed.",
        ),
        "correct-address": ("listening", "Correct an address; what came back from the old one may be sent again."),
        "address-works": ("listening", "Say that an address that came back works after all."),
        "waive": ("acts_debtors", "Leave a step of the ladder out for an invoice."),
        "restore-step": ("acts_debtors", "Put a step that was left out back on an invoice's ladder."),
        "person": ("persons", "A person's data: export and erasure."),
        "insolvency": ("intake", "Insolvency notices about our debtors."),
    },
    "Cases and evidence": {
        "missing": (
            "cases",
            "List the papers that lack for the steps that demand them, with who must bring each and by when.",
        ),
        "waive-evidence": (
            "cases",
            "Go without a paper for an invoice, or for all of a debtor's (code), with a reason.",
        ),
        "mark-document": (
            "cases",
            "Say that the debtor signed a document (by its id), or that a mandatory mention lacks on an invoice.",
        ),
        "cases": ("cases", "List cases with their state, their route and the time limits that run, soonest first."),
        "proposal": (
            "cases",
            "Show what a person looks at before choosing a route: sums, limits, papers, routes with their conditions.",
        ),
        "case-fact": (
            "cases",
            "Answer what a route or a draft asks about a case: yes or no, or a text such as the trustee's name.",
        ),
        "choose-route": (
            "cases",
            "Choose how a case goes on (a key of data/law/routes.toml); nothing leaves by itself.",
        ),
        "move-case": (
            "cases",
            "Note that a case was sent, acknowledged, that an order was obtained, served, opposed… on a day.",
        ),
        "case-payment": (
            "cases",
            "A credit (bank line) comes from who holds a case: the debtor paid it and the fees kept.",
        ),
        "close-case": (
            "cases",
            "End a case: paid, settled, lost, taken_back. What is still open is paused until a day, then the ladder speaks again.",
        ),
        "dossier": ("showing", "Make the next version of the dossier of a debtor's case."),
        "verify": ("showing", "Check a dossier with nothing but itself."),
        "evidence": ("evidence", "The evidence of the whole ledger."),
    },
    "Looking back and trying": {
        "report": (
            "reporting",
            "Write the report of a day as one HTML page: balances over time, forecast, ladder, cases, data quality.",
        ),
        "backfill": (
            "trying",
            "Decide past days again and tell which messages should have gone and did not. Sends nothing; goes on where it stopped.",
        ),
        "simulate-policy": (
            "trying",
            "Replay a candidate policy beside the one in force on past days; writes the differences to sign off. Sends nothing.",
        ),
        "hold-out": ("trying", "Try a policy on debtors drawn at random, and measure its effect."),
    },
    "Policies, law and words": {
        "policy": ("policy", "Policies."),
        "rates": ("law", "Rates of interest: what is missing, and adding one."),
        "penalty": (
            "law",
            "Compute principal, penalties and the 40 € of one late invoice, with every figure behind them.",
        ),
        "lint-templates": (
            "law",
            "Look for missing mentions and forbidden words in every text; exit 1 when something was found.",
        ),
        "mapping": ("intake", "Mappings: which column of a table is which field."),
        "validate": (
            "intake",
            "Run the official rules (EN 16931, French) over an e-invoice; exit code 1 when one is broken, 2 without the engine.",
        ),
        "change-iban": (
            "acts_house",
            "Ask for a new IBAN on every message; nothing leaves until another operator has confirmed it.",
        ),
        "confirm-iban": (
            "acts_house",
            "Confirm the new IBAN that another operator asked for; messages written with the old one are voided.",
        ),
        "refuse-iban": ("acts_house", "Refuse the new IBAN that waits; the old one holds and sending goes on."),
    },
}
