"""The map on the first page leads to the pages, by mouse and by keyboard, and Back leads to it again."""

import pytest
from playwright.sync_api import Page, expect

from ui.concepts import CONCEPTS, column, direct_needs


@pytest.fixture
def page(open_page) -> Page:
    return open_page("/")


def card(page: Page, concept):
    return page.locator(f".st-key-concept-map a[data-name={concept.name}]")


def test_every_concept_has_a_card_that_names_what_it_builds_on(page) -> None:
    titles = {concept.name: concept.title for concept in CONCEPTS}
    for concept in CONCEPTS:
        for text in (concept.title, concept.about, *(titles[need] for need in concept.needs)):
            expect(card(page, concept)).to_contain_text(text)
    arrows = page.locator(".st-key-concept-map .arrows path")
    expect(arrows).to_have_count(sum(len(direct_needs(concept)) for concept in CONCEPTS))


@pytest.mark.parametrize("how", ["click", "press"])
def test_a_card_opens_its_page_and_back_leads_to_the_map(page, wait_idle, how) -> None:
    concept = CONCEPTS[-1]
    question = page.locator("h1").inner_text()
    if how == "click":
        card(page, concept).click()
    else:
        card(page, concept).focus()
        page.keyboard.press("Enter")
    page.wait_for_function(f"location.pathname === '/{concept.name}'")
    wait_idle(page)
    expect(page.locator("h1")).not_to_have_text(question)
    page.go_back()
    expect(page.locator("h1")).to_have_text(question)


def test_a_concept_stands_to_the_right_of_all_it_builds_on() -> None:
    known = {concept.name: concept for concept in CONCEPTS}
    for concept in CONCEPTS:
        assert all(column(known[need]) < column(concept) for need in concept.needs)


def test_an_arrow_is_left_out_where_others_lead_there() -> None:
    concepts = {concept.name: concept for concept in CONCEPTS}
    assert set(concepts["multilayer_perceptron"].needs) == {"perceptron", "activation_functions"}
    assert direct_needs(concepts["multilayer_perceptron"]) == ["activation_functions"]
    reached = {concept.name: set(direct_needs(concept)) for concept in CONCEPTS}
    for _ in CONCEPTS:
        reached = {name: names.union(*(reached[need] for need in names)) for name, names in reached.items()}
    assert all(set(concept.needs) <= reached[concept.name] for concept in CONCEPTS)


def test_an_arrow_crosses_no_card(page) -> None:
    crossed = page.locator(".st-key-concept-map nav").evaluate("""(map) => {
      const inside = ({ x, y }, box) => x > box.left + 1 && x < box.right - 1 && y > box.top + 1 && y < box.bottom - 1;
      const origin = map.getBoundingClientRect(), cards = [...map.querySelectorAll("a")];
      return [...map.querySelectorAll(".arrows path")].flatMap((path) => {
        const places = Array.from({ length: 200 }, (_, i) => path.getPointAtLength(path.getTotalLength() * i / 200));
        const on = (card) => places.some(({ x, y }) =>
          inside({ x: x + origin.left, y: y + origin.top }, card.getBoundingClientRect()));
        return cards.filter(on).map((card) => card.dataset.name);
      });
    }""")
    assert crossed == []
