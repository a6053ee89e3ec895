"""An upload is a whole volume with safe names, or is refused in one sentence."""

import io
import json
import random
import stat
import struct
import tracemalloc
import zipfile
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus_import.parsing.diagnostics import ImportFault
from corpus_import.parsing.manifest import parse_manifest
from corpus_import.parsing.pipeline import parse_contents
from corpus_import.uploads import LARGEST_UPLOAD, MOST_FILES, READ, Uploaded, read_upload

WITNESS = b"   1. The mill\n\n    The mill stood by the river, and ground what was brought.\n"


MILL = "The mill stood by the river, and ground what was brought."
PAGE = f"<!doctype html><html><body><h3>1. The mill</h3><p>{MILL}</p></body></html>".encode()
MHT = (
    b'From: <Saved by Blink>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related; boundary="b"\r\n\r\n'
    b"--b\r\nContent-Type: text/html\r\n\r\n" + PAGE + b"\r\n--b--\r\n"
)


def manifest(*witnesses: str, **fields: str) -> bytes:
    described = {"slug": "mill", "title": "The Mill", "author": "A", "publisher": "P", "rights": "R"} | fields
    lines = [f'{name} = "{value}"' for name, value in {"language": "en", **described}.items()]
    return "\n".join([*lines, "year = 1930", f"witnesses = {json.dumps(witnesses)}"]).encode()


NO_MATTER = parse_manifest("volume.toml", manifest("one.txt"))
WHOLE = {"volume.toml": manifest("one.txt"), "one.txt": WITNESS}


def zipped(files: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", method) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return packed.getvalue()


def with_member(info: zipfile.ZipInfo, content: bytes = b"x") -> bytes:
    packed = io.BytesIO(zipped(WHOLE))
    with zipfile.ZipFile(packed, "a") as archive:
        archive.writestr(info, content)
    return packed.getvalue()


def read_files(files: dict[str, bytes]) -> Uploaded:
    return read_upload([(name, io.BytesIO(content)) for name, content in files.items()])


def read_zip(body: bytes) -> Uploaded:
    return read_upload([("plans.zip", io.BytesIO(body))])


def refused(body: bytes) -> str:
    with pytest.raises(ImportFault) as caught:
        read_zip(body)
    return one_sentence(caught.value)


def refused_files(files: dict[str, bytes]) -> str:
    with pytest.raises(ImportFault) as caught:
        read_files(files)
    return one_sentence(caught.value)


def one_sentence(fault: ImportFault) -> str:
    assert fault.message.endswith(".")
    assert ". " not in fault.message.replace("volume.toml", "")
    assert str(fault).isprintable()
    assert len(str(fault)) < 400
    return str(fault)


# Accepted uploads


def test_several_files_are_a_volume() -> None:
    uploaded = read_files(WHOLE)

    assert (uploaded.path, uploaded.title, uploaded.files) == ("volume.toml", "The Mill", WHOLE)


@pytest.mark.parametrize("folder", ["", "mill/", "my books/the mill/"])
@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_a_zip_of_a_folder_is_a_volume(folder: str, method: int) -> None:
    files = {f"{folder}{name}": content for name, content in WHOLE.items()}
    named = {f"{folder}": b"", **files} if folder else files

    uploaded = read_zip(zipped(named, method))

    assert uploaded.path == f"{folder}volume.toml"
    assert uploaded.files == files


def test_a_witness_may_lie_in_a_folder_beside_the_manifest() -> None:
    files = {"a/volume.toml": manifest("./text/one.TXT"), "a/text/one.TXT": WITNESS}

    assert read_zip(zipped(files)).files == files


def test_what_a_mac_or_windows_adds_by_itself_is_left_out() -> None:
    added = ("__MACOSX/._one.txt", ".DS_Store", "Thumbs.db", "desktop.ini")

    assert read_zip(zipped({**WHOLE, **dict.fromkeys(added, b"x")})).files == WHOLE


def test_what_was_packed_is_read_back_and_parsed() -> None:
    files = {"a/volume.toml": manifest("text/one.txt"), "a/text/one.txt": WITNESS}

    again = read_zip(read_files(files).pack())
    draft = parse_contents(again.manifest, again.witnesses)

    assert again.files == files
    assert [p.text.string for p in draft.paragraphs] == [
        "The mill stood by the river, and ground what was brought."
    ]


def test_an_upload_that_cannot_be_packed_any_smaller_is_read_back() -> None:
    noise = random.Random(1).randbytes(LARGEST_UPLOAD - 5_000)
    names = [f"{n:0180}.txt" for n in range(MOST_FILES - 1)]
    files = {"volume.toml": manifest(*names), **dict.fromkeys(names, b"x"), names[0]: noise}
    whole = Uploaded("volume.toml", NO_MATTER, files)
    spare = sum(map(len, files.values())) - LARGEST_UPLOAD
    files[names[0]] = noise[spare:]

    assert read_zip(whole.pack()).files == files


# Names


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("/etc/one.txt", "begins with a slash"),
        ("/", "begins with a slash"),
        ("../one.txt", "leads out of its folder"),
        ("a/../../one.txt", "leads out of its folder"),
        ("..", "leads out of its folder"),
        ("../", "leads out of its folder"),
        ("a\\one.txt", "a backslash"),
        ("..\\one.txt", "a backslash"),
        ("C:one.txt", "a drive’s letter"),
        ("c:/one.txt", "a drive’s letter"),
        ("a/C:one.txt", "a drive’s letter"),
        ("one.txt\0.png", "invisible characters"),
        ("one\n.txt", "invisible characters"),
        ("one\x1b[31m.txt", "invisible characters"),
        ("one\u202etxt.exe", "invisible characters"),
        ("a//one.txt", "is empty"),
        ("./one.txt", "is empty"),
        ("a/ /one.txt", "is empty"),
        ("ü" * 100 + ".txt", "too long"),
        ("a/" * 100 + "one.txt", "too long"),
    ],
)
def test_a_name_that_could_lead_elsewhere_is_refused(name: str, said: str) -> None:
    info = zipfile.ZipInfo("x")
    # The name as a hostile program writes it: ZipInfo would correct the name.
    info.filename = name

    assert said in refused(with_member(info))
    assert said in refused_files({**WHOLE, name: b"x"})


