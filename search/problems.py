"""What can go wrong between us and those whom a search asks: TMDB for titles, the sources for files. PURE.

Problem (hosts/base.py)
└── SourceProblem             about one that was asked; the others may have answered
    ├── SourceDown            5xx, refused                                for a while
    │   ├── SourceSilent      took the question and said nothing          for a while
    │   └── SourceLate        not within the time of one search           for a while
    ├── SourceBusy            asked us to slow down                       for a while
    ├── SourceRefused         does not let us in (401, 403, a challenge)  for a while
    ├── SourceUnreadable      not what it used to answer                  for a while
    ├── NotThroughProxy       the user's proxy does not bring us there    for a while
    ├── TmdbKeyMissing        no key is set                               until the user acts
    ├── TmdbKeyRefused        the key is wrong or suspended               until the user acts
    └── TitleUnknown          there is no such title, season or list      permanent
"""

from __future__ import annotations

from typing import Self

from hosts.base import Cure, Problem, gettext_noop


class SourceProblem(Problem):
    """`{source}` in a sentence is the label of the one that was asked."""

    code = "source"
    blames_host = True
    sentence = gettext_noop("{source} could not be asked. What it knows is missing here. Try again in a moment.")

    def again(self, retry_after: float | None = None) -> Self:
        """The same for another caller: an exception that is raised twice gathers both their tracebacks."""
        wait = self.retry_after if retry_after is None else retry_after
        return type(self)(self.sentence, retry_after=wait, **self.params)


class SourceDown(SourceProblem):
    code = "source_down"
    sentence = gettext_noop("{source} does not answer. What it knows is missing here. Try again in a moment.")


class SourceSilent(SourceDown):
    """Waited for long enough: asking at once again would only double the wait."""


class SourceLate(SourceDown):
    code = "source_late"
    blames_host = False
    sentence = gettext_noop("{source} takes too long. What it knows may be missing here. Try again in a moment.")


class SourceBusy(SourceProblem):
    code = "source_busy"
    sentence = gettext_noop("{source} asks us to slow down. What it knows is missing here. Try again in a minute.")


class SourceRefused(SourceProblem):
    code = "source_refused"
    sentence = gettext_noop(
        "{source} does not let this program in now. What it knows is missing here. Try again later."
    )


class SourceUnreadable(SourceProblem):
    code = "source_unreadable"
    sentence = gettext_noop(
        "{source} sent an answer that makes no sense. What it knows is missing here. Try again later."
    )


class NotThroughProxy(SourceProblem):
    code = "not_through_proxy"
    blames_host = False
    cure = Cure.PROXY
    sentence = gettext_noop(
        "{source} cannot be reached through your proxy. What it knows is missing here. Look under Settings, Network."
    )


class TmdbKeyMissing(SourceProblem):
    code = "tmdb_key_missing"
    needs_user = True
    blames_host = False
    cure = Cure.SETTINGS
    sentence = gettext_noop(
        "No TMDB key is set, so there are no posters, years and episode lists; searching by name still works. "
        "Make a free key at https://www.themoviedb.org/settings/api and set TMDB_API_KEY or TMDB_ACCESS_TOKEN."
    )


class TmdbKeyRefused(SourceProblem):
    code = "tmdb_key_refused"
    needs_user = True
    blames_host = False
    cure = Cure.SETTINGS
    sentence = gettext_noop(
        "TMDB does not accept the key. Look at https://www.themoviedb.org/settings/api and correct TMDB_API_KEY or "
        "TMDB_ACCESS_TOKEN; searching by name works meanwhile."
    )


class TitleUnknown(SourceProblem):
    code = "title_unknown"
    permanent = True
    blames_host = False
    cure = Cure.NONE
    sentence = gettext_noop("{source} knows nothing by this number. Search for the title by its name.")
