"""Pages made when the text changes, stored whole, and served unchanged."""
