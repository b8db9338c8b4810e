"""Numbers, ports and 911: the ports and 911 lines come first, so that a number's id never hides them."""

from django.urls import path

from numbering.views import (
    emergency,
    emergency_assign,
    emergency_book,
    number_notes,
    numbers,
    ordering,
    port_bundles,
    port_checks,
    port_letters,
    port_pages,
    ports,
    releases,
    saved_views,
)

app_name = "numbers"
urlpatterns = [
    # ports
    path("ports/", ports.ports, name="ports"),
    path("ports/new/", port_pages.port_new, name="port_new"),
    path("ports/new/whole/", ports.port_whole, name="port_whole"),
    path("ports/check/", port_checks.check, name="port_check"),
    path("ports/check/<uuid:public_id>/", port_checks.result, name="port_check_result"),
    path("ports/together/<uuid:public_id>/", port_bundles.bundle, name="port_bundle"),
    path("ports/<uuid:public_id>/", ports.port, name="port"),
    path("ports/<uuid:public_id>/page/<slug:page>/", port_pages.port_page, name="port_page"),
    path("ports/<uuid:public_id>/letter/", port_letters.letter, name="port_letter"),
    path("ports/<uuid:public_id>/letter/sign/", port_letters.sign, name="port_letter_sign"),
    path("ports/<uuid:public_id>/split/", port_bundles.port_split, name="port_split"),
    path("ports/<uuid:public_id>/edit/", ports.port_edit, name="port_edit"),
    path("ports/<uuid:public_id>/state/", ports.port_state, name="port_state"),
    path("ports/<uuid:public_id>/documents/", ports.document_add, name="port_document_add"),
    path("ports/<uuid:public_id>/documents/<uuid:document_id>/", ports.document, name="port_document"),
    # 911
    path("e911/", emergency.coverage, name="e911"),
    path("e911/book/", emergency_book.index, name="e911_book"),
    path("e911/book/new/", emergency_book.place_new, name="e911_place_new"),
    path("e911/book/<int:pk>/", emergency_book.place, name="e911_place"),
    path("e911/book/<int:pk>/delete/", emergency_book.place_delete, name="e911_place_delete"),
    path("e911/assign/", emergency_assign.assign, name="e911_assign"),
    path("e911/assign/<uuid:public_id>/", emergency_assign.assignment, name="e911_assignment"),
    path("e911/assign/<uuid:public_id>/accept/", emergency_assign.accept, name="e911_assignment_accept"),
    path("e911/<int:pk>/", emergency.address, name="e911_number"),
    path("e911/<int:pk>/state/", emergency.state, name="e911_state"),
    path("e911/<int:pk>/accept/", emergency.accept, name="e911_accept"),
    path("e911/<int:pk>/use/", emergency_book.use, name="e911_use"),
    path("e911/<int:pk>/remove/", emergency.remove, name="e911_remove"),
    # getting numbers
    path("find/", ordering.find, name="find"),
    path("find/<uuid:public_id>/", ordering.found, name="found"),
    path("find/<uuid:public_id>/order/", ordering.order_new, name="order_new"),
    path("orders/", ordering.orders, name="orders"),
    path("orders/<uuid:public_id>/", ordering.order, name="order"),
    # numbers
    path("", numbers.numbers, name="list"),
    path("views/", saved_views.save, name="view_save"),
    path("views/<int:pk>/delete/", saved_views.delete, name="view_delete"),
    path("<int:pk>/", numbers.number, name="detail"),
    path("<int:pk>/state/", numbers.state, name="state"),
    path("<int:pk>/release/", releases.release, name="release"),
    path("<int:pk>/release/undo/", releases.undo, name="release_undo"),
    path("<int:pk>/notes/", number_notes.notes, name="notes"),
    path("<int:pk>/<slug:section>/", numbers.edit, name="edit"),
]
