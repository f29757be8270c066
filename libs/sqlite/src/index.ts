export * from './database.js';
export { driver } from './driver.js';
export * from './fault.js';
export * from './text.js';