@pytest.mark.parametrize(
    ("first", "second", "said"),
    [
        ("two.txt", "Two.TXT", "“two.txt”, which differs only in the form of its letters"),
        ("straße.txt", "STRASSE.txt", "differs only in the form of its letters"),
        ("café.txt", "cafe\u0301.txt", "differs only in the form of its letters"),
        ("two.txt", "two.txt/three.txt", "two.txt: this is a file and a folder"),
        ("Two.txt", "two.txt/three/four.txt", "Two.txt: this is a file and a folder"),
    ],
)
def test_two_names_that_some_file_system_takes_for_one_are_refused(
    first: str, second: str, said: str
) -> None:
    assert said in refused(zipped({**WHOLE, first: b"x", second: b"x"}))
    assert said in refused_files({**WHOLE, second: b"x", first: b"x"}).replace(second, first)


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_the_same_name_twice_is_refused() -> None:
    assert "one.txt: this name is there already" in refused(with_member(zipfile.ZipInfo("one.txt")))
    with pytest.raises(ImportFault, match="this name is there already"):
        read_upload([(name, io.BytesIO(WHOLE[name])) for name in ("volume.toml", "one.txt", "one.txt")])


# Members


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        (stat.S_IFLNK, "a link"),
        (stat.S_IFIFO, "no ordinary file"),
        (stat.S_IFCHR, "no ordinary file"),
        (stat.S_IFSOCK, "no ordinary file"),
    ],
)
def test_what_is_no_plain_file_is_refused(kind: int, said: str) -> None:
    info = zipfile.ZipInfo("two.txt")
    info.external_attr = (kind | 0o777) << 16

    assert f"two.txt: this is {said}" in refused(with_member(info, b"/etc/passwd"))


def test_a_folder_that_is_a_link_is_refused() -> None:
    info = zipfile.ZipInfo("text/")
    info.external_attr = (stat.S_IFLNK | 0o777) << 16

    assert "a link" in refused(with_member(info, b"/etc"))


