"""The customers of the demo worlds. The first name of each is that of seed 1; other seeds take another."""

import dataclasses


@dataclasses.dataclass(frozen=True)
class Shop:
    names: tuple
    trade: str
    city: str
    npas: tuple
    french: float  # share of contacts who write French
    profile: str = "commercial_client"

    def name(self, seed):
        return self.names[(seed - 1) % len(self.names)]


PLUMBER = Shop(
    ("Plomberie Lachance inc.", "Plomberie Rivard inc.", "Plomberie Thibodeau et fils"),
    "plumbing",
    "Montréal",
    ("514", "438", "450"),
    0.68,
)
RESELLER = Shop(
    ("Boréal Communications", "Septentrion Télécom", "Aurore Communications"),
    "it",
    "Montréal",
    ("514", "438", "418", "416", "604"),
    0.5,
)
SMALL = (
    Shop(("Atelier Vélo Plateau", "Atelier Vélo Mile End", "Vélo Rosemont"), "bike", "Montréal", ("514", "438"), 0.6),
    Shop(("Harbour View Inn", "Citadel Guest House", "Bluenose Inn"), "inn", "Halifax", ("902",), 0.08),
)
SUBACCOUNTS = (
    Shop(
        ("Clinique dentaire Sourire", "Clinique dentaire Villeray", "Centre dentaire Rosemont"),
        "dental",
        "Montréal",
        ("514", "438", "450", "579"),
        0.75,
    ),
    Shop(
        ("Callahan Reeves Law Office", "Mercer Lawson Law Office", "Thornton Yates LLP"),
        "law",
        "Toronto",
        ("416", "647", "905"),
        0.03,
    ),
    Shop(
        ("Boulangerie Au Levain", "Boulangerie La Miche", "Boulangerie Le Fournil"),
        "bakery",
        "Québec",
        ("418", "581"),
        0.95,
    ),
    Shop(
        ("École de musique Cadence", "École de danse Tempo", "École de langues Horizon"),
        "school",
        "Gatineau",
        ("819", "613", "873"),
        0.7,
        "residential_client",
    ),
    Shop(
        ("Prairie Wind Movers", "Foothills Moving Co", "Big Sky Movers"),
        "moving",
        "Calgary",
        ("403", "587", "780", "306", "204"),
        0.05,
    ),
    Shop(
        ("Harborline Veterinary", "Back Bay Animal Clinic", "Charles River Vets"),
        "vet",
        "Boston",
        ("617", "802", "206"),
        0.02,
    ),
    Shop(
        ("Brooklyn Bridge Realty", "Hudson Yards Homes", "Empire State Rentals"),
        "realty",
        "New York",
        ("212", "646", "718", "305"),
        0.02,
    ),
    Shop(
        ("Lakeshore Auto Repair", "Windy City Garage", "Great Lakes Auto"),
        "garage",
        "Chicago",
        ("312", "289", "519"),
        0.03,
    ),
    Shop(
        ("Pacific Trail Outfitters", "Coast Range Rentals", "Rain City Outdoors"),
        "outdoor",
        "Vancouver",
        ("604", "778", "250", "415", "512"),
        0.04,
    ),
)
# How lines of a trade are called, in French and English; letters, digits, blanks and a few signs only.
LINES = {
    "plumbing": (
        "Bureau",
        "Urgences 24 h",
        "Camion 1 - Marc",
        "Camion 2 - Steeve",
        "Camion 3 - Nadia",
        "Ligne Laval",
        "Rive-Sud",
        "Soumissions",
        "Comptabilité",
        "Textos clients",
        "Sans frais",
        "Entrepôt",
    ),
    "dental": ("Réception", "Rendez-vous", "Urgences dentaires", "Rappels par texto", "Facturation", "Orthodontie"),
    "law": ("Main line", "Intake", "Family law", "Real estate closings", "Fax", "Billing", "Boardroom", "After hours"),
    "bakery": ("Boutique", "Commandes", "Livraison", "Gâteaux sur mesure", "Bureau"),
    "school": ("Secrétariat", "Inscriptions", "Absences", "Direction", "Textos parents"),
    "moving": ("Dispatch", "Quotes", "Crew A", "Crew B", "Crew C", "Storage", "Claims", "Toll-free"),
    "vet": ("Front desk", "Emergencies", "Pharmacy", "Reminders", "Boarding"),
    "realty": ("Front office", "Rentals", "Open houses", "Agent line", "Maintenance", "Night line"),
    "garage": ("Service desk", "Parts", "Towing", "Tires", "Pickup texts"),
    "outdoor": ("Shop", "Rentals", "Trips", "Returns", "Warehouse", "Toll-free"),
    "bike": ("Boutique", "Atelier", "Textos réparations", "Locations"),
    "inn": ("Front desk", "Reservations", "Guest texts", "Kitchen"),
    "it": ("Ventes", "Soutien", "Administration", "NOC", "Télécopie", "Réserve", "Démo", "Facturation"),
}
