"""The flow and what a user can do with it. Only this part touches the store."""
