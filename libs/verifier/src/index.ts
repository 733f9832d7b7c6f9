export { verifyOnThreads } from './verify-on-threads.js';
