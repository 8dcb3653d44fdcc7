"""A person without a browser: one WebSocket session that asks for a run and waits until the script has finished."""

from __future__ import annotations

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import connect


class Visitor:
    """One session of the running board at `url`."""

    def __init__(self, url: str) -> None:
        address = url.replace("http", "ws", 1) + "/_stcore/stream"
        self._socket = connect(address, subprotocols=["streamlit"], max_size=None, origin=url)  # type: ignore[arg-type,list-item]

    def click(self, query: str) -> None:
        """Run the page with this query string; returns when the script has finished.

        Raises:
            AssertionError: the page showed an exception.
        """
        asked = BackMsg()
        asked.rerun_script.query_string = query
        self._socket.send(asked.SerializeToString())
        while True:
            message = ForwardMsg()
            message.ParseFromString(bytes(self._socket.recv(120)))  # type: ignore[arg-type]
            kind = message.WhichOneof("type")
            if kind == "delta" and message.delta.WhichOneof("type") == "new_element":
                element = message.delta.new_element
                assert element.WhichOneof("type") != "exception", element.exception.message
            if kind == "script_finished":
                return

    def close(self) -> None:
        """Leave."""
        self._socket.close()
