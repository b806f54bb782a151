"""Related stories: how a headline in a text finds the article that it names."""
