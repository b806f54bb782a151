"""The newsroom: articles and all that belongs to them, one package a capability."""
