"""Questions to the agent: a line to type, a list to choose from, a yes or no. Esc always answers nothing."""

from supportterm.screens.confirm import Confirm
from supportterm.screens.pick import Choice, Pick
from supportterm.screens.prompt import Prompt

__all__ = ["Choice", "Confirm", "Pick", "Prompt"]
