from tests.entered import entered

__all__ = ["entered"]
