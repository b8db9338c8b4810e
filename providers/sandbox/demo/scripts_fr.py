"""Conversations in French by trade. The contact speaks after <, the shop after >; a + adds a picture."""

GENERAL = """
< Bonjour, êtes-vous ouverts {day}?
> Bonjour! Oui, {day} de 9 h à 17 h.
< Parfait, merci!

< Bonjour, j'ai reçu la facture {inv} mais je pense l'avoir déjà payée.
> Bonjour {first}, je vérifie ça et je vous reviens.
> Vous avez raison, le paiement de {amount} $ est entré {lastday}. Désolée pour le dérangement!
< Pas de souci, bonne journée 🙂

> Bonjour {first}, petit rappel : la facture {inv} de {amount} $ est due {day}. Merci!
< Bonjour, je fais le virement ce soir.
> Super, merci beaucoup.
< C'est fait, mot de passe : le même que d'habitude.
> Bien reçu, merci {first}!

< Allô, est-ce que quelqu'un peut me rappeler? C'est au sujet de mon rendez-vous de {day}.
> Bonjour {first}, {me} vous appelle d'ici 15 minutes.
< Merci!

> Bonjour {first}, est-ce que tout s'est bien passé {lastday}?
< Oui, très satisfait du service! 👍
> Ça fait plaisir. Si vous avez deux minutes, un avis en ligne nous aide beaucoup.
< Je vous fais ça.

< Je dois remettre mon rendez-vous, est-ce que {day} {time} est possible?
> {day} {time} est pris, mais il reste {time2}.
< {time2} c'est parfait.
> C'est noté, à {day}!

< Vous acceptez les cartes de crédit?
> Oui, toutes les cartes, le débit et les virements.
< Excellent.

< Pouvez-vous m'envoyer le reçu par courriel?
> Bien sûr, à quelle adresse?
< La même que dans mon dossier.
> Envoyé! Vérifiez les indésirables au cas où.
< Je l'ai, merci bien.

> Bonjour {first}, nous serons fermés lundi pour le congé. Retour mardi 8 h.
< Merci de l'info, bon congé à toute l'équipe!

< C'est quoi votre adresse déjà?
> {civic} {street}. Le stationnement est derrière.
< Merci, j'arrive dans 10 minutes.
> Parfait, à tantôt!

< Bonjour! Mon nouveau numéro, c'est celui-ci. L'ancien ne fonctionne plus.
> Merci {first}, c'est changé dans votre dossier.

> Bonjour {first}, vos documents sont prêts. Vous pouvez passer quand vous voulez avant {time2}.
< Je passe après le travail, vers {time}.
> Parfait.
"""

