"""Policy files on this machine: read before anybody adopts them."""
