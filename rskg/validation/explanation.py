"""Why a constraint that asks for other shapes fails: each of its branches, tried alone.

An engine says that no branch of sh:or holds, and not why (SHACL 3.6.2.4 leaves sh:detail to it).
So each branch is checked as a shape of its own, at the value in question, by the same engines over
the same data: all branches of all results at once, then those inside them. Nothing of it is done
where there is no such result.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from rskg.namespaces import SH
from rskg.report import Branch, Result
from rskg.syntax import Blocks, NamedNode, Source, Term, Triple, lines
from rskg.validation.branches import COUNTED_TOO_OFTEN, PARAMETERS, Branches
from rskg.validation.engines import Engine, engines_of
from rskg.validation.nearby import MARK, Data, Looks
from rskg.validation.phrases import gist, own, term, wrong

#: So deep branches inside branches are tried: one run of the engines each.
DEEPEST = 4
#: So many results are explained, at each depth.
MOST = 1000
#: So many reasons are told of a branch.
_ENOUGH = 3
_COUNTED = "Qualified"
#: Here a branch that holds may be what is wrong.
_MAY_HOLD = {f"{name}ConstraintComponent" for name in ("Not", "Xone")}


@dataclass
class _Trial:
    """A branch at a node, and what came of it: results, each with the shape that it is of."""

    shape: Term
    node: str
    found: list[tuple[Result, Term]] = field(default_factory=list)


_Key = tuple[Term, str]
_Trials = Mapping[_Key, _Trial]


def explained(
    results: Sequence[Result],
    sources: Sequence[Source],
    shapes: Sequence[Triple],
    context: Sequence[Triple] = (),
    *,
    engines: Callable[[Sequence[Triple]], Sequence[Engine]] = engines_of,
    blocks: Mapping[str, Blocks] | None = None,
) -> list[Result]:
    """The results, those of constraints that ask for shapes with their branches and the reason.

    One that has an explanation keeps it. `blocks` are indexes of documents by name: with those,
    what lies near a result is read alone. Raises what `check` raises.
    """
    asking = _asking(results)[:MOST]
    if not asking:
        return list(results)
    known, data = Branches(shapes), Data(sources, lines(context), blocks or {})
    trials: dict[_Key, _Trial] = {}
    new = [key for one in asking for key in _keys(one, None, known)]
    for _ in range(DEEPEST):
        fresh = {key: _Trial(*key) for key in new if key not in trials}
        if not fresh:
            break
        trials |= fresh
        _run(list(fresh.values()), known, data, engines)
        inner = (pair for trial in fresh.values() for pair in trial.found)
        new = [key for one, shape in inner for key in _keys(one, shape, known)][: MOST * 2]
    wanted, seen = set(map(id, asking)), Counter[Result]()
    told = []
    for one in results:
        if id(one) in wanted:
            told.append(_told(one, None, known, trials, seen[one]))
            seen[one] += 1
        else:
            told.append(one)
    return told


def left_unexplained(results: Sequence[Result]) -> list[str]:
    """The sentence to tell where `explained` leaves out some of these results; else none."""
    asking = len(_asking(results))
    if asking <= MOST:
        return []
    return [
        f"{asking - MOST:,} results have no explanation: {MOST:,} are explained in a run, and "
        f"{asking:,} are of constraints that ask for other shapes"
    ]


def _asking(results: Sequence[Result]) -> list[Result]:
    return [r for r in results if r.component in PARAMETERS and not r.explanation]


def _keys(result: Result, shape: Term | None, known: Branches) -> Iterator[_Key]:
    """The branches to try for a result, and where; of one that may hold, its alternatives."""
    if result.component in PARAMETERS:
        for branches in known.of(result, shape):
            for branch in branches:
                yield branch, _node(result)
                if result.component in _MAY_HOLD:
                    yield from ((one, _node(result)) for one in known.alternatives(branch))


def _node(result: Result) -> str:
    """What the branches are about: the value; the node itself where values are counted."""
    counts = result.component.startswith(_COUNTED)
    return result.focus if counts or result.value is None else result.value


def _run(
    trials: Sequence[_Trial],
    known: Branches,
    data: Data,
    engines: Callable[[Sequence[Triple]], Sequence[Engine]],
) -> None:
    """Try each branch at its node: a line with a property of ours leads there."""
    shapes: dict[Triple, None] = {}
    marks: list[str] = []
    whose: dict[str, tuple[_Trial, Term]] = {}
    for number, trial in enumerate(trials):
        aim, copy = NamedNode(f"{MARK}:{number}"), known.alone(trial.shape, number)
        shapes |= dict.fromkeys(copy.triples)
        shapes[Triple(copy.start, NamedNode(SH + "targetObjectsOf"), aim)] = None
        marks.append(f"<{MARK}> {aim} {trial.node} .\n")
        whose |= {name: (trial, shape) for name, shape in copy.originals.items()}
    looks, nodes = Looks.of(shapes), {trial.node for trial in trials}
    for engine in engines(list(shapes)):
        for found in data.results(engine, marks, looks, nodes):
            if found.shape in whose:
                trial, shape = whose[found.shape]
                trial.found.append((found, shape))
    for trial in trials:
        trial.found.sort(key=lambda pair: _order(pair[0]))


def _order(result: Result) -> tuple[str, ...]:
    return (result.path or "", result.value or "", result.focus, result.component, result.shape)


def _told(
    result: Result, shape: Term | None, known: Branches, trials: _Trials, nth: int = 0
) -> Result:
    """The result with its branches and what they come to; as it was where that isn't known."""
    kind, node = result.component.removesuffix("ConstraintComponent"), _node(result)
    groups = [group for group in known.of(result, shape) if all((b, node) in trials for b in group)]
    if kind.startswith(_COUNTED):
        return _counted(result, groups, known, trials)
    fitting = [
        (group, branches)
        for group in groups
        if _fails(kind, branches := _branches(kind, group, node, known, trials))
    ]
    if not fitting:
        return result
    group, branches = fitting[min(nth, len(fitting) - 1)]
    said = _head(kind, group, branches, node, known)
    shown = [one for one in branches if kind != "And" or not one.holds]
    return result.but(explanation=said, branches=tuple(shown))


