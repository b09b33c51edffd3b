"""From a query to a plan: constraints, criteria, angles. Rules only; knows nothing of sources or stores."""
