import csv
import io
import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from glossary.cells import (
    SenseCell,
    read_forms,
    read_phrases,
    read_senses,
    write_forms,
    write_phrases,
    write_senses,
)
from glossary.matching import Case, Form
from glossary.models import Glossary, Sense, Term, TermException, TermForm
from glossary.resources import COLUMNS, CSV, JSON, TableError, TermResource, read_text
from tests.examples import examples
from tests.factories import make_glossary, make_term

KINDS = [CSV, JSON]
TEXTS = st.text(st.characters(exclude_categories=["C"]), min_size=1, max_size=12).map(str.strip).filter(bool)
# Texts with a special meaning in a spreadsheet, a table, or a cell.
AWKWARD = st.one_of(
    TEXTS, st.text("=+-@'|:\\ ;,\"\n\tab1. ", min_size=1, max_size=9).map(str.strip).filter(bool)
)


def table(*rows: dict[str, str]) -> str:
    return json.dumps([{**dict.fromkeys(COLUMNS, ""), **row} for row in rows])


def read_in(glossary: Glossary, content: str | bytes, kind: Any = JSON, *, dry_run: bool = False) -> Any:
    dataset = kind().create_dataset(content.encode() if isinstance(content, str) else content)
    return TermResource(glossary=glossary).import_data(
        dataset, dry_run=dry_run, rollback_on_validation_errors=True
    )


def written(glossary: Glossary, kind: Any = JSON) -> bytes:
    terms = glossary.terms.select_related("see").prefetch_related("forms", "senses", "exceptions")
    content = kind().export_data(TermResource(glossary=glossary).export(terms))
    assert isinstance(content, bytes)
    return content


def unnamed(content: bytes) -> str:
    """A JSON file without the name of its glossary."""
    return json.dumps([{k: v for k, v in row.items() if k != "glossary"} for row in json.loads(content)])


def faults(result: Any) -> dict[int, dict[str, list[str]]]:
    assert not result.base_errors, result.base_errors
    assert not result.error_rows, [row.errors for row in result.error_rows]
    return {row.number: row.error_dict for row in result.invalid_rows}


# --- Cells ---


@given(st.lists(st.builds(Form, AWKWARD, st.sampled_from(Case)), unique_by=lambda form: form.text))
def test_forms_come_back_from_a_cell_as_they_were(forms: list[Form]) -> None:
    assert read_forms(write_forms(forms)) == forms


@given(
    st.lists(
        st.builds(SenseCell, st.integers(1, 9999), AWKWARD, st.one_of(st.just(""), AWKWARD)),
        unique_by=lambda sense: sense.n,
    )
)
def test_senses_come_back_from_a_cell_as_they_were(senses: list[SenseCell]) -> None:
    assert read_senses(write_senses(senses)) == sorted(senses)


@given(st.lists(AWKWARD, unique=True))
def test_phrases_come_back_from_a_cell_as_they_were(phrases: list[str]) -> None:
    assert read_phrases(write_phrases(phrases)) == phrases


def test_cells_are_written_to_be_read_by_persons() -> None:
    assert write_forms([Form("NEP"), Form("Mir", Case.INSIDE)]) == "NEP | Mir:inside"
    assert write_senses([SenseCell(1, "village", "of land"), SenseCell(2, "world", "")]) == (
        "1. village @ of land | 2. world"
    )
    assert read_senses("village@of land|world") == [
        SenseCell(1, "village", "of land"),
        SenseCell(2, "world", ""),
    ]


