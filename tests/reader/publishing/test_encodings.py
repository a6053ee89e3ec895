import pytest

from reader.publishing.encodings import preferred


@pytest.mark.parametrize(
    ("header", "encoding"),
    [
        ("", "identity"),
        ("br", "br"),
        ("gzip, deflate, br, zstd", "br"),
        ("gzip, deflate", "gzip"),
        ("GZIP", "gzip"),
        ("x-gzip", "gzip"),
        ("br;q=0, gzip", "gzip"),
        ("br;q=0.5, gzip;q=0.8", "gzip"),
        ("br; q=0.5 , gzip;q=0.1", "br"),
        ("identity, br;q=0.5", "identity"),
        ("*", "br"),
        ("*;q=0", "identity"),
        ("br;q=0, *", "gzip"),
        ("identity;q=0", "identity"),
        ("br;q=two, ,;;", "identity"),
        ("br;level=1", "identity"),
    ],
)
def test_the_encoding_is_the_one_that_the_browser_likes_best(header: str, encoding: str) -> None:
    assert preferred(header) == encoding
