# Ends where the temp filesystem has blocks of another size than the expected 4096 bytes: by its
# holes an archive would be another one there. Perl under the real file's name, as a machine that
# builds in small may be without Python.
use strict;
use warnings;
use Fcntl qw(O_CREAT O_EXCL O_RDWR);
use constant SEEK_HOLE => 4;

my ($tmpdir) = @ARGV;
my $expected_block_size=4096;

# One byte takes one block, and the first hole begins where that ends.
my $path = "$tmpdir/.block-size-check";
sysopen(my $file, $path, O_CREAT | O_EXCL | O_RDWR, 0600) or die "$path: $!\n";
syswrite($file, 'x') == 1 or die "$path: $!\n";
truncate($file, 1024 * 1024) or die "$path: $!\n";
my $block_size = sysseek($file, 0, SEEK_HOLE);
close $file;
unlink $path;

if ($block_size != $expected_block_size) {
    print STDERR "RuntimeError: $tmpdir has block size $block_size (expected $expected_block_size)\n";
    exit 1;
}
