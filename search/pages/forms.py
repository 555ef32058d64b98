"""What discover can be narrowed to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from search.titles import Genre, Medium
from search.tmdb import Filters, Sort

FIRST_YEAR = 1874  # of the oldest film that there is
AHEAD = 10
LANGUAGES = (
    ("", _("Any language")),
    ("vi", _("Vietnamese")),
    ("en", _("English")),
    ("ko", _("Korean")),
    ("ja", _("Japanese")),
    ("zh", _("Chinese (Mandarin)")),
    ("cn", _("Chinese (Cantonese)")),
    ("th", _("Thai")),
    ("fr", _("French")),
    ("es", _("Spanish")),
    ("hi", _("Hindi")),
)
RATINGS = (("", _("Any rating")), *((str(number), f"{number}+") for number in (9, 8, 7, 6, 5)))
SORTS = (
    (Sort.POPULAR.value, _("Most popular")),
    (Sort.BEST.value, _("Best rated")),
    (Sort.NEWEST.value, _("Newest")),
    (Sort.OLDEST.value, _("Oldest")),
)
FIELDS = ("genre", "from", "to", "rating", "language", "sort")


class FilterForm(forms.Form):
    """Sent with GET; what is wrong in one field is said there, and nothing is filtered."""

    genre = forms.ChoiceField(label=_("Genre"), required=False)
    rating = forms.ChoiceField(label=_("Rating"), choices=RATINGS, required=False)
    language = forms.ChoiceField(label=_("Language"), choices=LANGUAGES, required=False)
    sort = forms.ChoiceField(label=_("Order"), choices=SORTS, required=False)

    def __init__(self, medium: Medium, genres: Sequence[Genre], asked: Mapping[str, Any]) -> None:
        super().__init__(asked if any(asked.get(name) for name in FIELDS) else None, auto_id="filter-%s")
        self.medium = medium
        last = date.today().year + AHEAD
        for name, label in (("from", _("From year")), ("to", _("To year"))):
            self.fields[name] = forms.IntegerField(label=label, required=False, min_value=FIRST_YEAR, max_value=last)
        self.order_fields(FIELDS)
        known = [(str(genre.id), genre.name) for genre in genres]
        genre_field = self.fields["genre"]
        assert isinstance(genre_field, forms.ChoiceField)
        genre_field.choices = [("", _("Any genre")), *known]

    def clean(self) -> dict[str, Any] | None:
        values = super().clean() or {}
        if (first := values.get("from")) and (last := values.get("to")) and first > last:
            self.add_error("to", _("This is before the first year."))
        return values

    def filters(self) -> Filters:
        values = self.cleaned_data
        return Filters(
            genres=(int(values["genre"]),) if values["genre"] else (),
            year_from=values["from"],
            year_to=values["to"],
            rating_from=float(values["rating"]) if values["rating"] else None,
            language=values["language"],
            sort=Sort(values["sort"] or Sort.POPULAR),
        )
