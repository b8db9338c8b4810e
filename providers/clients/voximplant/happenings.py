"""What Voximplant's account callbacks carry, as data: for each type the structure of its payload, if it has one.

The notation is that of `structures`.
"""

PAYLOADS = {
    "AccountDocumentUploadedCallback": "account_document_id:n uploaded:u verification_name legal_status",
    "BatchTaskCancellingCallback": "batch_id cancelled_tasks_number:n",
    "RegulationAddressUploadedCallback": "regulation_address_id:n uploaded:u is_individual:b regulation_address_name",
    "AccountDocumentVerifiedCallback": (
        "account_document_id:n account_document_status uploaded:u comment verification_name legal_status"
    ),
    "CallHistoryReportCallback": "history_report_id:n success:b order_date:u",
    "CardPaymentCallback": "transaction_id:n transaction_type amount:m",
    "RobokassaPaymentCallback": "transaction_id:n transaction_type amount:m",
    "WireTransferCallback": "transaction_id:n transaction_type amount:m",
    "MinBalanceCallback": "is_min_credit:b is_repeated:b",
    "RegulationAddressVerifiedCallback": (
        "regulation_address_id:n regulation_address_status uploaded:u is_individual:b comment regulation_address_name"
    ),
    "RenewedSubscriptionsCallback": "subscriptions:[RenewedSubscriptionsCallbackItem]",
    "RenewedSubscriptionsCallbackItem": "type name cost:m next_renewal:d details:[SubscriptionCallbackDetails]",
    "SubscriptionCallbackDetails": (
        "type phone_numbers:[SubscriptionCallbackDetailsPhoneNumbers] "
        "sip_registrations:[SubscriptionCallbackDetailsSipRegistrations]"
    ),
    "SubscriptionCallbackDetailsPhoneNumbers": "phone_id:n phone_number",
    "SubscriptionCallbackDetailsSipRegistrations": "sip_registration_id:n",
    "SIPRegistrationFailCallback": "sip_registrations:[SIPRegistrationIsFailedCallbackItem]",
    "SIPRegistrationIsFailedCallbackItem": "sip_registration_id:n status_code error_message",
    "SIPRegistrationRecoveredCallback": "sip_registrations:[SIPRegistrationIsRecoveredCallbackItem]",
    "SIPRegistrationIsRecoveredCallbackItem": "sip_registration_id:n",
    "SubscriptionIsFrozenCallback": "subscriptions:[SubscriptionIsFrozenCallbackItem]",
    "SubscriptionIsFrozenCallbackItem": "type name cost:m details:[SubscriptionCallbackDetails]",
    "SubscriptionIsDetachedCallback": "subscriptions:[SubscriptionIsDetachedCallbackItem]",
    "SubscriptionIsDetachedCallbackItem": "type name details:[SubscriptionCallbackDetails]",
    "TransactionHistoryReportCallback": "history_report_id:n success:b order_date:u",
    "UnverifiedSubscriptionDetachedCallback": "subscriptions:[UnverifiedSubscriptionDetachedCallbackItem]",
    "UnverifiedSubscriptionDetachedCallbackItem": "type name details:[SubscriptionCallbackDetails]",
    "ExpiringCallerIDCallback": "callerids:[text] expiration_date:d",
    "TranscriptionCompleteCallback": "transcription_complete:TranscriptionCompleteCallbackItem",
    "TranscriptionCompleteCallbackItem": "record_url transcription_url call_session_history_id:n transcription_cost:m",
    "InboundSmsCallback": "sms_inbound:InboundSmsCallbackItem",
    "InboundSmsCallbackItem": "source_number destination_number sms_body receival_date:u",
    "PhoneNumberActivationStatusChangedCallback": (
        "phone_number_activation_status_changed:PhoneNumberActivationStatusChangedCallbackItem"
    ),
    "PhoneNumberActivationStatusChangedCallbackItem": "phone_number activation_status",
    "ExpiringAgreementCallback": "expiration_date:d until_expiration:n",
    "ExpiredAgreementCallback": "document_ids:[n]",
    "RestoredAgreementStatusCallback": "document_id:n expiration_date:d",
    "NextChargeAlertCallback": "required_money:m insufficient_funds_amount:m",
    "ExpiredCertificateCallback": "certificates:[CertificateInfo]",
    "CertificateInfo": "push_credential_id:n cert_file_name expiration_date:d applications:[text]",
    "ExpiringCertificateCallback": "certificates:[CertificateInfo]",
    "AccountDocumentStatusUpdatedCallback": (
        "account_document_id:n previous_account_document_status account_document_status update_time:u comment "
        "legal_status"
    ),
    "A2PActivatedCallback": "a2p_enabled:b",
    "RegulationAddressDocumentsRequestedCallback": (
        "regulation_address_id:n regulation_address_name regulation_address_status update_time:u is_individual:b "
        "comment"
    ),
    "InvoiceReceivedCallback": "invoice_id:n invoice_date:u receival_date:u amount:m tax_amount:m currency",
}

# type -> structure of the member of that name, "" when it carries nothing
TYPES = {
    "account_document_uploaded": "AccountDocumentUploadedCallback",
    "batch_task_cancelling_completed": "BatchTaskCancellingCallback",
    "regulation_address_uploaded": "RegulationAddressUploadedCallback",
    "account_document_verified": "AccountDocumentVerifiedCallback",
    "account_is_frozen": "",
    "account_is_unfrozen": "",
    "activate_successful": "",
    "call_history_report": "CallHistoryReportCallback",
    "card_expired": "",
    "card_expires_in_month": "",
    "card_payment": "CardPaymentCallback",
    "card_payment_failed": "",
    "robokassa_payment": "RobokassaPaymentCallback",
    "wire_transfer": "WireTransferCallback",
    "js_fail": "",
    "min_balance": "MinBalanceCallback",
    "regulation_address_verified": "RegulationAddressVerifiedCallback",
    "renewed_subscriptions": "RenewedSubscriptionsCallback",
    "reset_account_password_request": "",
    "sip_registration_fail": "SIPRegistrationFailCallback",
    "sip_registration_recovered": "SIPRegistrationRecoveredCallback",
    "subscription_is_frozen": "SubscriptionIsFrozenCallback",
    "subscription_is_detached": "SubscriptionIsDetachedCallback",
    "transaction_history_report": "TransactionHistoryReportCallback",
    "unverified_subscription_detached": "UnverifiedSubscriptionDetachedCallback",
    "expiring_callerid": "ExpiringCallerIDCallback",
    "transcription_complete": "TranscriptionCompleteCallback",
    "sms_inbound": "InboundSmsCallback",
    "phone_number_activation_status_changed": "PhoneNumberActivationStatusChangedCallback",
    "expiring_agreement": "ExpiringAgreementCallback",
    "expired_agreement": "ExpiredAgreementCallback",
    "restored_agreement_status": "RestoredAgreementStatusCallback",
    "next_charge_alert": "NextChargeAlertCallback",
    "certificate_expired": "",
    "expired_certificates": "ExpiredCertificateCallback",
    "expiring_certificates": "ExpiringCertificateCallback",
    "account_document_status_updated": "AccountDocumentStatusUpdatedCallback",
    "a2p_sms_activated": "A2PActivatedCallback",
    "regulation_address_documents_requested": "RegulationAddressDocumentsRequestedCallback",
    "invoice_received": "InvoiceReceivedCallback",
}
