"""A graph on a phone and on a wide screen: the numbers of each step, a node chosen by click and by keyboard."""

import pytest
from playwright.sync_api import expect

from core.backpropagation.network import as_numbers
from core.backpropagation.settings import NetworkSettings
from figures.backpropagation.graph import placement

PHONE, WIDE = {"width": 375, "height": 812}, {"width": 1280, "height": 800}
WRITTEN = """() => [...document.querySelectorAll(".st-key-network_graph .textpoint text")]
  .map((text) => text.textContent.trim()).filter((text) => text.includes("="))"""


@pytest.fixture
def page(open_page):
    return open_page("/backpropagation?view=network&network_node=18&network_at=0", size=PHONE)


def test_each_step_writes_the_numbers_of_its_node_on_a_phone(page, wait_idle):
    graph = as_numbers(NetworkSettings())
    forward = page.get_by_role("button", name="One moment forward")
    for moment in graph.moments[1:4]:
        forward.click()
        wait_idle(page)
        (text,) = page.evaluate(WRITTEN)
        assert text.startswith(f"{graph.nodes[moment.node].name} = ")
    page.set_viewport_size(WIDE)  # there all numbers have room
    wait_idle(page)
    assert page.locator(".st-key-network_graph .textpoint", has_text="0.15").count()
    assert page.evaluate(WRITTEN) == []


def test_a_node_is_chosen_by_a_click_and_by_the_keyboard(page, wait_idle, place_on):
    graph = as_numbers(NetworkSettings())
    place = next(i for i, node in enumerate(graph.nodes) if node.name == "h2")
    page.mouse.click(*place_on(page, "network_graph", *placement(graph).at[place]))
    expect(page.get_by_text("If h2 (green ring) grows")).to_be_visible()
    wait_idle(page)
    page.get_by_role("slider", name="Chosen node").focus()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_text(f"If {graph.nodes[place + 1].name} (green ring) grows")).to_be_visible()
