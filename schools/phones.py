"""Telephone numbers as people type them."""

import re

_FILLING = re.compile(r"[\s().\u2010-\u2015\u2212-]+")
_FULL = re.compile(r"\+[1-9][0-9]{7,14}")
_AT_HOME = re.compile(r"(?:\+?7|8)?(7[0-9]{9})")
"""Kazakhstan: ten digits that begin with 7, after 8, 7, +7 or nothing."""


def normal_phone(text: str) -> str:
    """«8 701 123 45 67» → «+77011234567»; numbers of other countries need their «+». Raises ValueError."""
    bare = _FILLING.sub("", text)
    if not bare:
        return ""
    if found := _AT_HOME.fullmatch(bare):
        return f"+7{found[1]}"
    if _FULL.fullmatch(bare):
        return bare
    raise ValueError(f"not a telephone number: {text!r}")


def spoken_phone(phone: str) -> str:
    """«+77011234567» → «+7 701 123 45 67», as it is read; others as they are."""
    if re.fullmatch(r"\+7[0-9]{10}", phone):
        return f"{phone[:2]} {phone[2:5]} {phone[5:8]} {phone[8:10]} {phone[10:]}"
    return phone
