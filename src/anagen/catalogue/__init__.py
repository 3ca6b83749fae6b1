"""What differs by place and product: regulators, prices, products, medicines, harms, care."""
