"""Addresses of notices, messages and feedback."""

from django.urls import path

from . import views
from .views import channels, endpoints, feeds, notify, simulator

app_name = "reminders"
urlpatterns = [
    path("inbox/", views.InboxView.as_view(), name="inbox"),
    path("inbox/read/", views.ReadAllView.as_view(), name="inbox-read"),
    path("inbox/<int:pk>/", views.NoticeView.as_view(), name="notice"),
    path("deliveries/", views.DeliveryList.as_view(), name="delivery-list"),
    path("deliveries/portal-only/", views.PortalOnlyList.as_view(), name="portal-only-list"),
    path("deliveries/channels/", channels.ChannelPage.as_view(), name="channels"),
    path("deliveries/simulator/", simulator.SimulatorPage.as_view(), name="simulator"),
    path("deliveries/simulator.xlsx", simulator.SimulatorExport.as_view(), name="simulator-export"),
    path("deliveries/<int:pk>/resend/", views.ResendView.as_view(), name="delivery-resend"),
    path("deliveries/<int:pk>/give-up/", views.GiveUpView.as_view(), name="delivery-give-up"),
    path("mails/", views.MailList.as_view(), name="mail-list"),
    path("mails/<str:name>/", views.MailView.as_view(), name="mail"),
    path("endpoints/", endpoints.GroupList.as_view(), name="endpoint-list"),
    path("endpoints/own/", endpoints.OwnList.as_view(), name="own-endpoints"),
    *(
        path(
            f"endpoints/<int:pk>/{act}/",
            endpoints.EndpointActView.as_view(act=act),
            name=f"endpoint-{act}",
        )
        for act in ("test", "open", "close", "secret")
    ),
    path("me/notify/", notify.NotifyPage.as_view(), name="notify"),
    path("me/calendar/", feeds.FeedPage.as_view(), name="feed"),
    path("me/calendar/revoke/", feeds.FeedRevoke.as_view(), name="feed-revoke"),
    path("feedback/", views.FeedbackView.as_view(), name="feedback"),
    path("feedback/<int:pk>/answer/", views.AnswerView.as_view(), name="feedback-answer"),
]
