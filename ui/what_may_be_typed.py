"""Everything that may be typed in PyTorch's notation, behind a closed lid; messages of refusal point to it."""

import streamlit as st

from core.expression.language import Language
from core.expression.torch_language import listed


def what_may_be_typed(key: str, language: Language) -> None:
    """Shows the lid; the list is only made when it is open."""
    lid = st.expander("What may be typed", key=key, on_change="rerun")
    if lid.open:
        with lid:
            limits = language.limits
            st.markdown(
                "Numbers, nested lists, names, calls, indexing, `+ - * / // % ** @ & | ^ ~` and comparisons. A result "
                f"has at most {limits.dims} dimensions and {limits.elements:,} elements. Nothing else can be reached "
                "than this list:"
            )
            for kind, known in listed(language).items():
                st.markdown(f"**{kind}:** " + ", ".join(f"`{name}`" for name in known))
