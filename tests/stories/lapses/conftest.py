from tests.walk import _walked_template, walked

__all__ = ["_walked_template", "walked"]
