"""A reader for numbers of one's own: what is printed anywhere, as a quantity with its bounds."""

from __future__ import annotations

from dataclasses import replace

from bluebook.messages import MessageError, language
from bluebook.numbers.printed import parse
from bluebook.numbers.quantity import Quantity, QuantityError, published


def read(text: str, lang: str = "zh") -> Quantity:
    """The quantity that a printed number says, in Chinese or in English; which one, is recognised.

    `lang` is the language the quantity is shown in. Bounds follow the codebook (data/README.md, "How much a printed
    number says"). Raises `PrintedError` when the text is no number, `QuantityError` for an unknown language.

    >>> q = read("208万名", lang="en")
    >>> q.text, int(q.low), int(q.high)
    ('2.08 million', 2075000, 2085000)
    >>> read("1.5 million").text
    '约150万'
    """
    try:
        is_shown_as_printed = language(lang).numbers.as_printed
    except MessageError as error:
        raise QuantityError(str(error)) from None
    quantity = published(text, figure=None, lang=lang)
    is_foreign = parse(text).lang != lang
    return replace(quantity, printed="") if is_foreign and is_shown_as_printed else quantity
