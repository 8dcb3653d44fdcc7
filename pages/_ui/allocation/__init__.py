"""Pieces of the allocation page: the what-if controls, cached figures, panels and tabs."""
