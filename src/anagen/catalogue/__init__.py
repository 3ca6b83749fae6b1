"""What differs by place and product: regulators, prices, products, medicines, harms, care."""

from anagen.catalogue.load import Catalogue, load_catalogue

__all__ = ["Catalogue", "load_catalogue"]
