"""Lists and screens that say codes and kept sentences in words, and the language of words of a text.

Django shows a field as it is stored, and has no place for its language. Here a column, a field that is only read, and
a filter show it through one function for each field; what they show is escaped as Django escapes it.
"""

from collections.abc import Callable, Iterator, Mapping
from itertools import zip_longest
from typing import Any, ClassVar

from django.contrib import admin
from django.contrib.admin.utils import NestedObjects, get_fields_from_path
from django.db import DEFAULT_DB_ALIAS, models
from django.http import HttpRequest, HttpResponse
from django.template.defaultfilters import linebreaksbr
from django.urls import reverse
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import capfirst

from reader.edition.told import Told
from reader.models import Volume
from reader.templatetags.languages import of_text
from reader.templatetags.rows import CALLED_BY_TEXT, called, language_of, name_of

# The words for a stored code or sentence.
Say = Callable[[str], str | Told]


def as_html(choices: Iterator[Any]) -> Iterator[Any]:
    """The choices of a filter as HTML, which each but the first is: Django makes plain strings of what it counts."""
    yield next(choices)
    for choice in choices:
        yield {**choice, "display": mark_safe(choice["display"])}  # noqa: S308 - see above


class CodeFilter(admin.AllValuesFieldListFilter):
    """A filter by a stored code, which says the codes in words."""

    def __init__(
        self, field: Any, request: HttpRequest, params: Any, model: Any, model_admin: Any, field_path: str
    ) -> None:
        super().__init__(field, request, params, model, model_admin, field_path)
        self._say: Say = model_admin.in_words[field_path]

    def choices(self, changelist: Any) -> Iterator[Any]:
        """Django's choices; each but the first and that of no code shows a code, and perhaps a number after it."""
        codes = [None, *(str(code) for code in self.lookup_choices if code is not None)]
        for code, choice in zip_longest(codes, super().choices(changelist)):
            if code:
                number = str(choice["display"]).removeprefix(code)
                yield {**choice, "display": format_html("{}{}", _said(self._say(code)), number)}
            else:
                yield choice


class VolumeFilter(admin.RelatedFieldListFilter):
    """A filter by volume, whose titles say their language."""

    only_used = False

    def field_choices(self, field: Any, request: HttpRequest, model_admin: Any) -> Any:
        """The volumes, or those that have rows of the list."""
        volumes = Volume.objects.order_by(
            *(self.field_admin_ordering(field, request, model_admin) or ("pk",))
        )
        if self.only_used:
            used = model_admin.get_queryset(request).order_by().values(f"{self.field_path}__pk")
            volumes = volumes.filter(pk__in=used)
        return [(volume.pk, called(volume)) for volume in volumes]

    def choices(self, changelist: Any) -> Iterator[Any]:
        """Django's choices, as HTML also when they are counted."""
        return as_html(super().choices(changelist))


class UsedVolumeFilter(VolumeFilter):
    """A filter by those volumes that have rows of the list."""

    only_used = True


class ShownAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # generic in its stubs alone
    """Rows whose codes are shown in words, and whose words of a text say their language.

    `of_text` names the fields with words of the text; `in_words` has the words for codes and kept sentences, by the
    names of their fields. Rows that are called by words of a text need not be named.
    """

    of_text: ClassVar[tuple[str, ...]] = ()
    in_words: ClassVar[Mapping[str, Say]] = {}

    def __init__(self, model: Any, admin_site: Any) -> None:
        super().__init__(model, admin_site)
        self._columns: dict[tuple[str, bool], Any] = {}

    def get_list_display(self, request: HttpRequest) -> Any:
        """The columns of the list."""
        return [self._shown_field(name) for name in super().get_list_display(request)]

    def get_list_filter(self, request: HttpRequest) -> Any:
        """The filters: by codes in words, by volumes with their language."""
        return [self._filter_in_words(each) for each in super().get_list_filter(request)]

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """The fields; those that are only read are shown in words."""
        fields = list(super().get_fields(request, obj))
        read = super().get_readonly_fields(request, obj) if self._changes(request, obj) else fields
        return [self._shown_field(name, is_linked=True) if name in read else name for name in fields]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """The fields that are only read, shown in words."""
        return [self._shown_field(name, is_linked=True) for name in super().get_readonly_fields(request, obj)]

    def render_change_form(
        self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """The screen, called by the row's name in words."""
        if row := context.get("original"):
            context["subtitle"] = name_of(row)
        return super().render_change_form(request, context, *args, **kwargs)

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """What would be deleted, as Django lists it; names of a text say their language."""
        _, counts, lacking, protected = super().get_deleted_objects(objs, request)
        if not objs:
            return [], counts, lacking, protected
        language, collector = language_of(objs[0]), NestedObjects(using=DEFAULT_DB_ALIAS, origin=objs)
        collector.collect(objs)

        def listed(row: models.Model) -> SafeString:
            return format_html(
                "{}: {}", capfirst(row._meta.verbose_name), self._link_to(row, called(row, language))
            )

        return collector.nested(listed), counts, lacking, protected

    def _changes(self, request: HttpRequest, obj: Any) -> bool:
        return self.has_change_permission(request, obj) if obj is not None else True

    def _filter_in_words(self, spec: Any) -> Any:
        name, kind = spec if isinstance(spec, tuple | list) else (spec, None)
        if not isinstance(name, str):
            return spec
        if name in self.in_words:
            return name, CodeFilter
        field = get_fields_from_path(self.model, name)[-1]
        if field.is_relation and field.related_model is Volume:
            return name, VolumeFilter if kind is None else UsedVolumeFilter
        return spec

    def _shown_field(self, name: Any, *, is_linked: bool = False) -> Any:
        """The function that shows a column or a field; its name, if Django shows it as it should be."""
        if not isinstance(name, str) or (name != "__str__" and hasattr(type(self), name)):
            return name
        is_field = name in {field.name for field in self.opts.get_fields()}
        field = self.opts.get_field(name) if is_field else None
        if name == "__str__":
            is_ours, description = issubclass(self.model, CALLED_BY_TEXT), self.opts.verbose_name
        elif isinstance(field, models.Field):
            is_related = isinstance(field, models.ForeignKey) and issubclass(
                field.related_model, CALLED_BY_TEXT
            )
            is_ours = is_related or name in self.in_words or name in self.of_text
            description = field.verbose_name
        else:
            return name
        if not is_ours:
            return name
        key = (name, is_linked)
        if key not in self._columns:
            self._columns[key] = self._column(name, description, is_linked)
        return self._columns[key]

    def _column(self, name: str, description: Any, is_linked: bool) -> Callable[[Any], Any]:
        @admin.display(description=description, ordering=None if name == "__str__" else name)
        def column(row: Any) -> Any:
            value = row if name == "__str__" else getattr(row, name)
            if value is None or value == "":
                return self.get_empty_value_display()
            if say := self.in_words.get(name):
                return _said(say(value))
            if not isinstance(value, models.Model):
                return of_text(linebreaksbr(value, autoescape=True), language_of(row))
            shown = of_text(str(value), language_of(row))
            return self._link_to(value, shown) if is_linked and value is not row else shown

        column.__name__ = name
        return column

    def _link_to(self, row: models.Model, shown: SafeString) -> SafeString:
        if not self.admin_site.is_registered(type(row)):
            return shown
        url = reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])
        return format_html('<a href="{}">{}</a>', url, shown)


def _said(said: str | Told) -> SafeString:
    return of_text(*said) if isinstance(said, Told) else conditional_escape(said)
