export * from './database.js';
export { driver } from './driver.js';
export * from './fault.js';
export { scrub } from './scrub.js';
export * from './text.js';