def patched(body: bytes, offset: int, value: int) -> bytes:
    """The zip with two bytes changed at `offset` of both headers of the last member."""
    changed = bytearray(body)
    local, central = body.rindex(b"PK\x03\x04"), body.rindex(b"PK\x01\x02")
    struct.pack_into("<H", changed, local + offset, value)
    struct.pack_into("<H", changed, central + offset + 2, value)
    return bytes(changed)


@pytest.mark.parametrize("flag", [0x1, 0x41, 0x2000])
def test_an_encrypted_member_is_refused(flag: int) -> None:
    assert "one.txt: this is encrypted" in refused(patched(zipped(WHOLE), 6, flag))


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_method_that_may_ask_for_any_memory_is_refused(method: int) -> None:
    assert "packed in an unusual way" in refused(zipped(WHOLE, method))


def test_a_method_that_nobody_knows_is_refused() -> None:
    assert "packed in an unusual way" in refused(patched(zipped(WHOLE), 8, 97))


@pytest.mark.parametrize("name", ["more.zip", "more.ZIP", "a/more.zip"])
def test_a_zip_within_a_zip_is_refused(name: str) -> None:
    assert f"{name}: a zip within a zip" in refused(zipped({**WHOLE, name: zipped(WHOLE)}))


def test_a_zip_beside_other_files_is_refused() -> None:
    assert "more.zip: a zip comes alone" in refused_files({**WHOLE, "more.zip": zipped(WHOLE)})


@pytest.mark.parametrize("name", ["one.md", "one.txt.exe", "one", ".txt", "one.", "one.odt"])
def test_text_under_a_name_that_no_source_has_is_refused(name: str) -> None:
    said = f"{name}: files of this kind are not read; upload a manifest (.toml) and its sources: {READ}."

    assert refused_files({**WHOLE, name: b"x"}) == said
    assert refused(zipped({**WHOLE, name: b"x"})) == said


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (zipped(WHOLE), "a ZIP file"),
        (b"\x89PNG\r\n", "a picture"),
        (b"{\\rtf1 The mill}", "a document in RTF"),
        (b"\xd0\xcf\x11\xe0\xa1", "an old Word document"),
        (b"AT&TFORM", "a DjVu file"),
    ],
)
def test_a_kind_that_is_not_read_is_refused_whatever_its_name(content: bytes, what: str) -> None:
    for name in ("one.txt", "one.pdf", "one.html", "one.epub"):
        files = {"volume.toml": manifest(name), name: content}

        assert refused_files(files).startswith(
            f"{name}: this is {what}, which is not read; upload a manifest"
        )
        assert READ in refused(zipped(files))


@pytest.mark.parametrize("name", ["one.html", "one.HTM", "one.txt", "one.pdf", "one.mht", "one.bak", "one"])
def test_a_web_page_is_a_web_page_whatever_its_name(name: str) -> None:
    files = {"volume.toml": manifest(name), name: PAGE}

    for uploaded in (read_files(files), read_zip(zipped(files))):
        draft = parse_contents(uploaded.manifest, uploaded.witnesses)
        assert draft.witnesses[0].original == PAGE
        assert [p.text.string for p in draft.paragraphs] == [MILL]


@pytest.mark.parametrize("name", ["one.mht", "one.mhtml", "one.html", "one.txt"])
def test_an_mht_is_an_mht_whatever_its_name(name: str) -> None:
    uploaded = read_files({"volume.toml": manifest(name), name: MHT})

    [witness] = parse_contents(uploaded.manifest, uploaded.witnesses).witnesses
    assert witness.shown is not None
    assert witness.shown.kind == "saved web page (MHT)"


def test_plain_text_under_a_web_page_s_name_is_plain_text() -> None:
    uploaded = read_files({"volume.toml": manifest("one.html"), "one.html": WITNESS})

    [witness] = parse_contents(uploaded.manifest, uploaded.witnesses).witnesses
    assert (witness.shown, witness.original) == (None, None)


def test_kinds_of_source_can_be_mixed() -> None:
    second = PAGE.replace(b"1. The mill", b"2. The barn").replace(b"by the river", b"in the yard")
    files = {"volume.toml": manifest("one.txt", "two.html", "three.mht"), "one.txt": WITNESS}
    files |= {"two.html": second, "three.mht": MHT.replace(b"1. The mill", b"3. The shop")}

    uploaded = read_zip(zipped(files))

    draft = parse_contents(uploaded.manifest, uploaded.witnesses)
    assert [each.shown.kind if each.shown else "" for each in draft.witnesses] == [
        "",
        "web page",
        "saved web page (MHT)",
    ]


