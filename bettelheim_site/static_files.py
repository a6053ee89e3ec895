"""Static files, named by their digests and compressed."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class ModuleStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # whitenoise has no types
    """Modules, too, import each other by digested names, so that a browser never pairs a new one with an old one."""

    support_js_module_import_aggregation = True
