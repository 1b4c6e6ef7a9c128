"""Charts: small drawings in SVG, each with a title and a description, styled by the classes of page.css."""
