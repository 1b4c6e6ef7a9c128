"""The stages that a model version walks through, as actions that people ask for.

``intake data train assess govern release serve monitor respond retire``: stages never import each other, they meet in
the ledger. ``desk`` is how an action is asked for, allowed and recorded; ``catalogue`` lists them all for the doors.
"""
