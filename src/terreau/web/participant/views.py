from django.shortcuts import render


def home(request):
    return render(request, "participant/home.html", {"memberships": request.user.active_memberships})
