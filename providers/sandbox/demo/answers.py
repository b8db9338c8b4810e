"""The answers that people outside give by themselves, in the language of the text they got."""

import re
import zlib

FRENCH = set(
    """
le la les un une des du au aux et est vous votre vos nous notre pour pas que qui dans sur avec bonjour
merci demain je tu il elle on ce cette c'est s'il plait plaît oui non rendez-vous facture heure heures à
été êtes suis sera bien salut bonsoir allo aujourd'hui matin soir lundi mardi mercredi jeudi vendredi
samedi dimanche numéro
""".split()
)
ENGLISH = set(
    """
the a an and is are you your we our for not that this with on at hello hi hey thanks thank tomorrow i he
she it please yes no appointment invoice hour hours will be today morning evening monday tuesday
wednesday thursday friday saturday sunday number
""".split()
)
EN = (
    'Got it: "{}" 👍',
    'Thanks! Just saw "{}".',
    'Perfect, "{}" works for me.',
    'OK, noted: "{}".',
    'Sorry, was driving. About "{}": sounds good!',
    'Received "{}" - thank you.',
    'Sure thing. "{}", understood.',
)
FR = (
    "Bien reçu : « {} » 👍",
    "Merci! Je viens de voir « {} ».",
    "Parfait, « {} », ça me va.",
    "OK, c'est noté : « {} ».",
    "Désolé, j'étais au volant. Pour « {} », c'est bon!",
    "Reçu « {} », merci beaucoup.",
    "Pas de problème. « {} », compris.",
)
PICTURE = {"en": "Nice picture, thanks! 📷", "fr": "Belle photo, merci! 📷"}
LONGEST = 60


def language(text):
    words = re.findall(r"[\w'’-]+", text.lower().replace("’", "'"))
    french = sum(word in FRENCH for word in words) + len(re.findall(r"[àâçéèêëîïôûù]", text.lower()))
    return "fr" if french > sum(word in ENGLISH for word in words) else "en"


def part_of(text):
    """The beginning, cut at a word."""
    text = " ".join(text.split())
    if len(text) <= LONGEST:
        return text.rstrip(".!")
    return text[:LONGEST].rsplit(" ", 1)[0].rstrip(",.;:") + "…"


def to(text, picture=False):
    spoken = language(text)
    if picture and not text.strip():
        return PICTURE[spoken]
    forms = FR if spoken == "fr" else EN
    return forms[zlib.crc32(text.encode()) % len(forms)].format(part_of(text))
