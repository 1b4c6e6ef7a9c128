from tests.paired import _paired_template, other, paired

__all__ = ["_paired_template", "other", "paired"]
