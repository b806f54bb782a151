"""Editorial work: the moves of a story from draft to public and back, who may make them, and what is logged of them."""
