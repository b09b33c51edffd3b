"""Which angles a round asks, from what earlier rounds brought."""

from longlist.discover.angles import Shared, best_angles, proven
from longlist.discover.queries import core, first_queries, further_queries
from longlist.discover.shared import shared
from longlist.model.company import CompanyProfile, Facts
from longlist.model.criterion import Criterion
from longlist.model.round import Yield
from longlist.plan.rule_planner import RulePlanner

PLAN = RulePlanner().understand("freight software for carriers in Norway, not marketplaces")


def company(name: str, text: str) -> CompanyProfile:
    return CompanyProfile(name, name, f"{name}.com", text, text, (), Facts(), ())


def test_the_first_round_asks_what_was_planned():
    assert best_angles(PLAN, 1, ()) == PLAN.angles


def test_a_later_round_goes_deeper_where_companies_qualified():
    yields = [Yield(1, "poor", 100, 1), Yield(1, "good", 20, 10), Yield(1, "barren", 50, 0)]
    chosen = best_angles(PLAN, 2, yields)
    assert [(angle.text, angle.depth) for angle in chosen[:2]] == [("good", 2), ("poor", 2)]
    assert "barren" not in {angle.text for angle in chosen}


def test_one_hit_out_of_one_does_not_come_before_many_out_of_some():
    assert [
        text for text, _ in proven([Yield(1, "lucky", 1, 1), Yield(1, "steady", 30, 25), Yield(1, "poor", 90, 0)])
    ] == ["steady", "lucky"]


def test_new_angles_come_from_what_qualified_companies_share():
    chosen = best_angles(PLAN, 2, [Yield(1, "x", 9, 3)], Shared(("dispatch", "trucks", "loads"), ("Acme", "Bolt")))
    texts = [angle.text for angle in chosen]
    assert "alternatives to Acme" in texts
    assert "dispatch trucks freight software carriers" in texts


def test_what_was_asked_before_is_not_new():
    known = Shared(("dispatch", "trucks"), ("Acme",))
    yields = [Yield(2, "alternatives to Acme", 3, 0), Yield(1, "x", 9, 3)]
    assert "alternatives to Acme" not in {angle.text for angle in best_angles(PLAN, 3, yields, known)}


def test_where_nothing_qualified_the_plan_goes_deeper():
    chosen = best_angles(PLAN, 2, [Yield(1, "x", 40, 0)])
    assert [angle.text for angle in chosen] == [angle.text for angle in PLAN.angles]
    assert {angle.depth for angle in chosen} == {2}


def test_the_words_companies_share_are_those_the_others_do_not_say():
    good = [company("Acme", "Software for dispatch of trucks"), company("Bolt", "Truck dispatch in the cloud")]
    rest = [company(f"Rest {n}", "Software in the cloud for dentists") for n in range(10)]
    found = shared(good, rest)
    assert set(found.words[:2]) == {"dispatch", "trucks"} or set(found.words[:2]) == {"dispatch", "truck"}
    assert "dentists" not in found.words
    assert found.names == ("Acme", "Bolt")
    assert shared([], rest) == Shared()


def test_conditions_and_what_is_excluded_stay_out_of_what_is_asked():
    assert core(PLAN) == "freight software carriers"
    asked = " ".join(first_queries(PLAN.angles, PLAN)).lower()
    assert "marketplace" not in asked
    assert "list of freight software carriers companies" in asked


def test_further_searches_take_up_what_criteria_enumerate():
    criterion = Criterion("work", "Billing work", "Handles billing, coding or prior authorization for clinics.")
    plan = RulePlanner().understand("software for clinics", (criterion,))
    asked = further_queries(plan.angles, plan)
    assert any(text.startswith("coding ") for text in asked)
    assert any(text.startswith("prior authorization clinics") for text in asked)
    assert len({frozenset(text.split()) for text in asked}) == len(asked)
