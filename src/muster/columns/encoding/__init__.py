"""How columns of any fitted pipeline become a matrix: steps as data, and what runs them with numpy alone."""