def _branches(
    kind: str, group: Sequence[Term], node: str, known: Branches, trials: _Trials
) -> list[Branch]:
    made = []
    for number, shape in enumerate(group, 1):
        called = known.name(shape)
        name = called or "the shape"
        if len(group) > 1 or kind not in ("Node", "Not"):
            name = f"branch {number}{f' ({called})' if called else ''}"
        made.append(_branch(name, shape, node, known, trials))
    return made


def _branch(name: str, shape: Term, node: str, known: Branches, trials: _Trials) -> Branch:
    found = trials[shape, node].found
    if not found:
        ways = known.alternatives(shape)
        held = [one for one in ways if (one, node) in trials and not trials[one, node].found]
        return Branch(name, True, " and ".join(gist(one, known) for one in held or [shape]))
    reasons = list(dict.fromkeys(wrong(one, of, known) for one, of in found))
    more = [f"and {len(reasons) - _ENOUGH} more"] if len(reasons) > _ENOUGH else []
    inner = tuple(_inner(one, of, known, trials) for one, of in found)
    return Branch(name, False, "; ".join([*reasons[:_ENOUGH], *more]), inner)


def _inner(result: Result, shape: Term, known: Branches, trials: _Trials) -> Result:
    """A result of a branch, with the shape's own name, and words where the shape has none."""
    named = result.but(shape=known.iri(shape) or "", messages=_messages(result, shape, known))
    return _told(named, shape, known, trials) if result.component in PARAMETERS else named


def _messages(result: Result, shape: Term, known: Branches) -> tuple[str, ...]:
    return own(result, shape, known) or (wrong(result, shape, known),)


def _counted(
    result: Result, groups: Sequence[Sequence[Term]], known: Branches, trials: _Trials
) -> Result:
    """Which values don't count and why; which do, where they are too many."""
    for (values,) in groups:
        too_many = result.component == COUNTED_TOO_OFTEN
        (shape,) = known.values(values, "not" if too_many else "node")
        branches = [
            Branch(term(one.value or ""), True, gist(shape, known))
            if too_many
            else _branch("not counted", shape, one.value or "", known, trials)
            for one, _ in trials[values, result.focus].found
            if too_many or (shape, one.value) in trials
        ]
        asked = known.name(shape) or gist(shape, known)
        said = f"too many values are as asked ({asked})"
        if not too_many:
            said = f"too few values are as asked ({asked}), {len(branches) or 'none'} of those told"
            said += " is not" if len(branches) == 1 else " are not"
        return result.but(explanation=said, branches=tuple(branches))
    return result


def _fails(kind: str, branches: Sequence[Branch]) -> bool:
    holding = sum(one.holds for one in branches)
    if kind in ("And", "Node"):
        return holding < len(branches)
    return {"Or": holding == 0, "Xone": holding != 1, "Not": holding > 0}[kind]


def _head(
    kind: str, group: Sequence[Term], branches: Sequence[Branch], node: str, known: Branches
) -> str:
    holding, all_ = sum(one.holds for one in branches), len(branches)
    if kind == "Node":
        return f"{term(node)} is not as {known.name(group[0]) or 'the shape'} asks"
    if kind == "Not":
        return f"{term(node)} is what it must not be"
    if kind == "And":
        fail = "fails" if all_ - holding == 1 else "fail"
        return f"{all_ - holding} of {all_} branches {fail}, and all must hold"
    none = f"none of {all_} branches holds"
    if kind == "Or":
        return none
    return f"{f'{holding} of {all_} branches hold' if holding else none}, and exactly one must"
