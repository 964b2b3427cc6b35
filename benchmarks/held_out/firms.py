"""Names of customers, many of them like one another, and of those who pay in their place."""

import random
from dataclasses import dataclass

from benchmarks.held_out.kinds import Kind

SURNAMES = """ARNAUD BARBIER BESSON BOUCHER BRETON CARON CHARPENTIER COLLET DELAUNAY DESCHAMPS DUFOUR ETIENNE FERNANDES
    FLEURY GAILLARD GERARD GILLET GUILLOT HAMON HUBERT JACQUET KLEIN LACROIX LEBLANC LECLERC LEMAIRE LUCAS MAILLARD
    MARCHAND MASSON MENARD MEUNIER NOEL OLIVIER PARIS PELLETIER PICARD POIRIER PREVOST RENARD REY RIVIERE ROLLAND
    ROYER SCHMITT TANGUY TESSIER VASSEUR WEBER ZIMMERMANN""".split()  # noqa: SIM905
GIVEN = "JEAN MARIE PAUL ANNE LUC CLAIRE YVES SOPHIE".split()  # noqa: SIM905
TRADES = """AGENCEMENT ASSAINISSEMENT BOULANGERIE CARRELAGE CHARPENTE CLIMATISATION CONSEIL CONSTRUCTION COUVERTURE
    DÉMÉNAGEMENT DISTRIBUTION ÉLECTRICITÉ FAÇADES FORMATION IMMOBILIER INFORMATIQUE ISOLATION LOGISTIQUE MÉTALLERIE
    NÉGOCE PAYSAGE PEINTURE PLOMBERIE PROPRETÉ RESTAURATION SÉCURITÉ SERRURERIE TERRASSEMENT TRANSPORTS VITRERIE""".split()  # noqa: SIM905
COINED = "ALTIVIA BOREALYS CORDALYS DYNEXIA ELIOTECH FORMATIS GEOSENS HELIANCE KAORIS LUMNEO NOVATYS OPALIA".split()  # noqa: SIM905
PLACES = "ANGERS BREST CAEN DIJON EVREUX GAP LAVAL LILLE LYON METZ NANTES NIORT PAU REIMS TOURS VANNES".split()  # noqa: SIM905
FORMS = ("SARL", "SAS", "SASU", "EURL", "SA", "SCI", "ETS", "STE", "SNC")
FACTORS = ("BNP PARIBAS FACTOR", "FACTOFRANCE", "EUROFACTOR", "BIBBY FACTOR FRANCE")
NOTARIES = ("SCP {} NOTAIRES", "OFFICE NOTARIAL {}", "ETUDE {} ET ASSOCIES NOTAIRES")


@dataclass(frozen=True, slots=True)
class Customer:
    """One customer and how it pays; `shown` is the name that its bank sends, `accounts` what it pays from."""

    code: str
    name: str
    shown: str
    parent: str
    siren: str
    account: str
    on_file: bool
    delay: int
    batches: bool
    silent: bool
    language: str

    @property
    def vat_number(self) -> str:
        """The VAT number that goes with the SIREN."""
        return f"FR{(12 + 3 * int(self.siren) % 97) % 97:02d}{self.siren}"


def customers(chance: random.Random, kind: Kind) -> list[Customer]:
    """As many customers as the kind wants, no two of the same name."""
    names: dict[str, None] = {}
    while len(names) < kind.customers:
        known = list(names)
        like = chance.choice(known) if known and chance.random() < kind.twins else ""
        names.setdefault(_twin(chance, like) if like else _name(chance))
    return [_customer(chance, kind, rank, name) for rank, name in enumerate(names, 1)]


def _name(chance: random.Random) -> str:
    core = chance.choices(
        (
            f"{chance.choice(SURNAMES)} {chance.choice(TRADES)}",
            f"{chance.choice(TRADES)} {chance.choice(SURNAMES)}",
            f"{chance.choice(SURNAMES)} & FILS",
            f"{chance.choice(COINED)}",
            f"{chance.choice(GIVEN)} {chance.choice(SURNAMES)}",
            f"{chance.choice(COINED)} {chance.choice(TRADES)}",
        ),
        (9, 5, 2, 1, 2, 1),
    )[0]
    place = f" {chance.choice(PLACES)}" if chance.random() < 0.25 else ""
    form = chance.choice(FORMS)
    return f"{form} {core}{place}" if chance.random() < 0.6 else f"{core}{place} {form}"


def _twin(chance: random.Random, like: str) -> str:
    """A relative, a subsidiary, a branch or a homonym of a customer."""
    words = [w for w in like.split() if w not in FORMS]
    first = next((w for w in words if w in SURNAMES or w in COINED), words[0])
    return chance.choice(
        (
            f"{chance.choice(FORMS)} {first} {chance.choice(TRADES)}",
            f"{chance.choice(FORMS)} {' '.join(words)} {chance.choice(PLACES)}",
            f"{first} {chance.choice(TRADES)} {chance.choice(FORMS)}",
            f"{chance.choice(GIVEN)} {first}",
            f"GROUPE {first}",
            f"SCI {first} IMMOBILIER",
        )
    )


def _customer(chance: random.Random, kind: Kind, rank: int, name: str) -> Customer:
    words = [w for w in name.split() if w not in FORMS]
    first = next((w for w in words if w in SURNAMES or w in COINED), words[0])
    account = f"FR76{chance.randrange(10**22):022d}"
    return Customer(
        f"{first[:3]}{rank:03d}", name, chance.choice((name, name, " ".join(words), " ".join(reversed(words)))),
        chance.choice((f"HOLDING {first}", f"FINANCIERE {chance.choice(SURNAMES)}", f"{first} PARTICIPATIONS")),
        f"{chance.randrange(300_000_000, 900_000_000)}", account, chance.random() < 0.5,
        round(chance.triangular(-3, 45, 4)), chance.random() < kind.several, chance.random() > kind.numbered + kind.own_reference,
        chance.choice(kind.languages),
    )  # fmt: skip
