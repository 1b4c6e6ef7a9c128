"""Remote: a control plane that is asked over HTTP, and the words of the wire that both sides share."""
