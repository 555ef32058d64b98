"""Why nothing was put into the queue."""

from __future__ import annotations

from hosts.base import Cure, Problem, gettext_noop


class GrabRefused(Problem):
    """Nothing was changed."""

    code = "grab_refused"
    permanent = True
    cure = Cure.NONE


class NothingOffered(GrabRefused):
    code = "nothing_offered"
    permanent = False
    sentence = gettext_noop(
        "Nobody offers a file of “{title}” now. Put it on the watchlist to be told when there is one."
    )


class NothingSuits(GrabRefused):
    code = "nothing_suits"
    sentence = gettext_noop(
        "There are files of “{title}”, but none as the quality profile “{profile}” wants it. Choose another "
        "profile, or take a file by hand."
    )


class AllHere(GrabRefused):
    code = "all_here"
    sentence = gettext_noop("All of “{title}” that is offered is in the queue or in the library already.")


class NoSuchSeason(GrabRefused):
    code = "no_such_season"
    sentence = gettext_noop("“{title}” has no season {season}. Nothing was added.")


class NotOffered(GrabRefused):
    code = "not_offered"
    permanent = False
    sentence = gettext_noop(
        "Chosen files that are not offered any more: {count}. Nothing was added; look at the list again."
    )


class NothingInside(GrabRefused):
    code = "nothing_inside"
    sentence = gettext_noop("In the folder “{name}” there is nothing of what is wanted. Choose single files instead.")


class SourcesSilent(GrabRefused):
    code = "sources_silent"
    permanent = False
    sentence = gettext_noop("{source} did not answer, so it is not known who offers “{title}”. Try again in a moment.")
