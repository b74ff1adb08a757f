"""The benches themselves: every module here is loaded, and registers what it measures."""
