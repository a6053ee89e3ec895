import pytest
from django.template.loader import render_to_string

from reader.edition.contents import contents_of
from reader.edition.edition import Edition
from reader.models import Division
from reader.pages.contents import ContentsList
from tests.factories import make_division, make_volume

pytestmark = pytest.mark.django_db


def test_the_list_of_contents_is_on_each_page_as_if_rendered_for_it_alone() -> None:
    volume = make_volume(slug="plans")
    part = make_division(volume, kind=Division.Kind.PART, slug="part-1", head="The *first* part")
    for n in (1, 2):
        chapter = make_division(volume, slug=f"chapter-{n}", parent=part, n=str(n))
        section = make_division(volume, kind=Division.Kind.SECTION, slug=f"chapter-{n}-i", parent=chapter)
        make_division(volume, kind=Division.Kind.SUBSECTION, slug=f"chapter-{n}-i-a", parent=section)
    make_division(volume, kind=Division.Kind.BACK, slug="back")
    edition = Edition(volume)
    contents = ContentsList(edition)

    for division in edition.page_divisions:
        alone = contents_of(volume, edition.divisions, division)
        expected = render_to_string("reader/contents.html", {"contents": alone})
        assert 'aria-current="page"' in expected
        assert contents.at(edition.entries[division.slug]) == expected
    assert "aria-current" not in contents.html
