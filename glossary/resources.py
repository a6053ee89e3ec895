"""A glossary as a table, exported and imported: CSV for spreadsheets, JSON for programs. All of COLUMNS are required.

A file is of one glossary; an exported file names it in every row, and a file that names none is of the chosen one.
Cells with several items are in the notation of glossary/cells.py. A row is known by its headword; terms that a file
lacks are left alone. Every row's faults are listed, and nothing is written until there are none. Columns and values are
the same in every language of the interface; faults are in the editor's.
"""

import csv
import io
import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

import tablib
from diff_match_patch import diff_match_patch
from django.core.exceptions import ValidationError
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext, pgettext
from import_export.fields import Field
from import_export.formats.base_formats import Format
from import_export.resources import Diff, ModelResource

from glossary.cells import (
    SenseCell,
    read_forms,
    read_phrases,
    read_senses,
    write_forms,
    write_phrases,
    write_senses,
)
from glossary.entries import OtherForms, add_forms, free_slug, loop_from, taken_slugs, usual_forms
from glossary.forms import forms_of
from glossary.matching import Case, Form
from glossary.models import Sense, Term, TermException, TermForm
from glossary.sentences import OF_CELLS, in_words, objection

COLUMNS = ("headword", "definition", "see", "source", "in_emphasis", "forms", "senses", "exceptions")
# The column in which a file says of which glossary it is; a file need not have it.
GLOSSARY = "glossary"
# Between the cells of a CSV file; a first line like `sep=;` names another one, as spreadsheets write it.
DELIMITERS = ",;\t"
SEPARATOR = re.compile(r"sep=(?P<mark>.)\r?(?:\n|\Z)", re.IGNORECASE)
# Characters that make a cell a formula in a spreadsheet (OWASP, "CSV Injection"); an apostrophe before them makes it
# text.
FORMULA = re.compile(r"(?='*[=+\-@\t\r\n])")
MADE_TEXT = re.compile(r"'(?='*[=+\-@\t\r\n])")
FAULTS_SHOWN = 20


class TableError(ValueError):
    """A file is not a table of terms; the message has the reasons, in sentences for an editor."""


def read_text(content: bytes) -> str:
    """The text of a file in UTF-8, with or without a mark. TableError, with line and likely encoding, if not UTF-8."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise TableError(gettext("The file is in UTF-16. Save it as UTF-8."))
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise TableError(
            gettext(
                "The file is not in UTF-8: line %(line)s holds the byte %(byte)s, as files in Windows-1252 do. "
                "Save it as UTF-8."
            )
            % {"line": line, "byte": f"{content[error.start]:02X}"}
        ) from error


def table_of(headers: Iterable[Any], rows: Iterable[list[str]]) -> tablib.Dataset:
    """A table with these columns. TableError if a column is missing, unknown, or given twice."""
    headers = [_column_name(str(header)) for header in headers]
    faults = [
        gettext("There is no column “%(column)s”.") % {"column": name}
        for name in COLUMNS
        if name not in headers
    ]
    faults += [
        gettext("The column “%(column)s” is unknown.") % {"column": name}
        for name in headers
        if name not in (*COLUMNS, GLOSSARY)
    ]
    faults += [
        gettext("The column “%(column)s” is there twice.") % {"column": name}
        for name, n in Counter(headers).items()
        if n > 1
    ]
    if faults:
        raise TableError(" ".join([*faults, _the_columns()]))
    table = list(rows)
    _refuse(
        [
            gettext("Row %(row)s holds a character that no text may have.") % {"row": n}
            for n, row in enumerate(table, 1)
            if _is_no_text(row)
        ]
    )
    return tablib.Dataset(*table, headers=headers)


def _the_columns() -> str:
    return gettext("The columns are %(columns)s.") % {"columns": ", ".join(COLUMNS)}


def _column_name(header: str) -> str:
    """The name of a column in a file: its capitals do not count, nor white space around it or within it."""
    return "_".join(header.replace("\ufeff", "").strip().casefold().split())


def _is_no_text(row: Iterable[str]) -> bool:
    return any("\0" in cell or any("\ud800" <= character <= "\udfff" for character in cell) for cell in row)


class _Table(Format):  # type: ignore[misc]  # the library has no types
    """A format of files. Files are read as bytes, so that faults of the encoding can be reported."""

    name: str
    content_type: str

    def __init__(self, encoding: str | None = None) -> None:
        """Ignore the library's `encoding`: it is always UTF-8."""

    def get_title(self) -> str:
        """The format's name in the editor's choice."""
        return self.name

    def get_extension(self) -> str:
        """The extension of a file's name."""
        return self.name

    def get_content_type(self) -> str:
        """The media type of a file."""
        return self.content_type

    def can_import(self) -> bool:
        """Return True: files of this format are read."""
        return True

    def can_export(self) -> bool:
        """Return True: files of this format are written."""
        return True