@pytest.mark.parametrize(
    ("read", "cell", "reason"),
    [
        (read_forms, "Mir:insde", "one of exact, any, inside, sentence"),
        (read_forms, "a:b:any", "after the colon"),
        (read_forms, "NEP | NEP", "“NEP” stands there twice"),
        (read_senses, "1. one | two", "Number all"),
        (read_senses, "1. one | 1. two", "“1” stands there twice"),
        (read_senses, "0. one", "counted from 1"),
        (read_senses, "1. @ then", "has no definition"),
        (read_senses, "a @ b @ c", "a second @"),
        (read_phrases, "Mir | Mir", "twice"),
    ],
)
def test_a_cell_that_cannot_be_read_says_why(read: Any, cell: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        read(cell)


# --- Files ---

HEADER = ",".join(COLUMNS)
ROW = ["NEP", "Policy; of 1921", "", "key", "yes", "NEP", "", ""]


@pytest.mark.parametrize(
    "first",
    [
        HEADER,
        f"sep=;\n{';'.join(COLUMNS)}",
        f"SEP=;\r\n{';'.join(COLUMNS)}",
        f"sep=|\n{'|'.join(COLUMNS)}",
        ";".join(COLUMNS),
        "\t".join(COLUMNS),
        ",".join(name.upper() for name in COLUMNS),
        ",".join(f" {name.title().replace('_', ' ')} " for name in COLUMNS),
    ],
)
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_a_csv_file_is_read_as_spreadsheets_write_it(first: str, mark: str) -> None:
    last = first.splitlines()[-1]
    sign = next(sign for sign in "|;\t," if sign in last)
    row = sign.join(f'"{cell}"' for cell in ROW)

    dataset = CSV().create_dataset(f"{mark}{first}\r\n{row}\r\n".encode())

    assert dataset.headers == [*COLUMNS]
    assert list(dataset[0]) == ROW


def test_a_file_that_went_through_a_spreadsheet_changes_nothing(glossary: Glossary) -> None:
    glossary.terms.filter(headword="no forms").delete()
    rows = list(csv.reader(io.StringIO(written(glossary, CSV).decode("utf-8-sig"), newline="")))
    saved = io.StringIO(newline="")
    csv.writer(saved, delimiter=";", quoting=csv.QUOTE_ALL, lineterminator="\n").writerows(rows)

    result = read_in(glossary, f"sep=;\n{saved.getvalue()}", CSV)

    assert faults(result) == {}
    assert (result.totals["new"], result.totals["update"]) == (0, 0)


def test_a_file_of_another_glossary_is_refused_by_name(glossary: Glossary) -> None:
    other = make_glossary(name="Words of the river")

    result = read_in(other, written(glossary))

    [error] = result.base_errors
    assert f"The file is of the glossary “{glossary}”, and “Words of the river” is chosen" in str(error.error)
    assert not other.terms.exists()


def test_a_file_of_two_glossaries_is_refused_with_its_rows(glossary: Glossary) -> None:
    rows = [
        {**dict.fromkeys(COLUMNS, ""), "headword": name, "glossary": of}
        for name, of in [("A1", str(glossary)), ("B2", "Other"), ("C3", "Other")]
    ]

    [error] = read_in(glossary, json.dumps(rows)).base_errors

    assert f"“{glossary}” in row 1; “Other” in row 2 and 1 more" in str(error.error)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"\xff\xfeh\0", "The file is in UTF-16"),
        (b"headword\nMir\ncaf\xe9", "not in UTF-8: line 3 holds the byte E9, as files in Windows-1252 do"),
        (b"", "The file is empty"),
        (HEADER.replace(",", "|").encode(), "one cell.*commas, semicolons or tabs have to stand between"),
        (f"sep=;\n{HEADER}".encode(), "names a sign that does not stand between them"),
        (b'"headword', "cannot be read as CSV"),
        (b"headword,definition,colour\n", "no column “see”.*The column “colour” is unknown"),
        (f"{HEADER},forms\n".encode(), "“forms” is there twice"),
        (f"{HEADER}\nNEP,a\nCC,b\n".encode(), "Row 1 has 2 cells, and the first line has 8. Row 2"),
        (f"{HEADER}\nNEP,\0,,,,,,\n".encode(), "Row 1 holds a character that no text may have"),
    ],
)
def test_a_csv_file_that_is_no_table_says_why(content: bytes, reason: str) -> None:
    with pytest.raises(TableError, match=reason):
        CSV().create_dataset(content)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("{", "cannot be read as JSON"),
        ("[" * 100_000, "cannot be read as JSON"),
        ("{}", "not a list of objects"),
        ("[]", "not a list of objects"),
        ("[1]", "Row 1 is not an object"),
        (
            '[{"headword": 3, "color": ""}]',
            "Row 1 has no “definition”.*“color”, which is unknown.*“headword”: is not a text",
        ),
        (table({"definition": "\ud800"}), "Row 1 holds a character that no text may have"),
        (table({"definition": "\0"}), "Row 1 holds a character that no text may have"),
    ],
)
def test_a_json_file_that_is_no_table_says_why(content: str, reason: str) -> None:
    with pytest.raises(TableError, match=reason.replace("“headword”:", "“headword”")):
        JSON().create_dataset(content.encode())


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("delimiter", [",", ";"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_csv_is_read_with_commas_or_semicolons_and_with_or_without_its_mark(
    mark: bytes, delimiter: str, end: str
) -> None:
    lines = [HEADER, '"NEP","New; ""policy"", so",,key,yes,NEP,,', ""]
    content = end.join(lines).replace(",", delimiter).replace(f'policy""{delimiter}', 'policy"",')

    [row] = CSV().create_dataset(mark + content.encode()).dict

    assert row["headword"] == "NEP"
    assert row["definition"] == 'New; "policy", so'


def test_the_faults_of_a_long_file_are_counted_and_the_first_are_shown() -> None:
    with pytest.raises(TableError, match=r"Row 20 has 1 cells.*And 30 more\."):
        CSV().create_dataset(f"{HEADER}\n{'x' * 3}\n".encode() + b"y\n" * 49)


@pytest.mark.parametrize(("rows", "rest"), [(20, ""), (21, " And 1 more.")])
def test_twenty_faults_of_a_file_are_shown_and_the_rest_counted(rows: int, rest: str) -> None:
    with pytest.raises(TableError) as caught:
        CSV().create_dataset(f"{HEADER}\n".encode() + b"y\n" * rows)

    assert str(caught.value).count("Row ") == 20
    assert str(caught.value).endswith(f"Row 20 has 1 cells, and the first line has {len(COLUMNS)}.{rest}")


def test_an_ordinary_file_is_read_as_it_is() -> None:
    assert read_text("Mir – мир".encode()) == "Mir – мир"


@given(st.lists(st.lists(AWKWARD, min_size=len(COLUMNS), max_size=len(COLUMNS)), max_size=4))
@pytest.mark.parametrize("kind", KINDS)
def test_a_table_comes_back_from_its_file_as_it_was(kind: Any, rows: list[list[str]]) -> None:
    import tablib

    rows = [row for row in rows if any(row)]
    if not rows:
        return
    dataset = tablib.Dataset(*rows, headers=list(COLUMNS))

    back = kind().create_dataset(kind().export_data(dataset))

    assert [list(row) for row in back] == [list(row) for row in dataset]


@pytest.mark.parametrize("cell", ["'0'=", "a'=b", "1-2"])
def test_what_only_holds_such_a_character_is_written_as_it_is(cell: str) -> None:
    import tablib

    content = CSV().export_data(tablib.Dataset([cell] * len(COLUMNS), headers=list(COLUMNS)))

    assert f"{cell},{cell}" in content.decode("utf-8-sig")
    assert CSV().create_dataset(content)[0][0] == cell


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@a", "\t=1", "'=1", "''+1", "='='"])
def test_what_a_spreadsheet_would_reckon_is_written_as_text(cell: str) -> None:
    import csv
    import io

    import tablib

    dataset = tablib.Dataset([cell] * len(COLUMNS), headers=list(COLUMNS))

    content = CSV().export_data(dataset)

    [_, row] = csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""))
    assert row[0] == f"'{cell}"
    assert CSV().create_dataset(content)[0][0] == cell