PLUMBING = """
< Bonjour, j'ai une fuite sous l'évier de la cuisine, pouvez-vous passer aujourd'hui?
> Bonjour! On peut être là entre {time} et {time2}. Pouvez-vous fermer la valve en attendant?
< Oui, c'est fermé. Le {civic} {street}.
> Parfait, {me} sera là. Il vous texte avant d'arriver.
> Bonjour, c'est {me}, je suis là dans 20 minutes.
< OK merci!

< Le chauffe-eau coule par en dessous 😬
> Ouf. Fermez l'eau froide en haut du réservoir et le disjoncteur. Quelle grandeur, 40 ou 60 gallons?
<+ 60 je crois. Voici une photo.
> Oui, 60. On en a un en stock : {amount} $ installé, taxes en sus.
< OK, quand?
> Demain {time}. Ça vous va?
< Oui, merci beaucoup.

> Bonjour {first}, confirmation : rendez-vous du plombier {day} à {time}. Répondez OUI pour confirmer.
< Oui
> Merci, à {day}!

> Bonjour {first}, votre soumission est prête : {amount} $ pour la salle de bain, tout inclus.
< Merci. Est-ce que ça comprend la robinetterie?
> Oui, sauf la colonne de douche que vous avez choisie vous-même.
< Parfait, on y va. Quand pouvez-vous commencer?
> On peut commencer {day}. Je vous envoie le contrat par courriel.
< Signé et renvoyé ✍️

< Urgence! L'eau monte dans le sous-sol, le drain refoule
> On envoie quelqu'un tout de suite. {me} part de Laval, 35 minutes environ. N'utilisez pas l'eau.
< D'accord, {civic} {street}
> Il est en route.
> Je suis arrivé, je sonne.
< Merci d'être venus si vite!!

< Bonjour, combien pour changer un robinet de cuisine?
> Bonjour! Entre 165 $ et 240 $ selon le modèle, déplacement inclus à Montréal.
< J'ai déjà le robinet.
> Alors 165 $ plus taxes. Voulez-vous {day} {time}?
< OK pour {day}.

> Bonjour {first}, c'est {me}. Pris dans le trafic sur la 40, je serai là vers {time2} plutôt que {time}.
< Pas de problème, je suis là toute la journée.
> Merci de votre patience.

< La toilette coule encore, c'est la deuxième fois ce mois-ci…
> Désolée {first}. C'est sous garantie, on repasse sans frais. {day} {time}?
< Oui, mais j'aimerais que ce soit {me} cette fois.
> C'est noté, ce sera {me}.
< Merci.

<+ Voici la pièce cassée, vous avez ça?
> Oui, c'est une cartouche standard. On l'a dans le camion.
< Super, donc pas besoin de commander?
> Non, {me} l'apporte {day}.

> Bonjour {first}, l'inspection annuelle de votre antirefoulement est due. On fixe un rendez-vous?
< Oui, le matin si possible.
> {day} à {time}?
< Parfait.
> C'est réservé. La ville reçoit le rapport automatiquement.

< Est-ce que le gars est en route? Il était prévu pour {time}
> Je vérifie.
> {me} finit sur {street}, il sera chez vous dans 25 minutes.
< OK.

> Bonjour, ici {me}. J'ai terminé chez vous, j'ai laissé l'ancienne pièce sur le comptoir.
<+ Merci! C'est normal, la petite goutte ici?
> Non, resserrez l'écrou d'un quart de tour à la main. Sinon je repasse demain.
< Ça a marché 💪

< Bonjour, les tuyaux ont gelé dans le garage, que faire?
> Ouvrez le robinet, chauffez doucement avec un séchoir, jamais avec une flamme. On peut passer à {time}.
< Je vais essayer et je vous redonne des nouvelles.
< C'est dégelé! Aucune fuite on dirait.
> Bravo! Gardez un filet d'eau cette nuit, ils annoncent -22.

> {first}, le matériel pour votre chantier du {civic} {street} est arrivé. On installe {day}?
< {day} c'est bon, le concierge vous ouvrira.
> Merci. Prévoir une coupure d'eau de {time} à {time2}.
< J'avise les locataires.

< Bonjour c'est {first} de la gestion d'immeubles. Trois logements sans eau chaude au {civic} {street}.
> Bonjour {first}. Est-ce que la chaudière affiche un code?
<+ E110
> C'est l'allumage. {me} y va à {time} avec la pièce.
< Merci, les locataires appellent sans arrêt 😅
> Réparé. Eau chaude dans une heure environ.

< Pouvez-vous m'appeler? J'ai une question sur la soumission de {amount} $
> Oui, dans 10 minutes ça va?
< Parfait

> Bonjour {first}, il nous manque le code de la porte pour {day}.
< 4417 et ensuite la clé 🔑
> Merci!

< Bonjour, vous êtes passés {lastday} et l'odeur d'égout est revenue.
> Bonjour, le siphon est peut-être sec. Versez un litre d'eau dans le drain de plancher et dites-nous demain.
< C'était ça, plus d'odeur. Merci!
> 👍
"""