class CSV(_Table):
    """CSV with commas, semicolons or tabs, as its first line has them; written with the mark of UTF-8."""

    name = "csv"
    content_type = "text/csv; charset=utf-8"

    def create_dataset(self, in_stream: bytes) -> tablib.Dataset:
        """The table in a file. TableError with every row that is not as long as the first."""
        text = read_text(in_stream)
        if said := SEPARATOR.match(text):
            text = text[said.end() :]
        first = text.partition("\n")[0]
        delimiter = said["mark"] if said else max(DELIMITERS, key=first.count)
        try:
            headers, *rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
        except ValueError:
            raise TableError(gettext("The file is empty.")) from None
        except csv.Error as error:
            raise TableError(
                gettext("The file cannot be read as CSV: %(error)s.") % {"error": error}
            ) from error
        _refuse_one_column(headers, delimiter, is_said=bool(said))
        table, faults = [], []
        for n, row in enumerate(rows, start=1):
            if row and len(row) != len(headers):
                faults.append(
                    gettext("Row %(row)s has %(cells)s cells, and the first line has %(columns)s.")
                    % {"row": n, "cells": len(row), "columns": len(headers)}
                )
            elif any(row):
                table.append([cell[1:] if MADE_TEXT.match(cell) else cell for cell in row])
        _refuse(faults)
        return table_of(headers, table)

    def export_data(self, dataset: tablib.Dataset, **_: Any) -> bytes:
        """The file for a table."""
        written = io.StringIO(newline="")
        writer = csv.writer(written)
        writer.writerow(dataset.headers)
        writer.writerows([f"'{cell}" if FORMULA.match(cell) else cell for cell in row] for row in dataset)
        return written.getvalue().encode("utf-8-sig")


class JSON(_Table):
    """A list of objects whose members are the columns, each a string."""

    name = "json"
    content_type = "application/json"

    def create_dataset(self, in_stream: bytes) -> tablib.Dataset:
        """The table in a file. TableError with every object that lacks a column or holds anything but text."""
        try:
            objects = json.loads(read_text(in_stream))
        except (json.JSONDecodeError, RecursionError) as error:
            raise TableError(
                gettext("The file cannot be read as JSON: %(error)s.") % {"error": error}
            ) from error
        if not isinstance(objects, list) or not objects:
            raise TableError(gettext("The file is not a list of objects, one for each term."))
        faults = []
        for n, each in enumerate(objects, start=1):
            if not isinstance(each, dict):
                faults.append(gettext("Row %(row)s is not an object.") % {"row": n})
                continue
            faults += [
                gettext("Row %(row)s has no “%(column)s”.") % {"row": n, "column": name}
                for name in COLUMNS
                if name not in each
            ]
            known = (*COLUMNS, GLOSSARY)
            faults += [
                gettext("Row %(row)s holds “%(column)s”, which is unknown.") % {"row": n, "column": name}
                for name in each
                if name not in known
            ]
            faults += [
                gettext("Row %(row)s: “%(column)s” is not a text.") % {"row": n, "column": name}
                for name, value in each.items()
                if not isinstance(value, str)
            ]
        _refuse(faults)
        names = (*COLUMNS, GLOSSARY) if any(GLOSSARY in each for each in objects) else COLUMNS
        return table_of(names, [[each.get(name, "") for name in names] for each in objects])

    def export_data(self, dataset: tablib.Dataset, **_: Any) -> bytes:
        """The file for a table."""
        rows = [dict(zip(dataset.headers, row, strict=True)) for row in dataset]
        return (json.dumps(rows, ensure_ascii=False, indent=1) + "\n").encode()


