"""What stands behind a page, in Markdown that a teacher can edit: `pages/<concept>/background.md`.

## Where the bound comes from          a section, shown behind a closed lid
...
## Check yourself: learn               the question of the view "learn", shown below that view
What happens to ... ?

- **It stays the same.** Right: ...
- **It doubles.** No: ...
"""

import re
from pathlib import Path

import streamlit as st

PAGES = Path(__file__).parent.parent / "pages"
CHECK = "Check yourself: "


def background(page: str, view: str) -> None:
    """The question of the open view, if it has one, then every section behind a lid of its own."""
    sections = read(page)
    st.divider()
    if CHECK + view in sections:
        question, answers = question_in(sections[CHECK + view])
        said = st.radio(f"**Check yourself.** {question}", list(answers), index=None, key=f"{page}-{view}-check")
        if said is not None:
            st.info(answers[said])
    for title, text in sections.items():
        if not title.startswith(CHECK):
            with st.expander(title):
                st.markdown(text)


def read(page: str) -> dict[str, str]:
    """Title -> text of every section, in their order."""
    text = (PAGES / page / "background.md").read_text(encoding="utf-8")
    _, *parts = re.split(r"^## (.+)\n", text, flags=re.MULTILINE)
    return {title.strip(): body.strip() for title, body in zip(parts[::2], parts[1::2], strict=True)}


def question_in(text: str) -> tuple[str, dict[str, str]]:
    """The question of a section, and for each answer what is right or wrong about it."""
    question, _, answers = text.partition("\n- ")
    found = re.findall(r"^- \*\*(.+?)\*\*\s+(.+?)(?=^- |\Z)", f"- {answers}", flags=re.MULTILINE | re.DOTALL)
    return " ".join(question.split()), {answer.rstrip("."): " ".join(why.split()) for answer, why in found}
