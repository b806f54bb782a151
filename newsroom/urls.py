"""The site's addresses: the admin, pictures, and everything that readers see."""

from django.contrib import admin
from django.urls import include, path

from articles.views.pictures import serve_picture

urlpatterns = [
    path("admin/", admin.site.urls),
    path("media/<path:path>", serve_picture, name="picture"),
    path("", include("articles.urls")),
]
