"""Small signs of our own, drawn with lines in a square of 12 by 12: for waits, people and channels."""

from __future__ import annotations

import re

from safar.engine.model import Channel
from safar.engine.names import fold
from safar.renderers.svg_parts import n

SIZE = 12.0

_FORMS = {
    "clock": "M6 .8A5.2 5.2 0 1 1 5.99 .8ZM6 3V6L8.3 7.5",
    "person": "M6 1.2A2.2 2.2 0 1 1 5.99 1.2ZM1.8 11C1.8 8 4 6.9 6 6.9C8 6.9 10.2 8 10.2 11",
    "chance": "M6 .8A5.2 5.2 0 1 1 5.99 .8ZM6 6V.8M6 6L10 9.3",
    "again": "M10.2 4.1A4.7 4.7 0 1 0 10.7 7M10.6 1.3V4.4H7.5",
    "email": "M1 2.5H11V9.5H1ZM1 3L6 7L11 3",
    "post": "M1 2.5H11V9.5H1ZM7.5 4H9.5V6H7.5ZM2.5 7.6H6",
    "sms": "M1 1.6H11V8H5.5L3.2 10.6V8H1ZM3.4 3.8H8.6M3.4 5.8H7",
    "app": "M3.4 .8H8.6V11.2H3.4ZM5.2 9.6H6.8",
    "web": "M.8 1.8H11.2V10.2H.8ZM.8 4.3H11.2M2.3 3.05H2.9M4.1 3.05H4.7",
    "shop": "M1 4.6L2.2 1.4H9.8L11 4.6ZM2 4.6V10.6H10V4.6M5 10.6V7.2H7V10.6",
    "call": "M2.2 1.4H4.2L5 4L3.7 5C4.3 6.6 5.4 7.7 7 8.3L8 7L10.6 7.8V9.8C10.6 10.5 10 10.9 9.4 10.8"
    "C5.1 10.2 1.8 6.9 1.2 2.6C1.1 2 1.5 1.4 2.2 1.4Z",
    "chat": "M.8 1.4H8V6.4H4.2L2.4 8.3V6.4H.8ZM9.4 4.4H11.2V9.4H10V11.1L8.2 9.4H5V8.3",
    "ads": "M1 4.5H3L9 1.6V10.4L3 7.5H1ZM3.2 7.5L4.2 10.8H5.8L5 8.5M10.7 4.7V7.3",
    "out": "M.8 6L11.2 1.2L8.6 10.8L5.6 7.6ZM5.6 7.6L11.2 1.2",
    "in": "M5 1.4H10.6V10.6H5M.8 6H7.6M5.4 3.8L7.6 6L5.4 8.2",
}

_WORDS = {
    "post": ("post", "letter", "postal", "پست", "نامه"),
    "ads": ("ads", "ad", "advert", "advertising", "banner", "retargeting", "social", "تبلیغ", "تبلیغات"),
    "chat": ("chat", "messenger", "whatsapp", "telegram", "bot", "گفتگو", "گفت", "چت", "پیامرسان"),
    "sms": ("sms", "text", "mms", "پیامک", "اسمس"),
    "email": ("email", "mail", "newsletter", "ایمیل", "خبرنامه", "رایانامه"),
    "app": ("app", "push", "mobile", "اپ", "برنامه", "اعلان"),
    "call": ("call", "phone", "telephone", "تماس", "تلفن"),
    "shop": ("shop", "store", "branch", "showroom", "فروشگاه", "مغازه", "شعبه"),
    "web": ("web", "website", "site", "page", "online", "سایت", "وبسایت", "وب"),
}
"""By which words of its name or title a channel is known, the more special before the more general."""


def icon_of(channel: Channel) -> str:
    """The sign of a channel: by its name, by its title, or else by who comes to whom."""
    for text in (channel.name, channel.title):
        words = set(re.split(r"[\W_]+", fold(text)))
        for icon, known in _WORDS.items():
            if words & {fold(word) for word in known}:
                return icon
    return "out" if channel.outbound else "in"


def draw(icon: str, left: float, top: float, colour: str) -> str:
    """A sign with its corner at a place."""
    return (
        f'<path transform="translate({n(left)} {n(top)})" d="{_FORMS[icon]}" fill="none" stroke="{colour}" '
        'stroke-width="1.1"/>'
    )
