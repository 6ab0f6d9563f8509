from django.shortcuts import redirect


def home(_request):
    return redirect("public:home")


def invitation(_request, **_token):
    return redirect("home")


def requests(_request):
    return redirect("home")
