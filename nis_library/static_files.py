"""Which of the installed packages' static files are collected: of Bootstrap only the reset and the grid."""

from django.contrib.staticfiles.apps import StaticFilesConfig


class PortalStaticFiles(StaticFilesConfig):
    ignore_patterns = [
        *StaticFilesConfig.ignore_patterns,
        "bootstrap.*",
        "bootstrap-utilities*",
        "bootstrap-*.rtl.*",
        "bootstrap-reboot.css*",
        "bootstrap-grid.css*",
        "js/bootstrap*",
        "version.txt",
        "LICENSE",
    ]
