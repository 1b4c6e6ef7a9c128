"""Workers: several processes of one gateway at one port, and the one that keeps them alive."""
