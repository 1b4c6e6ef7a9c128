"""Checks of traffic: a version that answered some of the people, or nobody, beside the champion that answered."""
