"""Chance that falls the same way each time: numbers that depend on a seed and a place alone."""

_MASK = (1 << 64) - 1
_GOLDEN = 0x9E3779B97F4A7C15


def draw(seed: int, place: int) -> int:
    """Return 64 bits that look random and depend on nothing but the arguments (splitmix64)."""
    bits = (seed * _GOLDEN ^ place) + _GOLDEN & _MASK
    bits = (bits ^ bits >> 30) * 0xBF58476D1CE4E5B9 & _MASK
    bits = (bits ^ bits >> 27) * 0x94D049BB133111EB & _MASK
    return bits ^ bits >> 31


def falls(seed: int, place: int, share: float) -> bool:
    """Say whether this place is among the given share (0 to 1) of all places."""
    return draw(seed, place) < share * (_MASK + 1)
