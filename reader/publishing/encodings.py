"""The choice among the stored encodings for a browser (RFC 9110, 12.5.3)."""

import re

# In our order of preference: the smallest first.
STORED = ("br", "gzip", "identity")
QUALITY = re.compile(r"q\s*=\s*(0(?:\.[0-9]{0,3})?|1(?:\.0{0,3})?)", re.IGNORECASE)


def preferred(accept_encoding: str) -> str:
    """The stored encoding with the highest quality in an Accept-Encoding header; `identity` if it has none.

    `br;q=0` refuses brotli, `*` stands for every encoding that is not named, and malformed entries are ignored.
    """
    qualities: dict[str, float] = {}
    for item in accept_encoding.lower().split(","):
        name, _, parameters = (part.strip() for part in item.partition(";"))
        quality = QUALITY.fullmatch(parameters)
        if name and (quality or not parameters):
            qualities["gzip" if name == "x-gzip" else name] = float(quality[1]) if quality else 1.0
    others = qualities.get("*", 0.0)
    # Identity is acceptable without being named; it is chosen if nothing smaller is acceptable.
    accepted = {name: qualities.get(name, others if name != "identity" else 0.001) for name in STORED}
    best = max(STORED, key=lambda name: accepted[name])
    return best if accepted[best] else "identity"
