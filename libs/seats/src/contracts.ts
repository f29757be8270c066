// What other contexts may use of this one.
export { allocation, type AllocationState } from './allocation.js';
export { approvedBeyondQuota } from './quota.js';
