"""Pages rendered once and served from memory: an embedded shared HTTP cache (RFC 9111) in front of a WSGI application.

It knows nothing of articles: what an answer's header fields say is all that it goes by.
"""
