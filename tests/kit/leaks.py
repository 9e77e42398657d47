"""Everything by which an error could give away what it was about."""

import traceback
from collections.abc import Iterator


def told_by(error: BaseException) -> str:
    """What a log, a crash report or a debugger may show of an error, and of all that it leads to."""
    shown = traceback.format_exception(error)
    for each in chain_of(error):
        shown += [str(each), repr(each), repr(each.args), repr(vars(each)), *getattr(each, "__notes__", [])]
        shown += traceback.format_exception(type(each), each, each.__traceback__, chain=False)
    return "\n".join(shown)


def chain_of(error: BaseException) -> Iterator[BaseException]:
    """The error, its causes and its contexts, shown or suppressed."""
    waiting, seen = [error], set[int]()
    while waiting:
        each = waiting.pop()
        if id(each) in seen:
            continue
        seen.add(id(each))
        yield each
        inner = each.exceptions if isinstance(each, BaseExceptionGroup) else ()
        waiting += [cause for cause in (each.__cause__, each.__context__, *inner) if cause is not None]
