#!/usr/bin/env node
import { setFlagsFromString } from 'node:v8';

// Buffers of what is downloaded and read lie outside the heap, and go when their handles are swept
// from its young part. That part grows as a program runs; then it is swept so rarely that the
// buffers bring on full collections instead, which cost more than the reading. It never shrinks
// again, so this comes before the program's modules.
setFlagsFromString('--semi-space-growth-factor=1');
await import('./start.js');
