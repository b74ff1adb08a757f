"""The demo: a mail server on loopback, customers who answer, and the main job played through."""
