"""Plans, forecasts and studies exosome therapy for hair, honestly."""

__version__ = "0.1.0"