DENTAL = """
> Bonjour {first}, rappel de votre nettoyage {day} à {time} à la clinique. Répondez C pour confirmer.
< C
> Merci, à {day}! 😁

< Bonjour, j'ai mal à une molaire depuis hier soir
> Bonjour {first}, est-ce que c'est sensible au froid?
< Oui et à la pression aussi
> La dentiste peut vous voir aujourd'hui à {time}.
< Je prends.

< Est-ce que mon assurance couvre la couronne?
> On envoie l'estimation à votre assureur aujourd'hui. Comptez trois jours.
> Réponse reçue : couvert à 80 %. Il resterait {amount} $.
< Merci, on peut fixer le rendez-vous.
> {day} à {time}?
< Oui.

> Bonjour {first}, une place s'est libérée {day} à {time}. Vous la voulez?
< Oui svp!
> Elle est à vous.
"""
BAKERY = """
< Bonjour, je voudrais commander un gâteau pour 20 personnes pour {day}
> Avec plaisir! Chocolat, vanille-framboise ou citron?
< Vanille-framboise, avec « Bonne fête {first} »
> C'est noté : {amount} $. Prêt à partir de {time}.
< Merci! 🎂

> Bonjour {first}, votre commande est prête. On ferme à 18 h.
< J'arrive!

< Avez-vous encore des miches au seigle?
> Il en reste trois, je vous en mets une de côté?
< Deux s'il vous plaît
> C'est fait, à votre nom jusqu'à {time2}.

> Bonjour {first}, la livraison au café est partie, arrivée vers {time}.
< Bien reçu. Demain on prendra 40 croissants plutôt que 30.
> C'est noté, 40 croissants 🥐
"""
SCHOOL = """
< Bonjour, mon fils sera absent {day}, il est malade.
> Bonjour {first}, c'est noté. Bon rétablissement! Une reprise est offerte {time2} samedi.
< Merci, on prend la reprise.

> Bonjour {first}, le récital est {day} à {time}. Arrivée des élèves 30 minutes avant.
< Combien de billets par famille?
> Quatre. Les autres sont à 12 $.
< Parfait, on sera six donc deux de plus.

> Rappel : inscriptions de la session d'hiver jusqu'à {day}. Le paiement de {amount} $ se fait en ligne.
< Est-ce qu'on peut payer en deux versements?
> Oui, choisissez l'option à la dernière étape.
< Merci!

< Le professeur {me} est-il là aujourd'hui? La porte est barrée
> On vous ouvre tout de suite, la sonnette est en panne.
< 👍
"""
BIKE = """
> Bonjour {first}, votre vélo est prêt! Mise au point et câble de frein : {amount} $.
< Super, vous fermez à quelle heure?
> 18 h, jeudi et vendredi 20 h.
< Je passe à {time2}.

< Bonjour, j'ai cassé un rayon, pouvez-vous réparer aujourd'hui?
> Oui si vous l'apportez avant {time}.
<+ C'est celui-là, roue arrière
> Aucun problème, 15 minutes d'ouvrage.

< Avez-vous des vélos d'hiver à louer?
> Oui, 85 $ par mois avec pneus à clous. Quelle est votre grandeur?
< 1 m 72
> Il en reste deux. Je vous en réserve un pour {day}?
< Oui merci!

> {first}, la pièce commandée est en rupture jusqu'au mois prochain. On en met une compatible, même prix?
< Allez-y
> Parfait, prêt {day}.
"""
IT = """
> Bonjour {first}, votre nouveau numéro est actif. Les textos fonctionnent dès maintenant.
< Merci, je viens de tester et ça marche.

< On n'a plus de tonalité au bureau depuis ce matin
> Bonjour, avez-vous redémarré le routeur? On voit vos postes hors ligne.
< C'est reparti après le redémarrage.
> Parfait, on garde un œil dessus.

> Bonjour {first}, le transfert de vos lignes est confirmé pour {day}. Ne résiliez rien d'ici là.
< Merci, c'est compris.

< Est-ce possible d'ajouter deux postes?
> Bien sûr : {amount} $ par mois au total. On les active {day}?
< OK allez-y.
"""
TRADES = {"plumbing": PLUMBING, "dental": DENTAL, "bakery": BAKERY, "school": SCHOOL, "bike": BIKE, "it": IT}
