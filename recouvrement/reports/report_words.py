"""The words of the weekly report and of simulations, in French and English."""

WORDS: dict[str, tuple[str, str]] = {
    "title": ("Recouvrement au {on}", "Receivables on {on}"),
    "told": (
        "Montants en {currency}, d'après les écritures connues et prenant effet jusqu'au {on}. Les courbes portent sur douze mois.",
        "Amounts in {currency}, from what is known and took effect up to {on}. Curves cover twelve months.",
    ),
    "nothing": ("Rien à montrer.", "Nothing to show."),
    "open": ("Encours client", "Open receivables"),
    "overdue": ("dont échu", "of which overdue"),
    "of_open": ("{share} de l'encours", "{share} of what is open"),
    "dso": ("Délai de paiement (DSO)", "Days of sales outstanding"),
    "dso_note": ("par épuisement ; simple : {simple}", "count-back; simple: {simple}"),
    "cei": ("Efficacité du recouvrement", "Collection effectiveness"),
    "cei_note": ("depuis le {since}", "since {since}"),
    "expected": ("Attendu sous 30 jours", "Expected within 30 days"),
    "expected_note": ("d'après les habitudes de paiement", "from the habits of payers"),
    "promised": ("Promis", "Promised"),
    "disputed": ("Contesté", "Disputed"),
    "invoices_note": ("{count} échéances", "{count} items"),
    "aged": ("Balance âgée dans le temps", "Aged balance over time"),
    "aged_told": (
        "Ce qui était ouvert à chaque fin de mois, par retard. Les avoirs ouverts sont comptés en moins dans « non échu ».",
        "What was open at each end of month, by lateness. Open credit notes are taken off \u201cnot due\u201d.",
    ),
    "dso_section": ("Délai de paiement", "Days of sales outstanding"),
    "dso_told": (
        (
            "Simple : encours rapporté aux ventes TTC des 90 derniers jours. Par épuisement : les ventes des mois sont ôtées de l'encours "
            "depuis le plus récent, ce qui ne se laisse pas tromper par une saison. Un tiret : pas assez de ventes connues."
        ),
        (
            "Simple: what is open over the sales (tax included) of the last 90 days. Count-back: months of sales are taken off what is "
            "open from the newest, so that a season does not mislead. A dash: not enough sales are known."
        ),
    ),
    "simple": ("Simple", "Simple"),
    "count_back": ("Par épuisement", "Count-back"),
    "month": ("Mois", "Month"),
    "sales": ("Ventes TTC", "Sales (tax included)"),
    "cei_section": ("Efficacité du recouvrement", "Collection effectiveness"),
    "cei_told": (
        (
            "Part encaissée, sur le mois, de ce qui pouvait l'être : (ouvert au début + ventes − ouvert à la fin) ÷ (ouvert au début + "
            "ventes − non échu à la fin). 100 % : plus rien d'échu."
        ),
        (
            "The share collected in the month of what could have been: (open at the start + sales − open at the end) ÷ (open at the start "
            "+ sales − not yet due at the end). 100%: nothing is overdue."
        ),
    ),
    "forecast": ("Encaissements attendus", "Cash forecast"),
    "forecast_told": (
        (
            "D'après les habitudes de chaque client (les paiements récents pèsent plus ; peu de factures : la moyenne de tous). Une "
            "attente, pas un engagement ; le contesté et les clients en procédure collective n'y sont pas. Au-delà : {later}. Plus tard "
            "que tout ce qui a jamais été payé, donc non prévu : {silent}."
        ),
        (
            "From each debtor's habits (recent payments weigh more; few invoices lean on everyone's). An expectation, not a commitment; "
            "disputed amounts and insolvent debtors are left out. Beyond: {later}. Later than anything ever paid, hence not forecast: "
            "{silent}."
        ),
    ),
    "week_of": ("Semaine du", "Week from"),
    "cumulated": ("Cumul", "Running total"),
    "funnel": ("L'échelle", "The ladder"),
    "funnel_told": ("Où en sont les échéances ouvertes ce jour.", "Where the open items stand on that day."),
    "stage": ("Étape", "Stage"),
    "items": ("Échéances", "Items"),
    "debtors": ("Clients", "Debtors"),
    "contacts": ("Contacts par canal", "Contacts by channel"),
    "contacts_told": ("Messages partis et appels passés, par mois.", "Messages that left and calls made, by month."),
    "top": ("Où agir d'abord", "Where to act first"),
    "top_told": (
        (
            "Les clients dont on attend le plus sous 30 jours. Retard habituel : le nombre de jours après l'échéance au bout duquel le "
            "paiement est aussi probable que non. L'ordre sert aux personnes ; l'échelle n'en tient pas compte."
        ),
        (
            "Debtors from whom most is expected within 30 days. Usual delay: days after the due date by which payment is as likely as not. "
            "The order is for people; the ladder does not read it."
        ),
    ),
    "usual": ("Retard habituel", "Usual delay"),
    "late_share": ("Payé en retard", "Paid late"),
    "trend": ("Tendance (jours)", "Trend (days)"),
    "rests_on": ("Factures payées", "Invoices paid"),
    "days": ("{n} j", "{n} d"),
    "limits": ("Plafonds dépassés", "Limits passed"),
    "limits_told": (
        "Encours au-delà du crédit accordé ou du montant assuré (commande « recouvrement limit »).",
        "Open amounts above the credit granted or the amount insured (command \u201crecouvrement limit\u201d).",
    ),
    "credit": ("crédit accordé", "credit granted"),
    "insured": ("montant assuré", "insured"),
    "limit": ("Plafond", "Limit"),
    "kind": ("Nature", "Kind"),
    "exposure": ("Encours", "Open"),
    "above": ("Dépassement", "Above by"),
    "loss": ("Ventes pour compenser une perte", "Sales to make up for a loss"),
    "loss_told": (
        "Si ce qui a plus de 90 jours de retard n'était jamais payé : ce qu'il faudrait vendre pour le regagner à {margin} % de marge.",
        "If what is more than 90 days late were never paid, what would have to be sold to earn it again at a margin of {margin}%.",
    ),
    "loss_no_margin": (
        "Indiquez la marge de la maison (RECOUVREMENT_MARGIN_PERCENT) pour le savoir.",
        "Set the firm's margin (RECOUVREMENT_MARGIN_PERCENT) to know.",
    ),
    "over_90": ("En retard de plus de 90 jours", "More than 90 days late"),
    "to_sell": ("À vendre", "To sell"),
    "cases": ("Dossiers et délais", "Cases and deadlines"),
    "cases_told": (
        "Dossiers ouverts, mises en demeure qui courent, créances proches de la date prudente de prescription.",
        "Open cases, formal notices that run, claims close to the prudent date of limitation.",
    ),
    "deadline": ("Échéance du délai", "Deadline"),
    "what": ("Quoi", "What"),
    "notice_runs": ("délai de la mise en demeure", "formal notice runs"),
    "barred_near": ("prescription (date prudente)", "limitation (prudent date)"),
    "quality": ("Qualité des données", "Data quality"),
    "quality_told": ("Ce qui manque pour relancer juste.", "What is missing to chase rightly."),
    "all_debtors": ("Clients connus", "Debtors known"),
    "no_email": ("Clients sans e-mail", "Debtors without an e-mail"),
    "no_phone": ("Clients sans téléphone", "Debtors without a telephone"),
    "no_address": ("Clients sans adresse postale", "Debtors without a postal address"),
    "nobody_to_reach": ("Clients qu'aucun canal n'atteint", "Debtors whom no channel reaches"),
    "kind_unknown": ("Clients de nature inconnue", "Debtors of unknown kind"),
    "no_siren": ("Entreprises sans SIREN", "Firms without a SIREN"),
    "file_problems": ("Lignes de fichiers à corriger", "Lines of files to correct"),
    "credits_unmatched": ("Encaissements non attribués", "Receipts not attributed"),
    "credits_booked": ("Encaissements des 90 derniers jours", "Receipts of the last 90 days"),
    "feed_to": ("Relevés lus jusqu'au", "Bank statements read up to"),
    "never": ("jamais", "never"),
    "other_currencies": ("Ouvert en {currency}", "Open in {currency}"),
    "evidence_missing": ("Échéances auxquelles il manque une pièce", "Items whose evidence is incomplete"),
    "count": ("Nombre", "Count"),
    "debtor": ("Client", "Debtor"),
    "amount": ("Montant", "Amount"),
    "state": ("État", "State"),
    "total": ("Total", "Total"),
}


def say(key: str, language: str, **values: object) -> str:
    """A sentence or a word of the report, with its values filled in.

    >>> say("invoices_note", "fr", count=3), say("other_currencies", "en", currency="USD")
    ('3 échéances', 'Open in USD')
    """
    return WORDS[key][0 if language == "fr" else 1].format(**values)
