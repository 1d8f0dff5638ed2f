"""Which encoding a text file is in, decided from all of its bytes. Pure."""

import codecs
from collections.abc import Iterable

SAMPLE = 1 << 20
# GB 2312 keeps both bytes of a character high; Big5 puts two in five second bytes below 0x7F.
_LOW_TRAILS = 0.15
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def detect(blocks: Iterable[bytes], declared: str = "utf-8-sig") -> str:
    """The encoding of a file given in blocks.

    A byte order mark decides; else UTF-8 where every byte fits; else what the mapping declares, if
    that is another and fits; else GB 18030 or Big5 by how their bytes are spread. What fits
    nothing is read as UTF-8 with the faulty bytes replaced (rows are flagged, none is lost).
    """
    utf8 = codecs.getincrementaldecoder("utf-8")()
    fits, head = True, bytearray()
    for block in blocks:
        if not head:
            for mark, name in _MARKS:
                if block.startswith(mark):
                    return name
        if len(head) < SAMPLE:
            head += block[: SAMPLE - len(head)]
        if fits:
            try:
                utf8.decode(block)
            except UnicodeDecodeError:
                fits = False
                # The sample should hold what is not ASCII.
                head = bytearray(block[:SAMPLE]) if head.isascii() else head
    if fits:
        return "utf-8-sig"
    sample = bytes(head)
    plain = declared.lower().replace("_", "-")
    if plain not in ("utf-8", "utf-8-sig", "utf8") and _fits(sample, declared):
        return declared
    chinese = [name for name in ("gb18030", "big5hkscs") if _fits(sample, name)]
    if len(chinese) == 2:
        return "big5hkscs" if _low_trails(sample) > _LOW_TRAILS else "gb18030"
    return chinese[0] if chinese else "utf-8-sig"


def _fits(sample: bytes, encoding: str) -> bool:
    try:
        # A character cut by the sample's end is no fault.
        codecs.getincrementaldecoder(encoding)().decode(sample)
    except (UnicodeDecodeError, LookupError):
        return False
    return True


def _low_trails(sample: bytes) -> float:
    """The share of two-byte characters whose second byte is ASCII."""
    pairs = low = 0
    at, end = 0, len(sample) - 1
    while at < end:
        if sample[at] < 0x80:
            at += 1
            continue
        pairs += 1
        low += sample[at + 1] < 0x80
        at += 2
    return low / pairs if pairs else 0.0
