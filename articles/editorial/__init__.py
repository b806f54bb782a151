"""Editorial work: the moves of a story from draft to public and back."""
