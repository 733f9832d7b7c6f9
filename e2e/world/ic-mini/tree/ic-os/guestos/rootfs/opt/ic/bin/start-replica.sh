#!/bin/sh
set -e
exec /opt/ic/bin/replica --config /run/ic-node/config/ic.json5
