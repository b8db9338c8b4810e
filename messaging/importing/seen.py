"""Which numbers a file has had already: a table of fixed size, whatever the file does."""

from array import array


class Seen:
    """A set of phone numbers in eight bytes each, two places for every row there can be."""

    def __init__(self, most: int):
        self.mask = (1 << max(10, (2 * most).bit_length())) - 1
        self.places = array("Q", bytes(8 * (self.mask + 1)))

    def add(self, number: str) -> bool:
        """True when it is new."""
        value = int(number.lstrip("+"))
        place = (value * 0x9E3779B97F4A7C15 >> 20) & self.mask
        while kept := self.places[place]:
            if kept == value:
                return False
            place = (place + 1) & self.mask
        self.places[place] = value
        return True
