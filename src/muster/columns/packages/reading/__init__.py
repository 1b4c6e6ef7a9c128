"""Reading: which packages a piece of code, a command or a manifest names; nothing is run and nothing is looked up."""
