"""What readers prefer."""
