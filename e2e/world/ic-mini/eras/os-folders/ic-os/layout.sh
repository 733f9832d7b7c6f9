# Which images this revision builds, where they go below icos, and how they are wrapped.

IMAGES='guestos hostos setupos'
GUESTOS_OUT=guestos
HOSTOS_OUT=hostos
SETUPOS_OUT=setupos
WRAPPINGS='zst'
# What an archive's names begin with.
MEMBER_PREFIX=''
WITH_MEASUREMENTS=false
# The build script writes them.
WITH_SUMS=false
