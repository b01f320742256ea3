"""What makes every test cheaper and none of them different."""

import gc
from functools import cache
from unittest import mock

import pytest
from streamlit import error_util
from streamlit.components.v2 import manifest_scanner
from xdist.scheduler import LoadScopeScheduling

# Each new AppTest looks through all installed packages for components of Streamlit. They stay as they are while the
# tests run, and looking takes longer than most pages.
manifest_scanner.scan_component_manifests = cache(manifest_scanner.scan_component_manifests)

# Where a page fails, the tests see the exception, not the sentence that its visitors see instead of it.
with mock.patch.object(error_util, "show_uncaught_app_exception"):
    import ui.failure  # noqa: F401

# Collecting the tests imports everything there is, a million objects that stay. The garbage collector need not walk
# through them, neither while they come nor with every full collection afterwards.
gc.disable()


def pytest_collection_modifyitems(items):
    """The longest groups begin first."""

    def place(item):
        group = group_of(item.nodeid)
        return order.index(group) if group in order else len(order) + ("page " not in group)

    order = [f"browser, {what}" for what in ("every page m to z", "every page a to l", "a to l", "m to z")]
    order.append("page optimizers")
    items.sort(key=place)


def group_of(test: str) -> str:
    """What one worker does as a whole: a quarter of the browser's tests, those of a page, those of a file."""
    file, _, rest = test.partition("::")
    page = rest.partition("[")[2].partition("-")[0].rstrip("]")
    if "browser/" in file:
        name = file.rpartition("test_browser_")[2]
        every = name.startswith("every")
        return f"browser, {'every page ' * every}{'a to l' if (page if every else name) < 'm' else 'm to z'}"
    return f"page {page}" if "test_page" in file and page else file


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    """A group at a time for each worker: a group shares its server, its browser and its cached runs."""

    class ByGroup(LoadScopeScheduling):
        def _split_scope(self, nodeid):
            return group_of(nodeid)

    return ByGroup(config, log)


def pytest_collection_finish():
    gc.enable()
    gc.collect()
    gc.freeze()
