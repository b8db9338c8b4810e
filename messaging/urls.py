from django.urls import path

from messaging.views import compose, inbox, media, opt_outs, scheduled, thread

app_name = "messages"
urlpatterns = [
    path("", inbox.inbox, name="inbox"),
    path("unread/", inbox.unread, name="unread"),
    path("compose/", compose.compose, name="compose"),
    path("count/", compose.count, name="count"),
    path("opt-outs/", opt_outs.opt_outs, name="opt_outs"),
    path("opt-outs/<int:pk>/undo/", opt_outs.undo, name="opt_out_undo"),
    path("media/<uuid:public_id>/", media.media, name="media"),
    path("texts/<uuid:public_id>/retry/", thread.retry, name="retry"),
    path("scheduled/", scheduled.scheduled, name="scheduled"),
    path("texts/<uuid:public_id>/later/", scheduled.edit, name="scheduled_edit"),
    path("texts/<uuid:public_id>/later/cancel/", scheduled.cancel, name="scheduled_cancel"),
    path("texts/<uuid:public_id>/later/now/", scheduled.send_now, name="scheduled_now"),
    path("<int:pk>/", thread.thread, name="thread"),
    path("<int:pk>/since/", thread.since, name="since"),
    path("<int:pk>/send/", thread.send, name="send"),
    path("<int:pk>/read/", thread.read, name="read"),
    path("<int:pk>/mark-unread/", thread.mark_unread, name="mark_unread"),
    path("<int:pk>/archive/", thread.archive, name="archive"),
    path("<int:pk>/restore/", thread.restore, name="restore"),
    path("<int:pk>/name/", thread.rename, name="rename"),
]
