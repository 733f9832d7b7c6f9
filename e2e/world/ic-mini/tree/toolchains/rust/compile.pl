# Expands the source on stdin into as many KiB of "machine code" as the first argument says.
use strict;
use warnings;

my ($kib) = @ARGV;
binmode STDIN;
binmode STDOUT;
my $source = do { local $/; <STDIN> };

# Two FNV-1a hashes of 32 bits seed a xorshift generator of 64 (both are public algorithms).
my @seed = (0x811c9dc5, 0x01000193);
for my $byte (unpack 'C*', $source) {
    $_ = (($_ ^ $byte) * 16777619) & 0xffffffff for @seed;
}
my $state = ($seed[0] << 32 | $seed[1]) || 1;

my @words;
for (1 .. $kib * 128) {
    $state ^= $state << 13;
    $state ^= $state >> 7;
    $state ^= $state << 17;
    push @words, $state;
}
print "\x7fELF", pack('Q<*', @words);
