"""The pages that readers see, one file for each kind."""
