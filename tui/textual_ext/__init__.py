"""Extensions of Textual. All uses of its private names are in this package."""
