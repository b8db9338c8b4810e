from django.urls import path

from accounts import views

app_name = "accounts"
urlpatterns = [
    path("switch/", views.switch, name="switch"),
    path("profile/", views.profile, name="profile"),
    path("activity/", views.activity, name="activity"),
]
