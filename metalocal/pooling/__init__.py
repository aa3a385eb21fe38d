"""The graph's ratios to pooled effects, and pooled effects of the literature to what makes them."""
