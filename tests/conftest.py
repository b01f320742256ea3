"""What makes every test cheaper and none of them different."""

import gc
from functools import cache

from streamlit.components.v2 import manifest_scanner

# Each new AppTest looks through all installed packages for components of Streamlit. They stay as they are while the
# tests run, and looking takes longer than most pages.
manifest_scanner.scan_component_manifests = cache(manifest_scanner.scan_component_manifests)

# Collecting the tests imports everything there is, a million objects that stay. The garbage collector need not walk
# through them, neither while they come nor with every full collection afterwards.
gc.disable()


def pytest_collection_finish():
    gc.enable()
    gc.collect()
    gc.freeze()
