"""Related stories: how a headline in a text finds the article that it names, and what else is worth reading after a story."""
