"""A volume read once, and the findings that are made again in its text at each publishing."""
