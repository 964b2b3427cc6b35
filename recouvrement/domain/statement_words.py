"""The words of a statement of account, in French and English."""

from collections.abc import Mapping

from recouvrement.domain.claim import Part
from recouvrement.domain.penalty_ledger import Caveat

PARTS: Mapping[str, Mapping[Part, str]] = {
    "fr": {
        Part.PENALTY: "pénalités",
        Part.PRINCIPAL: "principal",
        Part.INDEMNITY: "indemnité forfaitaire",
    },
    "en": {Part.PENALTY: "penalties", Part.PRINCIPAL: "principal", Part.INDEMNITY: "flat fee"},
}

WORDS: Mapping[str, Mapping[str, str]] = {
    "fr": {
        "title": "DÉCOMPTE arrêté au {day} inclus",
        "item": "{label} : principal {principal}, échéance {due}",
        "principal": "principal facturé : {change}",
        "awarded": "{on}  intérêts alloués par le titre : {change}",
        "credit_note": "{on}  avoir{reference} : {change}",
        "deposit": "{on}  acompte{reference} : {change}",
        "payment": "{on}  règlement{reference} : {change}, imputé {shares}",
        "indemnity": "{on}  indemnité forfaitaire de recouvrement : {change} ({article})",
        "segment": ("{first} au {last}  {days} j × {base} × {rate} % / {divisor} = {exact} ({article}){provisional}"),
        "rounding": "{on}  intérêts arrondis : {change}",
        "capitalised": "{on}  année entière d'intérêts capitalisée (C. civ. 1343-2) ; arrondi : {change}",
        "provisional": " [taux provisoire]",
        "balance": "      solde : principal {principal} ; pénalités {penalty} ; indemnité {indemnity}",
        "due": "Reste dû : principal {principal} ; pénalités {penalty} ; indemnité {indemnity} ; total {total}",
        "total": "TOTAL : principal {principal} ; pénalités {penalty} ; indemnités {indemnity} ; ensemble {total}",
        "costs": "Dépens alloués par le titre, à ajouter sur justification : {change}",
        "order": "Imputation des règlements postérieurs à l'échéance, dans cet ordre : {parts}.",
        "convention": (
            "Conventions : intérêts du lendemain de l'échéance au jour où les fonds sont disponibles, inclus ; année "
            "de {divisor} jours, même bissextile ; taux de chaque jour ; calcul exact entre deux règlements, arrondi "
            "au centime le plus proche (la moitié vers le haut) à chaque règlement imputé et à la fin ; ni TVA ni "
            "cumul avec les intérêts au taux légal."
        ),
        "advice": "Ce document est un calcul, non un conseil juridique.",
    },
    "en": {
        "title": "STATEMENT OF ACCOUNT up to and including {day}",
        "item": "{label}: principal {principal}, due {due}",
        "principal": "principal invoiced: {change}",
        "awarded": "{on}  interest awarded by the title: {change}",
        "credit_note": "{on}  credit note{reference}: {change}",
        "deposit": "{on}  deposit{reference}: {change}",
        "payment": "{on}  payment{reference}: {change}, applied to {shares}",
        "indemnity": "{on}  flat recovery fee: {change} ({article})",
        "segment": "{first} to {last}  {days} d × {base} × {rate} % / {divisor} = {exact} ({article}){provisional}",
        "rounding": "{on}  interest rounded: {change}",
        "capitalised": "{on}  whole year of interest capitalised (C. civ. 1343-2); rounded: {change}",
        "provisional": " [provisional rate]",
        "balance": "      balance: principal {principal}; penalties {penalty}; fee {indemnity}",
        "due": "Remaining due: principal {principal}; penalties {penalty}; fee {indemnity}; total {total}",
        "total": "TOTAL: principal {principal}; penalties {penalty}; fees {indemnity}; all {total}",
        "costs": "Costs awarded by the title, to be added on proof: {change}",
        "order": "Payments after the due date were applied in this order: {parts}.",
        "convention": (
            "Conventions: interest runs from the day after the due date to the day the funds are available, included; "
            "a year has {divisor} days, leap or not; each day bears its own rate; exact between two payments, rounded "
            "half-up to the cent when a payment is applied and at the end; no VAT, and no legal interest on top."
        ),
        "advice": "This document is a computation, not legal advice.",
    },
}

CAVEATS: Mapping[str, Mapping[Caveat, str]] = {
    "fr": {
        Caveat.PROVISIONAL_RATE: (
            "TAUX PROVISOIRE : le dernier taux connu a été reporté ; aucun acte ni mise en demeure sur cette base."
        ),
        Caveat.CONTRACT_RATE_UNDER_FLOOR: (
            "Le taux contractuel est inférieur à trois fois le taux légal pour {semesters} ; quel taux s'applique alors "
            "n'est pas tranché : à vérifier."
        ),
        Caveat.FLOOR_NOT_KNOWN: "Le plancher du taux contractuel n'est pas connu pour toute la période.",
        Caveat.STOPPED_BY_INSOLVENCY: (
            "Intérêts arrêtés la veille du jugement d'ouverture du {insolvency} (C. com. L622-28 ; le jour même n'est "
            "pas tranché)."
        ),
        Caveat.PAYMENT_AFTER_JUDGMENT: (
            "Un règlement a été reçu à compter du jugement d'ouverture : il peut être annulé (C. com. L622-7)."
        ),
        Caveat.TITLE_REPLACES_PENALTIES: "Créance calculée d'après le titre exécutoire, sans pénalités contractuelles.",
        Caveat.CONSUMER_WITHOUT_NOTICE: (
            "Consommateur sans mise en demeure reçue : aucun intérêt ne court (C. civ. 1231-6)."
        ),
        Caveat.CREDITED_IN_FULL: "La facture est entièrement annulée par avoir : vérifier avant toute demande.",
        Caveat.WAIVED: "Le créancier a renoncé aux pénalités.",
    },
    "en": {
        Caveat.PROVISIONAL_RATE: (
            "PROVISIONAL RATE: the last known rate was carried forward; no act or formal notice on this basis."
        ),
        Caveat.CONTRACT_RATE_UNDER_FLOOR: (
            "The contractual rate is under three times the legal rate for {semesters}; which rate then applies is not "
            "settled: to be checked."
        ),
        Caveat.FLOOR_NOT_KNOWN: "The floor of the contractual rate is not known for the whole period.",
        Caveat.STOPPED_BY_INSOLVENCY: (
            "Interest stopped the day before the opening judgment of {insolvency} (C. com. L622-28; the day itself is "
            "not settled)."
        ),
        Caveat.PAYMENT_AFTER_JUDGMENT: (
            "A payment was received on or after the opening judgment: it may be annulled (C. com. L622-7)."
        ),
        Caveat.TITLE_REPLACES_PENALTIES: "The claim is computed from the enforceable title, without contract penalties.",
        Caveat.CONSUMER_WITHOUT_NOTICE: "A consumer who received no formal notice owes no interest (C. civ. 1231-6).",
        Caveat.CREDITED_IN_FULL: "The invoice is cancelled by credit notes in full: check before asking for anything.",
        Caveat.WAIVED: "The creditor waived penalties.",
    },
}