def _refuse_one_column(headers: list[str], delimiter: str, *, is_said: bool) -> None:
    """Name the sign between cells as the cause if the first line is no row of several columns. TableError."""
    if len(headers) > 1:
        return
    if is_said:
        fault = gettext(
            "The first line of the file is one cell, and has to have the names of the columns: its line “sep=%(sign)s”"
            " names a sign that does not stand between them."
        ) % {"sign": delimiter}
    else:
        fault = gettext(
            "The first line of the file is one cell, and has to have the names of the columns: commas, semicolons or"
            " tabs have to stand between them."
        )
    raise TableError(f"{fault} {_the_columns()}")


def glossary_of(dataset: tablib.Dataset) -> str:
    """The name of the glossary that a file says it is of; empty if it names none. TableError if it names several."""
    if GLOSSARY not in (dataset.headers or ()):
        return ""
    rows_of: dict[str, list[int]] = {}
    for n, name in enumerate(dataset[GLOSSARY], start=1):
        rows_of.setdefault(" ".join(str(name).split()), []).append(n)
    if len(rows_of) < 2:
        return next(iter(rows_of), "")
    named = "; ".join(_named(name, rows) for name, rows in list(rows_of.items())[:FAULTS_SHOWN])
    raise TableError(
        gettext("A file is of one glossary, and this one names several: %(named)s. Make a file of each.")
        % {"named": named}
    )


def _named(glossary: str, rows: list[int]) -> str:
    """The rows that name a glossary, or none."""
    values = {"glossary": glossary, "row": rows[0], "more": len(rows) - 1}
    if not rows[1:]:
        words = gettext("“%(glossary)s” in row %(row)s") if glossary else gettext("none in row %(row)s")
        return words % values
    if glossary:
        words = ngettext(
            "“%(glossary)s” in row %(row)s and %(more)s more",
            "“%(glossary)s” in row %(row)s and %(more)s more",
            len(rows) - 1,
        )
    else:
        words = ngettext(
            "none in row %(row)s and %(more)s more", "none in row %(row)s and %(more)s more", len(rows) - 1
        )
    return words % values


def _refuse(faults: list[str]) -> None:
    if faults:
        more = len(faults) - FAULTS_SHOWN
        rest = (
            [ngettext("And %(more)s more.", "And %(more)s more.", more) % {"more": more}] if more > 0 else []
        )
        raise TableError(" ".join([*faults[:FAULTS_SHOWN], *rest]))


def _read_headword(cell: str) -> str:
    headword = " ".join(cell.split())
    if not headword:
        raise ValueError(gettext("A term needs a headword."))
    return _read_see(headword)


def _read_see(cell: str) -> str:
    headword = " ".join(cell.split())
    if len(headword) > 200:
        raise ValueError(gettext("A headword has at most 200 characters."))
    return headword


def _read_source(cell: str) -> str:
    source = cell.strip() or Term.Source.EDITOR.value
    if source not in Term.Source.values:
        raise ValueError(
            gettext("“%(source)s” is not one of %(sources)s.")
            % {"source": source, "sources": ", ".join(Term.Source.values)}
        )
    return source


def _read_in_emphasis(cell: str) -> bool:
    answer = {"yes": True, "": True, "no": False}.get(cell.strip().casefold())
    if answer is None:
        raise ValueError(gettext("“%(cell)s” is neither yes nor no.") % {"cell": cell.strip()})
    return answer


def _read_senses(cell: str) -> list[SenseCell]:
    senses = read_senses(cell)
    for sense in senses:
        if len(sense.applies) > 200:
            raise ValueError(
                gettext("The words after @ in sense %(sense)s have at most 200 characters.")
                % {"sense": sense.n}
            )
    return senses


