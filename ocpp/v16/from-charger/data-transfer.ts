export { dataTransfer } from '../../shared/data-transfer.ts';
