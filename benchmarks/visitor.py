"""A visitor of a running app over its websocket: asks and listens like a browser, but draws nothing.

    async with Visitor(server.url) as visitor:
        answer = await visitor.open("training_loop", "lr=0.01")
        answer = await visitor.press("Run")
        answer = await visitor.rerun()  # nothing has changed

Like a browser it names the large messages that it already has, so that the server need not send them again. Unlike a
browser it sends the state of a widget only when it touches it; the server remembers the others.
"""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Self

import websockets
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.Delta_pb2 import Delta
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

PATIENCE = 300  # seconds without any message
TEXTS = ("heading", "markdown", "text")


@dataclass
class Answer:
    """What the server sent from a request until the script was finished.

    Attributes:
        seconds: from the request to the message that the script is finished.
        script_seconds: the script alone, as Streamlit timed it; only from a server that gathers usage statistics.
        size: bytes of all messages.
        menu: whether the menu (the navigation) has arrived.
        texts: headings and paragraphs, as Markdown.
        buttons: label -> widget id.
    """

    seconds: float = 0.0
    script_seconds: float = 0.0
    size: int = 0
    menu: bool = False
    texts: list[str] = field(default_factory=list)
    buttons: dict[str, str] = field(default_factory=dict)


class Visitor:
    """One connection, which is one session of the app.

    Args:
        url: of the server.
        on_text: called with the answer so far whenever a heading or paragraph has arrived.
    """

    def __init__(self, url: str, on_text: Callable[[Answer], None] | None = None) -> None:
        self.url = url.replace("http", "ws", 1) + "/_stcore/stream"
        self.on_text = on_text
        self.page, self.query = "", ""
        self.known: set[str] = set()
        self.answer = Answer()

    async def __aenter__(self) -> Self:
        # No pings: where twenty visitors share a core, one is late without being lost.
        options = {"max_size": None, "ping_interval": None, "subprotocols": ["streamlit"]}
        self.socket = await websockets.connect(self.url, **options)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.socket.close()

    async def open(self, page: str, query: str = "") -> Answer:
        """Follows a link; `page` is the file's name, empty for the first page.

        A session takes the link by which its visitor comes to a page: who is there already goes by the first page.
        """
        if page and page == self.page:
            await self.open("")
        self.page, self.query = page, query
        return await self.rerun()

    async def press(self, label: str) -> Answer:
        """Presses a button of the last answer."""
        return await self.rerun(pressed=self.answer.buttons[label])

    async def rerun(self, pressed: str = "") -> Answer:
        """Asks for the page again and listens until its script is finished.

        Raises:
            RuntimeError: if the page shows an exception.
        """
        request = BackMsg()
        request.rerun_script.page_name = self.page
        request.rerun_script.query_string = self.query
        request.rerun_script.cached_message_hashes.extend(self.known)
        if pressed:
            request.rerun_script.widget_states.widgets.add(id=pressed, trigger_value=True)
        self.answer = Answer()
        started = time.perf_counter()
        await self.socket.send(request.SerializeToString())
        while not await self._hear():
            pass
        self.answer.seconds = time.perf_counter() - started
        return self.answer

    async def _hear(self) -> bool:
        """Takes in one message; whether it was the last one of this run."""
        content = await asyncio.wait_for(self.socket.recv(), PATIENCE)
        self.answer.size += len(content)
        message = ForwardMsg.FromString(content)
        kind = message.WhichOneof("type")
        if message.metadata.cacheable:
            self.known.add(message.hash)
        if kind == "delta":
            self._see(message.delta)
        elif kind == "navigation":
            self.answer.menu = True
        elif kind == "page_not_found":
            raise RuntimeError(f"There is no page {self.page!r}.")
        elif kind == "page_profile":
            self.answer.script_seconds = message.page_profile.exec_time / 1e6
        return kind == "script_finished" and message.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN

    def _see(self, delta: Delta) -> None:
        element = delta.new_element
        kind = element.WhichOneof("type")
        if kind == "exception":
            raise RuntimeError(f"{self.page}?{self.query} shows {element.exception.type}: {element.exception.message}")
        if kind == "button":
            self.answer.buttons[element.button.label] = element.button.id
        elif kind in TEXTS:
            self.answer.texts.append(getattr(element, kind).body)
            if self.on_text:
                self.on_text(self.answer)
