import re

import pytest
from django import forms
from django.template import Context, RequestContext, Template
from django.test import RequestFactory
from django.utils import translation
from tests import factories

from terreau.web.ui.forms import SampleForm


def render(source, **context):
    with translation.override("fr"):
        request = context.pop("request", None)
        return Template(source).render(RequestContext(request, context) if request else Context(context))


def test_a_field_ties_its_label_help_and_error():
    html = render("{% field form.title %}", form=SampleForm({}))
    assert '<label class="field-label" for="id_title">' in html
    assert 'aria-describedby="id_title_helptext id_title_error"' in html
    assert 'aria-invalid="true"' in html
    assert 'id="id_title_helptext"' in html
    assert 'id="id_title_error"' in html
    assert "form-control" in html


@pytest.mark.parametrize("name", ["kind", "publics"])
def test_several_choices_are_a_fieldset(name):
    html = render(f"{{% field form.{name} %}}", form=SampleForm({}))
    assert "<fieldset" in html
    assert f'id="id_{name}_error"' in html
    assert f'aria-describedby="id_{name}_error"' in html
    ids = re.findall(r'<input[^>]* id="([^"]+)"', html)
    assert ids
    for one in ids:
        assert f'<label class="form-check-label" for="{one}">' in html


@pytest.mark.parametrize(("name", "own"), [("region", "form-select"), ("agree", "form-check-input")])
def test_each_control_has_the_class_of_its_kind(name, own):
    assert f'class="{own}"' in render(f"{{% field form.{name} %}}", form=SampleForm())


def test_a_field_takes_further_attributes():
    html = render('{% field form.title hx_post="/x" class="short" %}', form=SampleForm())
    assert 'hx-post="/x"' in html
    assert 'class="form-control short"' in html


def test_a_hidden_field_is_only_its_control():
    class Hidden(forms.Form):
        key = forms.CharField(widget=forms.HiddenInput)

    assert "label" not in render("{% field form.key %}", form=Hidden())


def test_the_summary_links_to_every_field_in_error():
    form = SampleForm({})
    html = render("{% form_errors form %}", form=form)
    assert "8 points sont à corriger" in html
    assert 'href="#id_kind_0"' in html
    assert 'href="#id_title"' in html
    assert render("{% form_errors form %}", form=SampleForm()).strip() == ""


def test_a_state_gives_the_badge_its_colour():
    assert render('{% badge "retenu" "selected" %}') == '<span class="tag tag-good">retenu</span>'
    assert render('{% badge label "" %}', label="<b>") == '<span class="tag">&lt;b&gt;</span>'


def test_bars_are_a_table_scaled_to_the_largest():
    html = render('{% bars "Par région" rows "Région" %}', rows=[("Est", 40), ("Ouest", 10), ("Sud", 0)])
    assert re.findall(r'width="([\d.]+)%"', html) == ["100.0", "25.0", "0.0"]
    assert "<caption>Par région</caption>" in html
    assert 'width="0%"' in render('{% bars "Rien" rows "x" %}', rows=[("a", 0)])


def test_figures_follow_the_reader():
    assert render("{{ n|number }} {{ s|percent:1 }}", n=12500, s=39 / 273) == "12\u00a0500 14,3\u00a0%"
    assert render("{{ n|number }} {{ s|percent }}", n=None, s=None) == "– –"
    assert render("{{ c|euros }} {{ c|euros:0 }}", c=1_250_050) == "12\u00a0500,50\u00a0€ 12\u00a0501\u00a0€"


def test_pagination_keeps_the_filters():
    from django.core.paginator import Paginator

    request = RequestFactory().get("/projets/?region=44&page=2")
    page = Paginator(range(100), 10).page(2)
    html = render("{% pagination page %}", page=page, request=request)
    assert 'href="?region=44&amp;page=3"' in html
    assert 'aria-current="page"' in html
    assert render("{% pagination page %}", page=Paginator(range(5), 10).page(1), request=request).strip() == ""


def test_a_table_has_a_caption_and_scrolls_alone():
    html = render("{% table title %}<tbody></tbody>{% endtable %}", title="Les <dossiers>")
    assert "<caption>Les &lt;dossiers&gt;</caption>" in html
    assert 'tabindex="0"' in html


def test_an_icon_is_silent_unless_it_has_a_label():
    assert 'aria-hidden="true"' in render('{% icon "sun" %}')
    assert 'aria-label="Soleil"' in render('{% icon "sun" "Soleil" %}')


@pytest.mark.django_db
def test_the_page_of_components_is_for_those_who_build(client, settings):
    assert client.get("/composants/").status_code == 404
    settings.DEMO = True
    page = client.get("/composants/?essayer=1").content.decode()
    assert "style=" not in page
    assert "onclick" not in page
    assert "Données synthétiques" in page
    asked = client.get("/composants/?confirmer=1").content.decode()
    assert "Revenir sans rien changer" in asked


@pytest.mark.django_db
def test_the_theme_is_kept_without_javascript(client):
    answer = client.post("/affichage/", {"theme": "dark", "next": "/?a=1"})
    assert answer.url == "/?a=1"
    assert 'data-bs-theme="dark"' in client.get("/").content.decode()
    client.post("/affichage/", {"theme": "auto"})
    assert "data-bs-theme" not in client.get("/").content.decode()
    assert client.post("/affichage/", {"theme": "dark", "next": "https://ailleurs.example/"}).url == "/"


@pytest.mark.django_db
def test_the_language_is_kept_without_javascript(client):
    assert 'lang="fr"' in client.get("/", headers={"accept-language": "fr"}).content.decode()
    client.post("/langue/", {"language": "en", "next": "/"})
    assert '<html lang="en"' in client.get("/").content.decode()


@pytest.mark.django_db
def test_somebody_without_a_space_still_gets_a_page(client, django_assert_num_queries):
    client.force_login(factories.user())
    with django_assert_num_queries(3):  # session, user, memberships
        page = client.get("/nulle-part")
    assert page.status_code == 404
    assert "Se déconnecter" in page.content.decode()


def test_an_error_of_the_server_needs_nothing():
    html = render("{% include '500.html' %}")
    assert "Une erreur est survenue" in html
