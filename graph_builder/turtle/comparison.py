"""What is lost and what is won, side by side: lists that mostly agree are one list that changed."""

from __future__ import annotations

from collections.abc import Iterable

from graph_builder.turtle.layout import Layout
from graph_builder.turtle.reading import TYPE, Axiom, Fact, Members, Nested, Tree, key


def kind_of(node: Nested) -> str:
    """The type of a blank node, by its local name."""
    types = sorted(str(tree) for predicate, tree in node.facts if predicate == TYPE)
    return types[0].rpartition("#")[2].removesuffix(">") if types else ""


def members(tree: Tree) -> frozenset[Tree]:
    """What a list, or the lists of a blank node, hold."""
    if isinstance(tree, Members):
        return frozenset(tree.items)
    if isinstance(tree, Nested):
        return frozenset[Tree]().union(
            *(members(inner) for _, inner in tree.facts if isinstance(inner, Members))
        )
    return frozenset()


def facts_in(axiom: Axiom | None) -> frozenset[Fact]:
    """What a statement without a subject says; nothing of none."""
    return axiom.tree.facts if axiom and isinstance(axiom.tree, Nested) else frozenset()


def overlap(one: Tree, other: Tree) -> float:
    """The share of members that two lists of one kind have in common, 0 to 1."""
    if isinstance(one, Nested) and isinstance(other, Nested) and kind_of(one) != kind_of(other):
        return 0
    both, all_of_them = members(one) & members(other), members(one) | members(other)
    return len(both) / max(len(all_of_them), 1)


def nodes_of(axioms: Iterable[Axiom]) -> dict[Axiom, Nested]:
    """The statements without a subject, in a fixed order."""
    nodes = {a: a.tree for a in axioms if a.subject is None and isinstance(a.tree, Nested)}
    return dict(sorted(nodes.items(), key=lambda pair: key(pair[1])))


def partners(lost: Iterable[Axiom], won: Iterable[Axiom]) -> dict[Axiom, Axiom]:
    """For each lost statement without a subject the one won that lists mostly the same."""
    free = nodes_of(won)
    found: dict[Axiom, Axiom] = {}
    for axiom, node in nodes_of(lost).items():
        best = max(free, key=lambda other: overlap(node, free[other]), default=None)
        if best is not None and overlap(node, free[best]) > 0.5:
            found[axiom] = best
            del free[best]
    return found


def told(
    layout: Layout, lost: Iterable[Fact], won: Iterable[Fact]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """A line for each fact lost, and for each won; of lists that changed only the members."""
    gone, new = sorted(lost, key=_order), sorted(won, key=_order)
    minus: list[str] = []
    plus: list[str] = []
    for predicate, tree in gone:
        partner = next((f for f in new if f[0] == predicate and overlap(tree, f[1]) > 0.5), None)
        if partner is None:
            minus.append(layout.predicate(predicate, [tree]))
            continue
        new.remove(partner)
        before, now = members(tree), members(partner[1])
        name = layout.name(predicate)
        minus += [f"{name}, member {layout.object(item)}" for item in before - now]
        plus += [f"{name}, member {layout.object(item)}" for item in now - before]
    plus += [layout.predicate(predicate, [tree]) for predicate, tree in new]
    return tuple(sorted(minus)), tuple(sorted(plus))


def _order(fact: Fact) -> tuple[str, str]:
    return fact[0].value, key(fact[1])
