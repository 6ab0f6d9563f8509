from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import render


@login_not_required
def home(request):
    return render(request, "public/home.html")


@login_not_required
def healthz(_request):
    return HttpResponse("ok", content_type="text/plain")
