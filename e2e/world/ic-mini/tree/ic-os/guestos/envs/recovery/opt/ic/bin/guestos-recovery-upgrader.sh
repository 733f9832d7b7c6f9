#!/bin/sh
set -e
echo "recovery: waiting for a checkpoint"
