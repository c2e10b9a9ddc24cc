"""What the page shows, and who is told of which change."""

import threading
from typing import Any

from chatops_local.page.board import Board


def keys(board: Board, since: int = 0, **options: Any) -> list[str]:
    return [entry.key for entry in board.changes(since, **options)[1]]


def test_changes_come_in_order_and_once():
    board = Board()
    board.put("message", "1", {"text": "a"})
    board.put("message", "2", {"text": "b"})
    latest, _ = board.changes(0)
    assert keys(board) == ["1", "2"]
    board.put("message", "1", {"text": "edited"})
    assert keys(board, latest) == ["1"]
    assert keys(board) == ["2", "1"]


def test_what_is_as_it_was_is_no_change():
    board = Board()
    board.put("message", "1", {"text": "a"})
    latest, _ = board.changes(0)
    board.put("message", "1", {"text": "a"})
    assert board.changes(latest) == (latest, [])


def test_what_one_does_not_see_is_not_told():
    board = Board()
    board.put("message", "1", {}, only="U1")
    board.put("message", "2", {})
    assert keys(board, sees=lambda entry: entry.only in (None, "U2")) == ["2"]


def test_who_waits_is_woken_by_a_change():
    board = Board()
    threading.Timer(0.02, board.put, ("message", "1", {})).start()
    assert board.wait(0, 5)


def test_who_waits_is_woken_by_the_end():
    board = Board()
    threading.Timer(0.02, board.close).start()
    assert not board.wait(0, 5)
    assert board.closed
