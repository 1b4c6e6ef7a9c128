from tests.paired import _paired_template, other, paired
from tests.tried import _careful_template, careful, new

__all__ = ["_careful_template", "_paired_template", "careful", "new", "other", "paired"]