def _read_exceptions(cell: str) -> list[str]:
    phrases = read_phrases(cell)
    for phrase in phrases:
        if refused := objection(Form(phrase)):
            raise ValueError(refused)
    return sorted(phrases)


def _in_order(forms: Iterable[Form]) -> list[Form]:
    return sorted(forms, key=lambda form: form.text)


class _Column(NamedTuple):
    """A column: reading of a cell (ValueError), and writing into one."""

    read: Callable[[str], Any]
    write: Callable[[Any], str]


READ_AND_WRITTEN = {
    "headword": _Column(_read_headword, str),
    "definition": _Column(str.strip, str),
    "see": _Column(_read_see, str),
    "source": _Column(_read_source, str),
    "in_emphasis": _Column(_read_in_emphasis, lambda said: "yes" if said else "no"),
    "forms": _Column(lambda cell: _in_order(read_forms(cell)), write_forms),
    "senses": _Column(_read_senses, write_senses),
    "exceptions": _Column(_read_exceptions, write_phrases),
}


def values_of(term: Term) -> dict[str, Any]:
    """The values of a term in each column; empty ones for a term that is not saved yet."""
    if term.pk is None:
        return {name: READ_AND_WRITTEN[name].read("") for name in COLUMNS if name != "headword"} | {
            "headword": ""
        }
    return {
        "headword": term.headword,
        "definition": term.definition.strip(),
        "see": term.see.headword if term.see else "",
        "source": term.source,
        "in_emphasis": term.in_emphasis,
        "forms": _in_order(Form(form.text, Case(form.case)) for form in term.forms.all()),
        "senses": sorted(
            SenseCell(sense.n, sense.definition.strip(), sense.applies.strip()) for sense in term.senses.all()
        ),
        "exceptions": sorted(exception.text for exception in term.exceptions.all()),
    }


class _CellField(Field):  # type: ignore[misc]  # the library has no types
    """A column; the file's value is kept beside the term until the row is saved."""

    def __init__(self, column: str) -> None:
        super().__init__(attribute=column, column_name=column)

    def get_value(self, instance: Term) -> str:
        """The cell as an export writes it."""
        values = _said_of(instance)
        return READ_AND_WRITTEN[self.column_name].write(values[self.column_name])

    def save(self, instance: Term, row: Mapping[str, str], is_m2m: bool = False, **_: Any) -> None:
        """Keep the row's value until the row is saved. ValueError, in the editor's language, if it cannot be read."""
        try:
            value = READ_AND_WRITTEN[self.column_name].read(row[self.column_name])
        except ValueError as error:
            raise ValueError(in_words(str(error), OF_CELLS)) from error
        _said_of(instance)[self.column_name] = value


def _said_of(term: Term) -> dict[str, Any]:
    values: dict[str, Any] | None = getattr(term, "_values", None)
    if values is None:
        values = values_of(term)
        term._values = values  # type: ignore[attr-defined]  # exists while the row is read
    return values


class _Differences(Diff):  # type: ignore[misc]  # the library has no types
    """The differences of a row as <ins> and <del>, without the library's inline styles."""

    def as_html(self) -> list[SafeString]:
        """One piece of HTML for each column."""
        compare = diff_match_patch()
        shown = []
        for before, after in zip(self.left, self.right, strict=True):
            pieces = compare.diff_main("" if self.new else before, after)
            compare.diff_cleanupSemantic(pieces)
            marks = {compare.DIFF_INSERT: "<ins>{}</ins>", compare.DIFF_DELETE: "<del>{}</del>"}
            shown.append(
                format_html_join(
                    "", "{}", ((format_html(marks.get(kind, "{}"), text),) for kind, text in pieces)
                )
            )
        return shown


