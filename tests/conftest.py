"""What every test without a browser shares."""

from functools import cache

from streamlit.components.v2 import manifest_scanner

# Each new AppTest looks through all installed packages for components of Streamlit. They stay as they are while the
# tests run, and looking takes longer than most pages.
manifest_scanner.scan_component_manifests = cache(manifest_scanner.scan_component_manifests)