def test_too_many_files_are_refused() -> None:
    files = {**WHOLE, **{f"{n}.txt": b"x" for n in range(MOST_FILES)}}

    assert f"there are {MOST_FILES + 2} files; {MOST_FILES} are the most" in refused(zipped(files))
    assert f"there are {MOST_FILES + 2} files; {MOST_FILES} are the most" in refused_files(files)


# Sizes


def test_files_that_are_too_large_together_are_refused() -> None:
    files = {"volume.toml": manifest("one.txt", "two.txt"), "one.txt": b"x" * (LARGEST_UPLOAD - 100)}

    assert "more than 8 MB together" in refused_files({**files, "two.txt": b"x" * 100})
    assert "more than 8 MB together" in refused(zipped({**files, "two.txt": b"x" * 100}))


def test_no_more_is_read_of_a_file_than_it_takes_to_refuse_it() -> None:
    endless = io.BytesIO(b"x" * 10 * LARGEST_UPLOAD)

    with pytest.raises(ImportFault, match="more than 8 MB"):
        read_upload([("volume.toml", io.BytesIO(manifest("one.txt"))), ("one.txt", endless)])

    assert endless.tell() <= LARGEST_UPLOAD + 1


def test_a_zip_that_is_too_large_is_refused_before_it_is_opened() -> None:
    body = io.BytesIO(b"PK\x03\x04" + b"x" * 10 * LARGEST_UPLOAD)

    with pytest.raises(ImportFault, match="more than 8 MB"):
        read_upload([("plans.zip", body)])

    assert body.tell() < 2 * LARGEST_UPLOAD


