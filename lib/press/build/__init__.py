"""How a suite is built: which runs are needed, who does them, in which order, and when."""