# --- A glossary, out and in ---


@pytest.fixture
def glossary(db: None) -> Glossary:
    glossary = make_glossary()
    council = make_term(glossary, "STO", source=Term.Source.KEY)
    make_term(glossary, "CLD", definition="", see=council, in_emphasis=False)
    mir = make_term(glossary, "Mir", definition='=cmd|"x"')
    TermForm.objects.filter(term=mir, text="Mir").update(case=Case.INSIDE)
    Sense.objects.create(term=mir, n=1, definition="village @ | community", applies="of land")
    Sense.objects.create(term=mir, n=3, definition="2. world")
    TermException.objects.create(term=mir, text="Mir Publishers")
    Term.objects.create(glossary=glossary, headword="no forms", slug="no-forms", definition=" -1")
    return glossary


@pytest.mark.parametrize("kind", KINDS)
def test_what_was_written_changes_nothing_when_it_is_read(glossary: Glossary, kind: Any) -> None:
    before = written(glossary)
    keys = set(TermForm.objects.values_list("pk", flat=True)) | set(
        Sense.objects.values_list("pk", flat=True)
    )

    result = read_in(glossary, written(glossary, kind), kind)

    assert faults(result) == {}
    assert (result.totals["skip"], result.rows) == (4, [])
    assert written(glossary) == before
    after = set(TermForm.objects.values_list("pk", flat=True)) | set(
        Sense.objects.values_list("pk", flat=True)
    )
    assert after == keys