class TermResource(ModelResource):  # type: ignore[misc]  # the library has no types
    """Import and export of the terms of one glossary."""

    headword = _CellField("headword")
    definition = _CellField("definition")
    see = _CellField("see")
    source = _CellField("source")
    in_emphasis = _CellField("in_emphasis")
    forms = _CellField("forms")
    senses = _CellField("senses")
    exceptions = _CellField("exceptions")

    class Meta:
        model = Term
        fields = COLUMNS
        import_id_fields = ("headword",)
        skip_unchanged = True
        report_skipped = False
        chunk_size = 5000
        name = "terms"

    def __init__(self, glossary: Any = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.glossary = glossary

    @classmethod
    def get_diff_class(cls) -> type[_Differences]:
        """The class that shows the differences as HTML."""
        return _Differences

    def export(self, queryset: Any = None, **kwargs: Any) -> tablib.Dataset:
        """The table of terms of one glossary, which every row names. TableError if they are of several."""
        dataset = super().export(queryset, **kwargs)
        rows = Term.objects.all() if queryset is None else queryset.prefetch_related(None)
        names = sorted(rows.order_by().values_list("glossary__name", flat=True).distinct())
        if len(names) > 1:
            choices = pgettext("between names", " or ").join(
                gettext("“%(name)s”") % {"name": name} for name in names
            )
            raise TableError(
                gettext("A file is of one glossary: choose %(glossaries)s.") % {"glossaries": choices}
            )
        dataset.insert_col(0, names * len(dataset), header=GLOSSARY)
        return dataset

    def before_import(self, dataset: tablib.Dataset, **_: Any) -> None:
        """Load the glossary once, and check the file as a whole."""
        said = glossary_of(dataset)
        if said and said != " ".join(self.glossary.name.split()):
            raise TableError(
                gettext(
                    "The file is of the glossary “%(said)s”, and “%(chosen)s” is chosen. Choose that one; to read the"
                    " file into “%(chosen)s” all the same, take its column “%(column)s” out."
                )
                % {"said": said, "chosen": self.glossary, "column": GLOSSARY}
            )
        terms = Term.objects.filter(glossary=self.glossary).select_related("see")
        self.terms = {term.headword: term for term in terms.prefetch_related("forms", "senses", "exceptions")}
        self.slugs = taken_slugs(self.glossary)
        rows = [dict(zip(dataset.headers, row, strict=True)) for row in dataset]
        headwords = [" ".join(row["headword"].split()) for row in rows]
        self.in_file = Counter(headwords)
        spellings: dict[str, set[str]] = {}
        for headword in {*headwords, *self.terms}:
            spellings.setdefault(headword.casefold(), set()).add(headword)
        self.alike = {name: alike - {name} for alike in spellings.values() for name in alike}
        self.sees = {name: term.see.headword for name, term in self.terms.items() if term.see}
        for headword, row in zip(headwords, rows, strict=True):
            self.sees.pop(headword, None)
            if see := " ".join(row["see"].split()):
                self.sees[headword] = see
        standing = [
            (name, form)
            for name, term in self.terms.items()
            if name not in self.in_file
            for form in values_of(term)["forms"]
        ]
        self.others = OtherForms([*standing, *(claim for row in rows for claim in self._claims(row))])

    def _claims(self, row: Mapping[str, str]) -> list[tuple[str, Form]]:
        headword = " ".join(row["headword"].split())
        try:
            forms: Iterable[Form] = read_forms(row["forms"])
        except ValueError:
            return []
        if not forms and headword not in self.terms:
            forms = forms_of(headword)
        return [(headword, form) for form in forms]

    def get_instance(self, instance_loader: Any, row: Mapping[str, str]) -> Term | None:
        """The term with the row's headword."""
        return self.terms.get(" ".join(row["headword"].split()))

    def after_init_instance(self, instance: Term, new: bool, row: Mapping[str, str], **_: Any) -> None:
        """Read the term before the library copies it, since a copy would ask the database again."""
        _said_of(instance)

    def import_instance(self, instance: Term, row: Mapping[str, str], **kwargs: Any) -> None:
        """Take a row in. ValidationError with its faults, by column."""
        errors: dict[str, Any] = {}
        try:
            super().import_instance(instance, row, **kwargs)
        except ValidationError as error:
            errors = error.update_error_dict(errors)
        values = _said_of(instance)
        if "headword" not in errors and (refused := self._about_headword(values["headword"])):
            errors["headword"] = ValidationError(refused)
        if "see" not in errors and (refused := self._about_see(values["headword"], values["see"])):
            errors["see"] = ValidationError(refused)
        if not {"headword", "forms"} & errors.keys() and (objections := self._about_forms(instance, values)):
            errors["forms"] = ValidationError(objections)
        if errors:
            raise ValidationError(errors)

    def _about_headword(self, headword: str) -> str:
        if self.in_file[headword] > 1:
            return gettext("“%(headword)s” stands in %(rows)s rows.") % {
                "headword": headword,
                "rows": self.in_file[headword],
            }
        alike = self.alike.get(headword, set())
        if alike and headword not in self.terms:
            return gettext("“%(headword)s” differs from “%(other)s” only in capitals.") % {
                "headword": headword,
                "other": min(alike),
            }
        return ""

    def _about_see(self, headword: str, see: str) -> str:
        if see and see not in self.in_file and see not in self.terms:
            return gettext("Neither the file nor the glossary has the headword “%(headword)s”.") % {
                "headword": see
            }
        if see and (way := loop_from(headword, self.sees)):
            return gettext("This leads back to where it began: %(way)s.") % {"way": " → ".join(way)}
        return ""

    def _about_forms(self, term: Term, values: dict[str, Any]) -> list[str]:
        # Stored forms are not checked again.
        standing = {(form.text, form.case) for form in term.forms.all()} if term.pk else set()
        objections = []
        for form in values["forms"]:
            if (form.text, form.case) not in standing:
                refused = self.others.objection(values["headword"], form)
                if refused:
                    objections.append(refused)
        if not term.pk and not values["forms"]:
            try:
                values["forms"] = list(usual_forms(values["headword"], self.others))
            except ValueError as error:
                objections.append(str(error))
        return objections

    def validate_instance(
        self, instance: Term, import_validation_errors: Any = None, validate_unique: bool = True
    ) -> None:
        """Do nothing: the row was checked while it was read."""
        if import_validation_errors:
            raise ValidationError(import_validation_errors)

    def before_save_instance(self, instance: Term, row: Mapping[str, str], **_: Any) -> None:
        """Set the term's own fields."""
        values = _said_of(instance)
        if instance.pk is None:
            instance.glossary = self.glossary
            instance.slug = free_slug(values["headword"], self.slugs)
            self.slugs.add(instance.slug)
        for name in ("headword", "definition", "source", "in_emphasis"):
            setattr(instance, name, values[name])

    def after_save_instance(self, instance: Term, row: Mapping[str, str], **_: Any) -> None:
        """Write the term's forms, senses and exceptions: only differences, since settlements point to senses."""
        values = _said_of(instance)
        wanted = {form.text: form for form in values["forms"]}
        for form in TermForm.objects.filter(term=instance):
            if wanted.get(form.text) != Form(form.text, Case(form.case)):
                form.delete()
            else:
                del wanted[form.text]
        add_forms(instance, wanted.values())
        for sense in Sense.objects.filter(term=instance).exclude(
            n__in=[sense.n for sense in values["senses"]]
        ):
            sense.delete()
        for n, definition, applies in values["senses"]:
            Sense.objects.update_or_create(
                term=instance, n=n, defaults={"definition": definition, "applies": applies}
            )
        phrases = values["exceptions"]
        TermException.objects.filter(term=instance).exclude(text__in=phrases).delete()
        present = set(TermException.objects.filter(term=instance).values_list("text", flat=True))
        TermException.objects.bulk_create(
            TermException(term=instance, text=text) for text in phrases if text not in present
        )

    def after_import(self, dataset: tablib.Dataset, result: Any, **kwargs: Any) -> None:
        """Write the references between terms, since the headwords of later rows are known only now."""
        super().after_import(dataset, result, **kwargs)
        if result.has_errors() or result.has_validation_errors():
            return
        keys = dict(Term.objects.filter(glossary=self.glossary).values_list("headword", "pk"))
        rows = list(Term.objects.filter(pk__in=[row.object_id for row in result.rows]))
        for term in rows:
            term.see_id = keys.get(self.sees.get(term.headword, ""))
        Term.objects.bulk_update(rows, ["see"], batch_size=1000)
