"""CoNLL-U, the format of Universal Dependencies: ten columns a token, an empty line after each sentence."""

from collections.abc import Iterable, Iterator

# The columns read here.
FORM, TAG, NOTES = 1, 3, 9


def read_conllu(lines: Iterable[str]) -> Iterator[tuple[str, list[list[str]]]]:
    """For each sentence its document's id and its tokens, each a list of ten texts.

    Lines of ranges ("3-4", a word written as one and analysed as two) and of words that are not written ("8.1") are
    left out: what remains is one token a syntactic word.
    """
    document, tokens = "", []
    for line in (*(each.rstrip("\n") for each in lines), ""):
        if line.startswith("# newdoc id = "):
            document = line.removeprefix("# newdoc id = ")
        elif not line and tokens:
            yield document, tokens
            tokens = []
        elif line[:1].isdigit() and (columns := line.split("\t"))[0].isdigit():
            tokens.append(columns)
