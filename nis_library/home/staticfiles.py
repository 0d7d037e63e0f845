"""Which static files are collected, and how they are named."""

from django.contrib.staticfiles.apps import StaticFilesConfig
from whitenoise.storage import CompressedManifestStaticFilesStorage


class PortalStaticFiles(StaticFilesConfig):
    """Of Bootstrap's files only the one that the pages load is collected, and no source maps."""

    ignore_patterns = [
        *StaticFilesConfig.ignore_patterns,
        "*.map",
        "*.rtl.*",
        "bootstrap.css",
        "bootstrap.min.css",
        "bootstrap-grid*",
        "bootstrap-reboot.css",
        "bootstrap-utilities*",
        "bootstrap.*js",
    ]


class PortalStaticStorage(CompressedManifestStaticFilesStorage):
    """Names by content, packed with brotli and gzip. Comments that name a source map are left as they are."""

    patterns = (("*.css", CompressedManifestStaticFilesStorage.patterns[0][1][:2]),)
