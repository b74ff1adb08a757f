"""How fast, as ratios inside one run: absolute figures move between machines."""
