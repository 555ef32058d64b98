"""The form of a quality profile: what comes first in a list is the best."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from search import labels
from search.quality.defaults import DEFAULTS
from search.quality.models import Hdr, Naming, QualityProfile
from search.quality.weights import LANGUAGES, WEIGHTS
from search.releases import fold
from search.releases.tables.classes import RESOLUTIONS, SOURCES

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

WEIGHT = "weight_"
LABELS: dict[str, _StrPromise] = {
    "resolution": _("Resolution"),
    "source": _("Source"),
    "codec": _("Codec"),
    "dynamic range": _("HDR"),
    "sound": _("Sound"),
    "Vietnamese": _("Vietnamese"),
    "fixes": _("Corrected releases"),
    "size": _("A size that fits"),
}
EXPLAINED: dict[str, _StrPromise] = {
    "resolution": _("2160p, 1080p, 720p: how fine the picture is."),
    "source": _("From a disc, from the web, from television."),
    "codec": _("Newer ones look better at the same size."),
    "dynamic range": _("HDR10, Dolby Vision."),
    "sound": _("Atmos and lossless before stereo."),
    "Vietnamese": _("Dubbed, voice-over, subtitles, in the order above."),
    "fixes": _("PROPER and REPACK: what was wrong before is mended."),
    "size": _("Neither a fake nor needlessly big for what its name promises."),
}


class WordsField(forms.CharField):
    """Words with commas between on the page, a list behind it."""

    def __init__(self, **options: Any) -> None:
        attrs = {"autocomplete": "off", "spellcheck": "false", "autocapitalize": "off"}
        super().__init__(max_length=4000, widget=forms.TextInput(attrs=attrs), **options)

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(map(str, value)) if isinstance(value, list | tuple) else value

    def to_python(self, value: Any) -> Any:
        return [word.strip() for word in (super().to_python(value) or "").split(",") if word.strip()]

    def validate(self, value: Any) -> None:
        if self.required and not value:
            raise forms.ValidationError(self.error_messages["required"], code="required")

    def run_validators(self, value: Any) -> None:
        if len(", ".join(value)) > (self.max_length or 0):
            raise forms.ValidationError(_("That is too long."))


class KnownWordsField(WordsField):
    """Words that Flasharr has a name for: on the page in the reader's language, behind it as they are stored."""

    def __init__(self, known: Sequence[str], **options: Any) -> None:
        super().__init__(**options)
        self.known = known

    def prepare_value(self, value: Any) -> Any:
        return labels.quality_words(value) if isinstance(value, list | tuple) else value

    def to_python(self, value: Any) -> Any:
        stored = {fold(labels.quality_word(word)): word for word in self.known}
        return [stored.get(fold(word), word) for word in super().to_python(value)]


class QualityForm(forms.Form):
    """`weight_...` fields are added for each weight."""

    name = forms.CharField(label=_("Name"), max_length=80)
    resolutions = KnownWordsField(list(RESOLUTIONS), label=_("Resolutions"))
    sources = KnownWordsField(list(SOURCES), label=_("Sources"))
    languages = KnownWordsField(LANGUAGES, label=_("Languages"))
    needs_vietnamese = forms.BooleanField(label=_("Refuse what has no Vietnamese at all"), required=False)
    hdr = forms.ChoiceField(label=_("HDR"), choices=Hdr.choices)
    least_per_hour = forms.FloatField(
        label=_("Least GB an hour"),
        required=False,
        min_value=0,
        max_value=1000,
        help_text=_("Smaller files are refused."),
    )
    most_per_hour = forms.FloatField(
        label=_("Most GB an hour"),
        required=False,
        min_value=0.01,
        max_value=1000,
        help_text=_("Bigger files are refused."),
    )
    banned_words = WordsField(
        label=_("Banned words"), required=False, help_text=_("A file whose name has one of them is refused.")
    )
    required_words = WordsField(
        label=_("Required words"), required=False, help_text=_("A file whose name has none of them is refused.")
    )
    cutoff = forms.IntegerField(
        label=_("Good enough from"),
        min_value=0,
        max_value=100,
        help_text=_("Points out of a hundred. The watchlist looks for better files only below this."),
    )
    naming = forms.ChoiceField(label=_("File names"), choices=Naming.choices, help_text=_("See the examples below."))

    def __init__(self, data: Any = None, row: QualityProfile | None = None) -> None:
        super().__init__(data, initial=initial(row))
        for name, field in self.fields.items():
            if isinstance(field, KnownWordsField):
                field.help_text = best_first(name, field.known)
        for name, label in LABELS.items():
            self.fields[WEIGHT + name.replace(" ", "_")] = forms.IntegerField(
                label=label, min_value=0, max_value=100, help_text=EXPLAINED[name]
            )

    @property
    def weights(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name.startswith(WEIGHT)]

    def profile_fields(self) -> dict[str, Any]:
        """What `actions.create` and `change` take."""
        found = {name: value for name, value in self.cleaned_data.items() if not name.startswith(WEIGHT)}
        found["weights"] = {name: self.cleaned_data[WEIGHT + name.replace(" ", "_")] for name in WEIGHTS}
        return found

    def refuse(self, errors: dict[str, list[str]]) -> None:
        """Show what a rule refused beside its field."""
        for name, sentences in errors.items():
            for sentence in sentences:
                self.add_error(name if name in self.fields else None, sentence)


def best_first(name: str, words: Sequence[str]) -> _StrPromise | str:
    sentence = (
        _("The best first, separated by commas; what is left out earns nothing. Known: %(words)s.")
        if name == "languages"
        else _("The best first, separated by commas; what is left out is refused. Known: %(words)s.")
    )
    return sentence % {"words": labels.quality_words(words)}


def initial(row: QualityProfile | None) -> dict[str, Any]:
    """What the form shows first: a profile, or for a new one our own first default without its name."""
    if row is None:
        values = {**DEFAULTS[0], "name": "", "hdr": Hdr.PREFER, "naming": Naming.PLAIN}
    else:
        names = (
            *("name", "resolutions", "sources", "languages", "needs_vietnamese", "hdr", "least_per_hour"),
            *("most_per_hour", "banned_words", "required_words", "cutoff", "naming", "weights"),
        )
        values = {name: getattr(row, name) for name in names}
    weights = values.pop("weights")
    return {**values, **{WEIGHT + name.replace(" ", "_"): weights.get(name, 0) for name in WEIGHTS}}
