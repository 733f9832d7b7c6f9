#!/bin/sh
set -e
exec /opt/ic/bin/setupos_tool install