@pytest.mark.parametrize("kind", KINDS)
@examples(40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    headwords=st.lists(AWKWARD, min_size=1, max_size=4, unique_by=str.casefold),
    data=st.data(),
)
@pytest.mark.django_db
def test_whatever_the_glossary_its_table_changes_nothing(kind: Any, headwords: list[str], data: Any) -> None:
    glossary = make_glossary()
    terms: list[Term] = []
    for n, headword in enumerate(headwords):
        terms.append(
            Term.objects.create(
                glossary=glossary,
                headword=" ".join(headword.split()),
                slug=f"t{n}",
                definition=data.draw(st.one_of(st.just(""), AWKWARD)),
                source=data.draw(st.sampled_from(Term.Source.values)),
                in_emphasis=data.draw(st.booleans()),
                see=data.draw(st.sampled_from([None, *terms])),
            )
        )
        for text in data.draw(st.lists(AWKWARD, max_size=3, unique=True)):
            case = data.draw(st.sampled_from(Case))
            TermForm.objects.create(term=terms[-1], text=text, case=case)
        for m, text in enumerate(data.draw(st.lists(AWKWARD, max_size=3)), start=1):
            applies = data.draw(st.one_of(st.just(""), AWKWARD))
            Sense.objects.create(term=terms[-1], n=m, definition=text, applies=applies)
    before = written(glossary)

    result = read_in(glossary, written(glossary, kind), kind)

    assert faults(result) == {}
    assert result.rows == []
    assert written(glossary) == before


def test_a_glossary_can_be_carried_into_an_empty_one(glossary: Glossary) -> None:
    glossary.terms.filter(headword="no forms").delete()
    empty = make_glossary()

    result = read_in(empty, unnamed(written(glossary)))

    assert faults(result) == {}
    assert result.totals["new"] == 3
    assert unnamed(written(empty)) == unnamed(written(glossary))
    assert empty.terms.get(headword="CLD").see == empty.terms.get(headword="STO")


def test_a_new_term_without_forms_gets_the_usual_ones_and_an_address(glossary: Glossary) -> None:
    read_in(glossary, table({"headword": "Kulak (kulak)"}, {"headword": "kulak kulak"}))

    assert {term.slug for term in glossary.terms.filter(headword__icontains="kulak")} == {
        "kulak-kulak",
        "kulak-kulak-2",
    }


def test_only_what_a_row_changes_is_written(glossary: Glossary) -> None:
    sense = Sense.objects.get(n=3)
    row = next(row for row in json.loads(written(glossary)) if row["headword"] == "Mir")

    result = read_in(glossary, table({**row, "forms": "Mir | mirs", "senses": "3. peace", "see": "STO"}))

    assert faults(result) == {}
    mir = glossary.terms.get(headword="Mir")
    assert {(form.text, form.case) for form in mir.forms.all()} == {("Mir", "exact"), ("mirs", "exact")}
    assert [(sense.pk, "peace")] == [(each.pk, each.definition) for each in mir.senses.all()]
    assert mir.see is not None
    assert mir.see.headword == "STO"
    assert glossary.terms.count() == 4


