#!/usr/bin/env node
import { keepYoungSpaceSmall } from './young-space.js';

keepYoungSpaceSmall();
await import('./start.js');
