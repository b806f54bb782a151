"""Pictures: what may come in, how it is kept, and the sizes in which readers get it."""
