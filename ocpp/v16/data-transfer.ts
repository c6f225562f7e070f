export { dataTransfer } from '../data-transfer.ts';
