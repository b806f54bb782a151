"""Effects that leave the house: asking somebody else's machine for something, safely, and when to ask again."""