@pytest.fixture(scope="module")
def bomb() -> bytes:
    """Half a gigabyte of zeros in half a megabyte."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("volume.toml", WHOLE["volume.toml"])
        with archive.open("one.txt", "w", force_zip64=True) as member:
            for _ in range(400):
                member.write(bytes(2**20))
    return packed.getvalue()


def saying(body: bytes, size: int) -> bytes:
    """The zip with this size in the headers of its last member."""
    changed = bytearray(body)
    central = body.rindex(b"PK\x01\x02")
    struct.pack_into("<I", changed, central + 24, size)
    return bytes(changed)


@pytest.mark.parametrize(
    ("size", "said"),
    [
        (None, "more than 8 MB"),
        (1, "broken"),
        (0, "broken"),
        (len(WITNESS), "broken"),
        (LARGEST_UPLOAD - 1000, "broken"),
        (LARGEST_UPLOAD + 1, "more than 8 MB"),
    ],
)
def test_a_zip_that_unpacks_to_hundreds_of_megabytes_costs_little_whatever_it_says(
    bomb: bytes, size: int | None, said: str
) -> None:
    assert len(bomb) < 500_000
    body = bomb if size is None else saying(bomb, size)
    tracemalloc.start()
    try:
        assert said in refused(body)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert peak < 4 * LARGEST_UPLOAD


def test_a_zip_that_says_that_it_is_too_large_is_not_unpacked_to_see() -> None:
    assert "more than 8 MB" in refused(saying(zipped(WHOLE), LARGEST_UPLOAD + 1))


def test_members_that_share_their_bytes_are_counted_each() -> None:
    body = zipped({"volume.toml": WHOLE["volume.toml"], "one.txt": b"x" * (LARGEST_UPLOAD // 3)})
    central, end = body.index(b"PK\x01\x02"), body.rindex(b"PK\x05\x06")
    entry = body[body.rindex(b"PK\x01\x02") : end]
    many = body[central:end] + entry * 8
    tail = bytearray(body[end:])
    struct.pack_into("<HHI", tail, 8, 10, 10, len(many))

    said = refused(body[:central] + many + bytes(tail))

    assert "this name is there already" in said or "more than 8 MB" in said


def test_a_manifest_that_is_none_by_its_size_is_refused() -> None:
    long = manifest("one.txt") + b"\n#" + b"x" * 70_000

    assert "volume.toml: the manifest has more than 64 kB" in refused_files({**WHOLE, "volume.toml": long})


# Bodies


@pytest.mark.parametrize("body", [b"", b"x", b"%PDF-1.7", b"PK", b"x" * 1000, b"x" + zipped(WHOLE)])
def test_what_is_no_zip_is_refused(body: bytes) -> None:
    assert refused(body) == "plans.zip: this is not a zip; pack the folder anew."


def test_a_zip_that_is_cut_short_anywhere_is_refused() -> None:
    body = zipped(WHOLE)

    for length in range(len(body)):
        assert "this is not a zip" in refused(body[:length]) or "cut short" in refused(body[:length])


@given(st.data())
def test_a_zip_with_any_bytes_changed_is_read_or_refused(data: st.DataObject) -> None:
    body = bytearray(zipped({f"mill/{name}": content for name, content in WHOLE.items()}))
    for at in data.draw(st.lists(st.integers(4, len(body) - 1), min_size=1, max_size=6)):
        body[at] = data.draw(st.integers(0, 255))

    try:
        uploaded = read_zip(bytes(body))
    except ImportFault as fault:
        one_sentence(fault)
    else:
        assert WITNESS in uploaded.files.values()


def test_an_empty_zip_has_no_manifest() -> None:
    assert "there is no manifest" in refused(zipped({}))


# The volume as a whole


def test_witnesses_alone_are_refused_with_what_is_missing() -> None:
    assert refused_files({"one.txt": WITNESS}) == (
        "The upload: there is no manifest; add the volume.toml that names the witnesses,"
        " even if the volume is here already."
    )


def test_two_manifests_are_refused() -> None:
    assert "several manifests (volume.toml, b/other.toml)" in refused_files(
        {**WHOLE, "b/other.toml": manifest("one.txt")}
    )


def test_a_witness_that_is_not_there_is_named() -> None:
    said = refused_files({"volume.toml": manifest("one.txt", "two.txt", "three.txt"), "two.txt": b"x"})

    assert said == "volume.toml: the manifest names witnesses that are missing: one.txt, three.txt; add them."


def test_a_witness_in_another_folder_than_the_manifest_is_not_there() -> None:
    said = refused(zipped({"a/volume.toml": manifest("one.txt"), "b/one.txt": WITNESS}))

    assert "missing: a/one.txt" in said


def test_files_that_the_manifest_does_not_name_are_named() -> None:
    spare = {f"spare-{n}.txt": b"x" for n in range(7)}
    said = refused_files({**WHOLE, **spare})

    assert (
        "does not name these files: spare-0.txt, spare-1.txt, spare-2.txt, spare-3.txt, spare-4.txt and 2 more;"
        in said
    )


def test_a_fault_of_the_manifest_is_named_with_its_line() -> None:
    assert "volume.toml, line 9: this is not TOML" in refused_files(
        {**WHOLE, "volume.toml": WHOLE["volume.toml"] + b"\nyear 1930\n"}
    )


# Names that lead out of the folder


PIECES = st.sampled_from(
    ["..", ".", "/", "\\", "a", "one", ".txt", "C:", "\0", " ", "~", "\u2025", "\uff0f", "…", "%2e"]
)
NAMES = st.one_of(st.lists(PIECES, min_size=1, max_size=7).map("".join), st.text(max_size=20))


@given(names=st.lists(NAMES, min_size=1, max_size=3, unique=True))
def test_a_zip_with_any_names_is_refused_or_read_as_it_is(names: list[str]) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name in names:
            info = zipfile.ZipInfo("x")
            info.filename = name
            with suppress(UnicodeEncodeError):
                archive.writestr(info, b"x")
        archive.writestr("volume.toml", manifest(*names))
    with suppress(ImportFault):
        uploaded = read_zip(packed.getvalue())
        assert set(uploaded.files) == {"volume.toml", *names}
        assert set(uploaded.witnesses) == {*names}


def test_names_that_only_look_hostile_are_taken() -> None:
    files = {"~a.txt": b"x", "b…/...txt.txt": b"x", "%2e%2e.txt": b"x"}
    files = {"volume.toml": manifest(*files), **files}

    assert read_zip(zipped(files)).files == files
