"""The one error tree. Messages are Chinese, name the place and the remedy, and never hold document text."""


class ZuofengError(Exception):
    """Anything this package raises on purpose."""


class TaxonomyError(ZuofengError):
    """A taxonomy file that cannot be used as it stands."""


class CorpusError(ZuofengError):
    """Labelled examples that cannot be used as they stand."""


class LexiconError(ZuofengError):
    """A word list that cannot be used as it stands."""


class BundleError(ZuofengError):
    """A model bundle that is missing, damaged or of another make."""


class InputError(ZuofengError):
    """A text, file or row that cannot be read."""


class OutputError(ZuofengError):
    """A result that cannot be written where it was asked for."""
