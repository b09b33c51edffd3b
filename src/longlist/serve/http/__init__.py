"""The HTTP door: the hosted service's wire format over `engine/service.py`, `reader.py` and `companies.py`."""
