"""Problems that outlive their process: a stored code and sentence become the same Problem again. PURE."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from hosts.base import AccountProblem, AppRefused, Problem, SessionExpired


def concerns_account(problem: Problem) -> bool:
    """Whether a problem says something about the account that holds for the next link too."""
    return isinstance(problem, AccountProblem | AppRefused) and not isinstance(problem, SessionExpired)


def restore(code: str, sentence: str, params: Mapping[str, str | int], retry_after: float | None = None) -> Problem:
    """The Problem that was stored, of its own class; an unknown code gives an AccountProblem."""
    kind = next((kind for kind in _kinds(Problem) if kind.code == code), AccountProblem)
    return kind(sentence or None, retry_after=retry_after, **params)


def _kinds(root: type[Problem]) -> Iterator[type[Problem]]:
    yield root
    for kind in root.__subclasses__():
        yield from _kinds(kind)