def test_a_trial_writes_nothing_and_shows_the_differences(glossary: Glossary) -> None:
    before = written(glossary)

    result = read_in(
        glossary, table({"headword": "STO", "definition": "<Council>", "forms": "STO"}), dry_run=True
    )

    [row] = result.rows
    shown = "".join(row.diff)
    assert "<ins>&lt;Council&gt;" in shown
    assert "style" not in shown
    assert "<del>" in shown
    assert written(glossary) == before


@pytest.mark.parametrize(
    ("rows", "wrong", "reason"),
    [
        ([{"headword": ""}], {1: "headword"}, "needs a headword"),
        ([{"headword": "x" * 201}], {1: "headword"}, "at most 200"),
        ([{"headword": "VSNKh"}, {"headword": "VSNKh"}], {1: "headword", 2: "headword"}, "stands in 2 rows"),
        ([{"headword": "Artel"}, {"headword": "artel"}], {1: "headword", 2: "headword"}, "only in capitals"),
        ([{"headword": "MIR"}], {1: "headword"}, "“MIR” differs from “Mir” only in capitals"),
        (
            [{"headword": "Artel", "see": "Nobody"}],
            {1: "see"},
            "Neither the file nor the glossary has the headword",
        ),
        ([{"headword": "Artel", "see": "Artel"}], {1: "see"}, "Artel → Artel"),
        ([{"headword": "STO", "see": "CLD"}, {"headword": "Artel"}], {1: "see"}, "STO → CLD → STO"),
        (
            [{"headword": "A1", "see": "B1"}, {"headword": "B1", "see": "A1"}],
            {1: "see", 2: "see"},
            "leads back",
        ),
        ([{"headword": "Artel", "source": "rumour"}], {1: "source"}, "not one of key, text, editor"),
        ([{"headword": "Artel", "in_emphasis": "maybe"}], {1: "in_emphasis"}, "neither yes nor no"),
        ([{"headword": "Artel", "forms": "x"}], {1: "forms"}, "two letters"),
        ([{"headword": "Artel", "forms": "art.*"}], {1: "forms"}, "looks like a pattern"),
        ([{"headword": "Artel", "forms": "<b>artel</b>"}], {1: "forms"}, "HTML"),
        ([{"headword": "Artel", "forms": "mirs"}], {1: "forms"}, "belongs to “Mir”"),
        (
            [{"headword": "Artel", "forms": "a b"}, {"headword": "Team", "forms": "a b"}],
            {1: "forms", 2: "forms"},
            "“a b” belongs to “Artel”",
        ),
        (
            [{"headword": "Kulak"}, {"headword": "rich", "forms": "kulaks"}],
            {2: "forms"},
            "belongs to “Kulak”",
        ),
        ([{"headword": "Artel", "senses": "1. a | b"}], {1: "senses"}, "Number all"),
        ([{"headword": "Artel", "senses": f"a @ {'b' * 201}"}], {1: "senses"}, "at most 200"),
        ([{"headword": "Artel", "exceptions": "["}], {1: "exceptions"}, "pattern"),
    ],
)
def test_a_row_that_is_wrong_is_named_with_its_column_and_nothing_is_written(
    glossary: Glossary, rows: list[dict[str, str]], wrong: dict[int, str], reason: str
) -> None:
    before = written(glossary)

    found = faults(read_in(glossary, table({"headword": "Good"}, *rows)))

    assert {n - 1: ", ".join(columns) for n, columns in found.items()} == wrong
    assert reason in str(found)
    assert written(glossary) == before


def test_forms_that_stand_in_conflict_already_are_not_objected_to(glossary: Glossary) -> None:
    TermForm.objects.create(term=glossary.terms.get(headword="STO"), text="Mir")

    assert faults(read_in(glossary, written(glossary))) == {}


def test_a_large_table_is_read_with_few_queries_a_row(
    glossary: Glossary, django_assert_max_num_queries: Any
) -> None:
    read_in(glossary, table(*({"headword": f"W{n}x", "forms": f"W{n}x"} for n in range(50))))

    # Comparing with existing rows only queries the glossary; each row has its savepoint.
    with django_assert_max_num_queries(20 + 2 * 54):
        result = read_in(glossary, written(glossary))

    assert result.totals["skip"] == 54
