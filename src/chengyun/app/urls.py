"""Every address the product answers on."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
