"""Message texts in English and French; clients should look at the codes only."""

TEXTS = {
    "authentication_failed": ("Authentication failed.", "L'authentification a échoué."),
    "authentication_token_required": ("A token is required.", "Un jeton est requis."),
    "auth_username_required": ("A user is required.", "Un utilisateur est requis."),
    "auth_username_invalid": ("The user is not valid.", "L'utilisateur n'est pas valide."),
    "request_type_required": ("No request type was given.", "Aucun type de requête n'a été donné."),
    "request_type_invalid": ("There is no such request type.", "Ce type de requête n'existe pas."),
    "request_type_not_implemented": (
        "This request type is not available at the moment.",
        "Ce type de requête n'est pas offert pour le moment.",
    ),
    "requests_soft_limit_reached": (
        "You have reached the hourly limit; further requests may be denied.",
        "Vous avez atteint la limite horaire; d'autres requêtes pourraient être refusées.",
    ),
    "requests_hard_limit_exceeded": (
        "Too many requests: access is suspended for 60 minutes.",
        "Trop de requêtes : l'accès est suspendu pour 60 minutes.",
    ),
    "required_parameter_not_found": ("A required parameter is missing.", "Un paramètre requis est manquant."),
    "search_parameters_required": ("Search parameters are required.", "Des critères de recherche sont requis."),
    "forward_number_used_by_did": (
        "The forward number is one of your own numbers.",
        "Le numéro de renvoi est l'un de vos propres numéros.",
    ),
    "permission_refused": ("This number may not do that.", "Ce numéro n'a pas cette permission."),
    "duplicate_entry": (
        "The same message was queued a moment ago.",
        "Le même message a été mis en file il y a un instant.",
    ),
    "alternate_address_provided": (
        "No exact match; see the alternate addresses.",
        "Aucune correspondance exacte; voyez les adresses proposées.",
    ),
    "no_e911_endpoint_found": ("There is no 911 address.", "Il n'y a pas d'adresse 911."),
    "last_endpoint_was_deleted": (
        "Your last 911 address is gone; a 911 call will now be charged.",
        "Votre dernière adresse 911 est supprimée; un appel au 911 sera maintenant facturé.",
    ),
    "entry_is_default_endpoint": (
        "This is the default 911 address of the account.",
        "C'est l'adresse 911 par défaut du compte.",
    ),
    "could_not_send": ("Your order could not be sent.", "Votre commande n'a pas pu être envoyée."),
    "internal_error-invalid_argument": ("An argument is not usable.", "Un argument est inutilisable."),
    "internal_error-database_error": ("A database error occurred.", "Une erreur de base de données est survenue."),
    "did_updated": ("The number was updated.", "Le numéro a été modifié."),
    "did_deleted": ("The number was released.", "Le numéro a été libéré."),
    "did_activated": ("The number is now yours.", "Le numéro est maintenant à vous."),
    "dids_ordered": ("Your order was sent to our staff.", "Votre commande a été transmise à notre équipe."),
    "sms_deleted": ("The message was deleted.", "Le message a été supprimé."),
    "port_request_saved": ("The port request was saved.", "La demande de portabilité a été enregistrée."),
    "port_request_sent": (
        "The port request was sent to our staff.",
        "La demande de portabilité a été transmise à notre équipe.",
    ),
    "e911_valid": ("The address is valid.", "L'adresse est valide."),
    "e911_updated": ("The 911 address was saved.", "L'adresse 911 a été enregistrée."),
    "e911_deleted": ("The 911 address was removed.", "L'adresse 911 a été retirée."),
    "e911_associated": ("The peer was associated.", "Le poste a été associé."),
    "e911_disassociated": ("The peer was disassociated.", "Le poste a été dissocié."),
    "subaccount_updated": ("The subaccount was saved.", "Le sous-compte a été enregistré."),
    "subaccount_associations_updated": ("The associations were saved.", "Les associations ont été enregistrées."),
    "subaccount_address_updated": ("The address was saved.", "L'adresse a été enregistrée."),
    "call_dispatched": ("The call is being placed.", "L'appel est en cours d'établissement."),
    "voicemail_broadcast_queued": ("The message is on its way.", "Le message est en route."),
    "call_issue_reported": ("The problem was reported.", "Le problème a été signalé."),
    "callerid_rejection_notice": (
        "A toll-free caller ID is refused by some carriers.",
        "Un afficheur sans frais est refusé par certains fournisseurs.",
    ),
    "global_callerid_name_undefined": (
        "The account has no caller ID name.",
        "Le compte n'a pas de nom d'afficheur.",
    ),
    "global_callerid_infos_undefined": (
        "The account's caller ID is not set up.",
        "L'afficheur du compte n'est pas configuré.",
    ),
    "peer_did_dependency": ("A number rings at this peer.", "Un numéro sonne à ce poste."),
    "peer_excluded_from_sync": (
        "This peer is kept out of synchronization; the change has no effect on it yet.",
        "Ce poste est exclu de la synchronisation; le changement n'a pas encore d'effet.",
    ),
    "peer_exist": ("This username is taken.", "Ce nom d'utilisateur est pris."),
    "peers_limit_reached": ("There can be no more peers.", "Aucun poste ne peut être ajouté."),
    "peers_to_ring_limit_reached": ("At most five peers can ring.", "Cinq postes au plus peuvent sonner."),
    "default_mailbox_dependency": ("This is the default mailbox.", "C'est la boîte vocale par défaut."),
    "mailbox_did_dependency": ("A number uses this mailbox.", "Un numéro utilise cette boîte vocale."),
    "voice_mailboxes_limit_reached": (
        "There can be no more mailboxes.",
        "Aucune boîte vocale ne peut être ajoutée.",
    ),
    "extension_already_in_use": ("This extension is taken.", "Ce poste est déjà utilisé."),
    "socket_error": ("The call could not be set up.", "L'appel n'a pas pu être établi."),
}
ENDINGS = {
    "_required": ("{0} is required.", "{0} est requis."),
    "_invalid": ("{0} is not valid.", "{0} n'est pas valide."),
    "_not_found": ("{0} was not found.", "{0} est introuvable."),
    "_updated": ("{0} was saved.", "{0} : enregistré."),
    "_deleted": ("{0} was deleted.", "{0} : supprimé."),
}


def text(code, language="en"):
    pick = 1 if language == "fr" else 0
    if code in TEXTS:
        return TEXTS[code][pick]
    for ending, forms in ENDINGS.items():
        if code.endswith(ending):
            return forms[pick].format(code[: -len(ending)])
    return code.replace("_", " ").capitalize() + "."
