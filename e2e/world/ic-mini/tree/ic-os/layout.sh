# Which images this revision builds, where they go below icos, and how they are wrapped.

IMAGES='guestos recovery hostos setupos'
GUESTOS_OUT=guestos/update
RECOVERY_OUT=guestos/update-img-recovery
HOSTOS_OUT=hostos/update
SETUPOS_OUT=setupos
# The first one is the one that is released.
WRAPPINGS='zst'
# What an archive's names begin with.
MEMBER_PREFIX=''
WITH_MEASUREMENTS=true
WITH_SUMS=true
