# Which images this revision builds, where they go below icos, and how they are wrapped.

IMAGES='guestos'
GUESTOS_OUT=.
WRAPPINGS='gz'
# What an archive's names begin with.
MEMBER_PREFIX='./'
WITH_MEASUREMENTS=false
# The build script prints them, and writes them nowhere.
WITH_SUMS=false
