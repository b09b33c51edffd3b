"""A plan for people, in a terminal."""

from rich.console import Console
from rich.text import Text

from longlist.model.plan import Plan
from longlist.serve.conditions import condition
from longlist.serve.plain import plain


def print_plan(console: Console, plan: Plan) -> None:
    """What was understood of a query: what to look for, conditions, criteria, angles, and what was not understood."""
    console.print(Text("Look for: ").append(plain(plan.query.positive) or "-", style="bold"))
    if plan.query.negative:
        console.print(Text("Leave out: ").append(plain(plan.query.negative), style="bold"))
    for constraint in plan.constraints:
        console.print(Text("Condition: ").append(plain(condition(constraint)), style="bold"))
    console.print("Criteria:" if not plan.inferred else "Criteria, made from the query:")
    for criterion in plan.criteria:
        console.print(Text.assemble(("  " + plain(criterion.name), "bold"), f": {plain(criterion.text)}"))
    console.print("Angles, each asked of the sources:")
    for angle in plan.angles:
        console.print(Text.assemble(f"  {plain(angle.text)}", (f"  ({plain(angle.why)})", "dim")))
    readings = (plan.query,) if plan.inferred else (plan.query, *plan.readings)
    if words := dict.fromkeys(word for reading in readings for word in reading.not_understood):
        console.print(Text(f"Not understood, so not checked: {plain(', '.join(words))}", style="yellow"))
