import re
from xml.etree import ElementTree

from hypothesis import given
from hypothesis import strategies as st

from reader.pages.dispersion import HEIGHT, WIDTH, Band, Mark, dispersion, named_bands

BANDS = [Band(3000, "Preface"), Band(1000, "Chapter 1: Years", "1"), Band(4000, "Chapter 2: Roads", "2")]


def marks_in(svg: str) -> list[str]:
    return re.findall(r'<a href="(.*?)" tabindex="-1">', svg)


def heights_in(svg: str) -> list[int]:
    path = re.search(r'class="marks" d="(.*?)"', svg)
    return [int(height) for height in re.findall(r"v-(\d+)", path[1] if path else "")]


def labels_in(svg: str) -> list[tuple[str, bool]]:
    return [
        (text, not wide) for wide, text in re.findall(r"<text [^>]*?( class=\"wide\")?>(.*?)</text>", svg)
    ]


def test_a_mark_stands_where_its_text_does_in_the_whole_volume() -> None:
    svg = dispersion(BANDS, [Mark(4000, "/one/#p1", "43")])

    assert f'viewBox="0 0 {WIDTH} {HEIGHT}"' in svg
    assert f'<title>p. 43</title><path d="M{WIDTH // 2} {HEIGHT}V0"/>' in svg
    assert marks_in(svg) == ["/one/#p1"]


def test_marks_nearer_than_a_pixel_are_one_that_says_how_many_and_is_taller() -> None:
    near = [Mark(0, "#a", "1"), Mark(5, "#b", "1"), Mark(13, "#c", "2"), Mark(15, "#d", "2")]

    svg = dispersion(BANDS, near)

    assert marks_in(svg) == ["#a", "#d"], "a pixel has more than 14 characters"
    assert "<title>3 times, pp. 1–2</title>" in svg
    high, low = heights_in(svg)
    assert high > low


def test_a_mark_is_never_higher_than_the_plot() -> None:
    assert heights_in(dispersion(BANDS, [Mark(1, f"#{n}") for n in range(100)])) == [HEIGHT]


def test_a_mark_without_page_has_no_title_of_its_own() -> None:
    svg = dispersion(BANDS, [Mark(1, "#a")])

    assert '<a href="#a" tabindex="-1"><path ' in svg


def test_each_chapter_is_a_band_as_wide_as_its_text_with_its_whole_name() -> None:
    svg = dispersion(BANDS, [])

    assert re.findall(r'<rect x="(.*?)" width="(.*?)" .*?><title>(.*?)</title>', svg) == [
        ("0", "210", "Preface"),
        ("210", "70", "Chapter 1: Years"),
        ("280", "280", "Chapter 2: Roads"),
    ]


def test_a_band_is_labelled_with_its_number_or_with_a_name_that_fits() -> None:
    assert labels_in(dispersion(BANDS, [])) == [("Preface", True), ("1", True), ("2", True)]
    narrow = [Band(10, "Preface"), *BANDS[1:]]
    assert labels_in(dispersion(narrow, [])) == [("1", True), ("2", True)]
    between = [Band(5000, ""), Band(100, "Introduction"), Band(5000, "")]
    assert labels_in(dispersion(between, [])) == []


def test_a_name_that_fits_only_a_wide_plot_is_hidden_on_a_narrow_one() -> None:
    bands = [Band(1000, "A long preface"), Band(3000, "Chapter 1", "1")]

    assert labels_in(dispersion(bands, [])) == [("A long preface", False), ("1", True)]


def test_a_chapter_without_text_is_no_band() -> None:
    svg = dispersion([Band(0, "Part 1"), *BANDS], [])

    assert "Part 1" not in svg


def test_every_band_is_named_with_its_occurrences_from_left_to_right() -> None:
    bands = [Band(0, "Part 1"), *BANDS, Band(0, "Part 2")]
    marks = [Mark(0, "#a"), Mark(2999, "#b"), Mark(3000, "#c"), Mark(7999, "#d")]

    assert named_bands(bands, marks) == [("Preface", 2), ("Chapter 1: Years", 1), ("Chapter 2: Roads", 1)]


def test_a_volume_without_text_has_no_plot() -> None:
    assert dispersion([Band(0, "Part 1")], []) == ""


def test_names_and_addresses_are_text() -> None:
    svg = dispersion([Band(10, '<b>"&', "<1>")], [Mark(1, '/"><b>', "<i>")])

    assert "<b>" not in svg
    assert "<i>" not in svg
    assert "<1>" not in svg


@given(
    st.lists(st.tuples(st.integers(0, 3000), st.text('aZ19<&"é ', max_size=3)), min_size=1, max_size=120),
    st.lists(st.integers(0, 10_000), max_size=60),
)
def test_labels_never_overlap_and_every_mark_is_in_one(bands: list[tuple[int, str]], at: list[int]) -> None:
    whole = sum(length for length, _ in bands)
    marks = [Mark(place, f"#{place}") for place in sorted(at) if place < whole]

    svg = dispersion([Band(length, f"Chapter {n}", n) for length, n in bands], marks)

    if not whole:
        assert svg == ""
        return
    ElementTree.fromstring(svg)
    merged = [int(n) for n in re.findall(r"<title>(\d+) times", svg)]
    assert len(marks_in(svg)) - len(merged) + sum(merged) == len(marks)
    for width, classes in ((300, ""), (WIDTH, '( class="wide")?')):
        ends = -10.0
        for x, *_, text in re.findall(rf'<text x="(.*?)%" y="\d+"{classes}>(.*?)</text>', svg):
            text = text.replace("&quot;", '"').replace("&#x27;", "'").replace("&amp;", "&")
            text = text.replace("&lt;", "<").replace("&gt;", ">")
            middle, half = float(x) * width / 100, len(text) * 3.5
            assert middle - half > ends
            ends = middle + half
