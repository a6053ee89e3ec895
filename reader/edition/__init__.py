"""A volume read once, with what is found again in its text at each publishing."""
