"""First and last names, companies, and helpers to draw from them; nobody real is meant."""

FIRST_FR = """
Amélie Julien Sophie Mathieu Camille Étienne Geneviève Sébastien Chloé Olivier Noémie Félix Mélanie
Guillaume Catherine Vincent Ariane Philippe Émilie Maxime Stéphanie Jérôme Valérie Benoît Laurence
Rachid Fatou Karim Mireille Yves Ginette Réjean Lucie Normand Sylvie Denis Manon Thierry Annie Hugo
""".split()
FIRST_EN = """
Emily Jason Sarah Kevin Megan Tyler Priya Daniel Olivia Marcus Grace Ethan Hannah Liam Nadia Owen Chloe
Ryan Aisha Connor Leah Brandon Mei Victor Rachel Dylan Tara Simon Kayla Omar Brenda Doug Linda Wayne
Cheryl Gord
""".split()
LAST_FR = """
Beaulieu Cormier Desrosiers Fontaine Gauvreau Lalonde Marchand Nadeau Ouimet Paquin Quesnel Rivard Sauvé
Thibodeau Vaillancourt Archambault Bisson Charest Duquette Frenette
""".split()
LAST_EN = """
Abbott Callahan Donnelly Everett Fraser Gallagher Hobbs Keller Lawson Mercer Norwood Pritchard Quigley
Reeves Sawyer Thornton Underhill Whitaker Yates Sharma
""".split()
MOVED_FROM = (
    "Nordet Telecom",
    "Fleuve Mobile",
    "Cablo-Est",
    "Trillium Tel",
    "Great Lakes Wireless",
    "Pacific Wave",
    "Foothills Tel",
    "Hudson Line",
    "Lakeshore Tel",
    "Harborline",
    "Tidewater",
)


def first(dice, language):
    return dice.choice(FIRST_FR if language == "fr" else FIRST_EN)


def last(dice, language):
    return dice.choice(LAST_FR if language == "fr" else LAST_EN)
