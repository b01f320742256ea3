"""What the web server answers besides Streamlit's own: the links of the pages."""

from pathlib import Path

import streamlit as st
from starlette.requests import Request
from starlette.responses import HTMLResponse
from starlette.routing import Route

from ui.concepts import CONCEPTS

# Streamlit's program takes /tensors for a folder that the server may be in, asks there first, and gets two answers 404.
WHERE = '<head><script>window.__streamlit = { BACKEND_BASE_URL: new URL(".", location.href).href };</script>'


def routes() -> list[Route]:
    """Every page's link, answered with Streamlit's start page, which is told where its server is."""
    start = Path(st.__file__).parent / "static" / "index.html"
    told = start.read_text(encoding="utf-8").replace("<head>", WHERE, 1)
    base = str(st.get_option("server.baseUrlPath") or "").strip("/")

    def answer(_: Request) -> HTMLResponse:
        return HTMLResponse(told, headers={"Cache-Control": "no-cache"})

    return [Route("/".join(["", *base.split("/") * bool(base), concept.name]), answer) for concept in CONCEPTS]
