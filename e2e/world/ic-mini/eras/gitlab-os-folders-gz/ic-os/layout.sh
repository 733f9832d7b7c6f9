# Which images this revision builds, where they go below icos, and how they are wrapped.

IMAGES='guestos hostos setupos'
GUESTOS_OUT=guestos
HOSTOS_OUT=hostos
SETUPOS_OUT=setupos
# The first one is the one that is released.
WRAPPINGS='gz zst'
# What an archive's names begin with.
MEMBER_PREFIX='./'
WITH_MEASUREMENTS=false
# The build script writes them.
WITH_SUMS=false
