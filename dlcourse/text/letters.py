"""Writing with fewer letters."""

import unicodedata

# Letters that Unicode does not take apart into a letter and an accent.
_PLAIN = str.maketrans(
    {"ı": "i", "ð": "d", "Ð": "D", "þ": "th", "Þ": "Th", "æ": "ae", "Æ": "Ae", "œ": "oe", "Œ": "Oe", "ø": "o", "Ø": "O",
     "ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "ß": "ss", "’": "'"}
)  # fmt: skip


def plain_letters(text: str) -> str:
    """Latin text without accents, in ASCII: "Þórður" becomes "Thordur". What has no plain letter is left out.

    Example:
        >>> plain_letters("Þórður")
        'Thordur'
    """
    apart = unicodedata.normalize("NFKD", text.translate(_PLAIN))
    return apart.encode("ascii", "ignore").decode("ascii")
