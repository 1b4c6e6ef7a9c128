"""Abroad: what a control plane or a gateway tells others, bound: alerts, pushed orders, anchors, witnesses."""
