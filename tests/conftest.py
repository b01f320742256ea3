"""What makes every test cheaper and none of them different."""

import gc
from functools import cache

import pytest
from streamlit.components.v2 import manifest_scanner

# Each new AppTest looks through all installed packages for components of Streamlit. They stay as they are while the
# tests run, and looking takes longer than most pages.
manifest_scanner.scan_component_manifests = cache(manifest_scanner.scan_component_manifests)

# Collecting the tests imports everything there is, a million objects that stay. The garbage collector need not walk
# through them, neither while they come nor with every full collection afterwards.
gc.disable()


def pytest_itemcollected(item):
    """One worker does all of a group: the browser's tests, those of a page, those of a file."""
    params = getattr(item, "callspec", None)
    page = params.params.get("page") if params else None
    file = item.path.stem
    group = "browser" if "browser" in file else f"page {page}" if isinstance(page, str) else file
    item.add_marker(pytest.mark.xdist_group(group))


def pytest_collection_modifyitems(items):
    """The longest groups begin first."""
    items.sort(key=lambda item: ("browser" not in item.path.stem, not item.path.stem.startswith("test_page")))


def pytest_collection_finish():
    gc.enable()
    gc.collect()
    gc.freeze()
